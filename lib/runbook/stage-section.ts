import { METRICS } from '../../lambda/core/names';
import { parameterOf } from '../../lambda/core/operator-configuration';
import { compile, type Step } from '../../lambda/core/plan';
import { type Position, rankOf } from '../../lambda/core/position';
import type { Manifest, ManifestStage } from '../operations/manifest';
import { cohortWords, placeOf } from './change-words';
import { type Command, command } from './command';
import { type Block, facts, heading, type Inline, instructions, list, paragraph, prose, type Text, table } from './document';
import { type GateInWords, gateWords } from './gate-words';
import { duration, joined, roughly } from './quantities';
import { statesOfStage } from './states';

/** One stage: whose it is, what it does, how long, what to watch, and when to advance, pause and invert. */
export function stageSection(manifest: Manifest, stage: ManifestStage, index: number): Block[] {
  const steps = compile(manifest.plan.stages, manifest.kind).filter((step) => step.stage === index);
  const gates = gateWords(stage.checks);
  return [
    heading(3, `Stage ${index + 1}: ${stage.name}`),
    facts(
      ['Owner', [stage.owner ?? manifest.owner ?? 'nobody is named']],
      ['Whose keys', cohortWords(stage.cohort)],
      ['Positions', transitions(steps)],
      ['Compared reads', `${stage.sample} percent`],
      ['Spreads', spreading(stage)],
      ['Takes', `about ${roughly(shiftSeconds(manifest, stage, steps.length))} to move, then ${duration(stage.bake)} of baking`],
    ),
    heading(4, 'States, in order'),
    list(
      statesOfStage(stage).map(([state, does]): Text => [{ code: state }, ` ${does}`]),
      true,
    ),
    heading(4, 'Watch'),
    list(watch(manifest, stage)),
    heading(4, 'Gates'),
    ...gateTable(gates),
    heading(4, 'Advance'),
    ...advance(manifest, stage, gates),
    heading(4, 'Pause'),
    paragraph(
      'When something looks odd and nothing is broken: a metric that nobody can explain, an incident or a deployment elsewhere.',
    ),
    instructions(
      placeOf(manifest),
      ['Stop at this point.', command('pause', { reason: '<why>' })],
      ['Go on.', command('resume', { reason: '<why it is safe>' })],
    ),
    heading(4, 'Invert'),
    paragraph(invert(manifest, stage.goal)),
    instructions(placeOf(manifest), ['Take traffic back.', command('rollback', { mode: 'soft', reason: '<why>' })]),
  ];
}

function transitions(steps: readonly Step[]): Text {
  return steps.flatMap(({ from, to }, index): Inline[] => [
    ...(index > 0 ? [', then '] : []),
    { code: from },
    ' to ',
    { code: to },
  ]);
}

function spreading({ deployment: { growthType, growth, minutes } }: ManifestStage): string {
  if (minutes === 0) return 'to all clients as soon as they ask';
  const how =
    growthType === 'LINEAR' ? `${growth} percent of the clients more at each step` : `exponentially, by ${growth} percent`;
  return `over ${duration(minutes * 60)}: ${how}`;
}

/** Between tables canaries go each step first, and come back: two more releases, which spread at once. */
function shiftSeconds({ kind, plan: { lease, inFlight } }: Manifest, { deployment }: ManifestStage, steps: number): number {
  const releases = kind === 'rehydrate' ? 3 : 1;
  return steps * (deployment.minutes * 60 + releases * (lease + inFlight));
}

function watch({ kind, migration, triggers }: Manifest, { goal }: ManifestStage): Text[] {
  const metric = (name: string, says: string): Text => [{ code: name }, ` ${says}`];
  const writes = rankOf(goal) >= rankOf('dual-legacy');
  return [
    ...(kind === 'rehydrate'
      ? [
          metric(METRICS.divergence, 'must be 0'),
          metric(METRICS.replicationLag, 'seconds that a change takes to the other table'),
          metric(METRICS.poisonRecords, 'must be 0'),
        ]
      : []),
    ...(kind !== 'reindex' && writes
      ? [metric(METRICS.unadoptedWrites, 'must be 0 from here on: writes without the client')]
      : []),
    ...(kind !== 'amend' ? [metric(METRICS.shadowMismatch, `of ${METRICS.shadowReads}: compared reads that differ`)] : []),
    [
      'Alarms: ',
      ...(triggers.length > 0 ? [joined(triggers.map(({ id }) => id)), ', and '] : []),
      { code: 'rollbackStuck' },
      '.',
    ],
    [
      'All of them are on one CloudWatch dashboard, named under ',
      { code: 'dashboard' },
      ' in the parameter ',
      { code: parameterOf(migration) },
      '.',
    ],
  ];
}

function gateTable(gates: readonly GateInWords[]): Block[] {
  if (gates.length === 0) return [paragraph('None besides what is always observed.')];
  const rows = gates.map(({ id, when, passes, observeOnly }): Text[] => [
    [{ code: id }],
    [when],
    prose(`${passes}${observeOnly ? ' (only observes: ends no stage)' : ''}`),
  ]);
  return [table(['Gate', 'When', 'Passes when'], rows)];
}

function advance(manifest: Manifest, { name, bake, checks }: ManifestStage, gates: readonly GateInWords[]): Block[] {
  const also = gates.length > 0 ? ' and every gate has passed' : '';
  const itself = paragraph(
    `It ends by itself: when it was observed to be well for ${duration(bake)}${also}. Observations that could not be made do not count.`,
  );
  const approvers = checks.approval?.approvers ?? [];
  if (approvers.length === 0) return [itself];
  const decisions = approvers.flatMap((as): (readonly [Text, Command])[] => [
    [[`As ${as}, after a look at the stage before:`], command('approve', { stage: name, as, reason: '<what you looked at>' })],
    [[`As ${as}, to take traffic back instead:`], command('reject', { stage: name, as, reason: '<why not>' })],
  ]);
  return [
    paragraph('It begins when it is approved, and goes on by itself after that.'),
    instructions(placeOf(manifest), ...decisions),
    itself,
  ];
}

function invert({ kind }: Manifest, goal: Position): string {
  if (kind === 'amend')
    return 'A trigger, a gate that fails, or you. The way back is one release, then every item is stored in the old form again.';
  if (kind === 'reindex') return 'A trigger, a gate that fails, or you. The way back is one release.';
  if (goal === 'shadow')
    return 'A trigger, a gate that fails, or you. Nobody reads the target yet: the way back changes nothing for anybody.';
  if (goal === 'target')
    return 'A trigger, a gate that fails, or you. Reverse replication drains before legacy is read again; no write is lost.';
  return 'A trigger, a gate that fails, or you. Both tables are written, so the way back is short.';
}
