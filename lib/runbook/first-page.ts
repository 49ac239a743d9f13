import { parameterOf } from '../../lambda/core/operator-configuration';
import type { Manifest } from '../operations/manifest';
import { placeOf } from './change-words';
import { command } from './command';
import { type Block, heading, instructions, list, paragraph, prose, type Text, table } from './document';
import { gateWords } from './gate-words';

/** What to do right now, and whom to call. */
export function firstPage(manifest: Manifest): Block[] {
  const place = placeOf(manifest);
  const reason = '<why>';
  return [
    heading(2, 'Right now'),
    instructions(
      place,
      [
        [{ strong: '1. Look.' }, ' Where every key stands, what runs, gates, alarms, and the last events.'],
        command('status', {}),
      ],
      [
        [
          { strong: '2. Not sure? Stop it from going further.' },
          ' Nothing goes back, nothing breaks; what moved stays where it is.',
        ],
        command('pause', { reason }),
      ],
      [
        [
          { strong: '3. Something is wrong? Go back.' },
          ' Softly, one position at a time. No reader or writer notices, no acknowledged write is lost. Safe at any moment.',
        ],
        command('rollback', { mode: 'soft', reason }),
      ],
      ...(manifest.kind === 'rehydrate' ? HARD_WAYS : []),
    ),
    paragraph(
      'Every way back works when the rollout is dead, and none becomes a harder one by itself. An alarm or a gate starts it without anybody. Replace what stands between `<` and `>`; a command asks before it changes something.',
    ),
    heading(2, 'Whom to call'),
    people(manifest),
    ...unowned(manifest),
    ...hypotheses(manifest),
    heading(2, 'What you need'),
    list([
      manifest.region
        ? [`Credentials for the account of stack `, { code: manifest.stack }, ' in ', { code: manifest.region }, '.']
        : [
            'Credentials and a region for the account of stack ',
            { code: manifest.stack },
            ': this runbook does not know which; set ',
            { code: 'AWS_REGION' },
            ' or add ',
            { code: '--region' },
            '.',
          ],
      'Node.js 20 or later, and this package: `npx cdk-dynamodb-rollout --help`.',
      'Exit codes: 0 done; 1 failed unexpectedly; 2 wrong usage; 3 refused, and nothing was changed; 4 AWS cannot be reached; 5 an honest no, such as tables that differ.',
      [
        ...prose('Without the command line: the ARNs of the workflows are in the Systems Manager parameter '),
        { code: parameterOf(manifest.migration) },
        ...prose(' under `workflows`. Start `rollback` in the Step Functions console with `{"mode": "soft", "reason": "..."}`.'),
      ],
    ]),
  ];
}

/** Between tables there are two more ways back. */
const HARD_WAYS = [
  [
    [
      { strong: '4. Data on the target is wrong? Go back behind a fence.' },
      ' Writes to keys that live on the target are refused until it has drained, so that nothing more is built on what is wrong.',
    ],
    command('rollback', { mode: 'hard', reason: '<why>' }),
  ],
  [
    [
      { strong: '5. The target is down? Straight to legacy.' },
      ' Reads may be behind until every client has heard; late writes are merged, or kept in the ledger.',
    ],
    command('rollback', { mode: 'immediate', reason: '<why>' }),
  ],
] as const satisfies readonly (readonly [Text, unknown])[];

function people({ owner, stages }: Manifest): Block {
  const rows = stages.map(({ name, owner: own, checks }): Text[] => {
    const approvers = gateWords(checks).some(({ kind }) => kind === 'approval') ? (checks.approval?.approvers ?? []) : [];
    return [[name], [own ?? owner ?? 'nobody is named'], [approvers.join(', ') || 'nobody has to approve']];
  });
  return table(['Stage', 'Owner', 'Approves'], rows);
}

function unowned({ owner, stages }: Manifest): Block[] {
  if (owner !== undefined || stages.every((stage) => stage.owner !== undefined)) return [];
  return [
    paragraph(
      'Nobody is named for all of it: give the change an `owner`, and deploy. Until then, whoever last deployed the stack.',
    ),
  ];
}

function hypotheses({ risks }: Manifest): Block[] {
  if (risks.length === 0) return [];
  return [
    table(
      ['It is expected that', 'Answers for it'],
      risks.map(({ statement, owner }) => [[statement], [owner]]),
    ),
  ];
}
