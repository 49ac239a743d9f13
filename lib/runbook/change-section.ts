import type { Manifest } from '../operations/manifest';
import { isOneTable, POSITIONS, placeOf, tableName } from './change-words';
import { command } from './command';
import { type Block, facts, heading, instructions, list, page, paragraph, prose, type Text, table } from './document';
import { duration, each } from './quantities';
import { STATES_AFTER, STATES_BEFORE, STATES_OF_SHIFT, type StateInWords } from './states';

/** What the change is, and what its workflows do around the stages. */
export function changeSection(manifest: Manifest): Block[] {
  const { kind, plan, tables, stack, path, index, transformSha256, backfill, tick } = manifest;
  const rate = backfill.maxWriteUnits > 0 ? `${backfill.maxWriteUnits} write units a second at most` : 'no limit on write units';
  return [
    page('The change'),
    facts(
      ...(isOneTable(manifest)
        ? ([['Table', [tableName(tables.legacy), ` (${tables.legacy.keys.join(', ')})`]]] as const)
        : ([
            ['Legacy table', [tableName(tables.legacy), ` (${tables.legacy.keys.join(', ')})`]],
            ['Target table', [tableName(tables.target), ` (${tables.target.keys.join(', ')})`]],
          ] as const)),
      ...(index === undefined ? [] : ([['New index', [{ code: index }]]] as const)),
      ['Stack', [{ code: stack }, ', construct ', { code: path }]],
      ['Transform', ['SHA-256 ', { code: transformSha256 }]],
      [
        'A barrier takes',
        `${duration(plan.lease + plan.inFlight)}: nobody may use a routing table for longer than ${duration(plan.lease)}, and a request may land ${duration(plan.inFlight)} later`,
      ],
      ['Observed', `every ${each(tick)}`],
      ...(kind === 'reindex'
        ? []
        : ([['Backfill', `${rate}, ${backfill.maxConcurrency} workers, ${backfill.itemsPerSlice} items a slice`]] as const)),
    ),
    heading(3, 'Positions of a key'),
    table(
      ['Position', 'Reads', 'Writes'],
      POSITIONS[kind].map(([position, reads, writes]): Text[] => [[{ code: position }], [reads], [writes]]),
    ),
    paragraph(
      'A key moves one position at a time. Between two positions everybody has the same routing table, or one of two neighbours, which are compatible.',
    ),
    heading(3, 'Before the first stage'),
    list(STATES_BEFORE[kind].map(inWords), true),
    instructions(placeOf(manifest), [
      'Start the rollout. Deploying the stack moves nothing.',
      command('start', { reason: '<why now>' }),
    ]),
    ...pace(manifest),
    heading(3, 'In each stage'),
    paragraph('The shift of a stage runs a workflow of its own, once for each routing table:'),
    list(STATES_OF_SHIFT.map(inWords), true),
    heading(3, 'After the last stage'),
    list(STATES_AFTER[kind].map(inWords), true),
  ];
}

/** What reads or writes whole tables can be slowed down. */
function pace(manifest: Manifest): Block[] {
  if (manifest.kind === 'reindex') return [];
  const set = command('set', { writeUnits: 200, concurrency: 2, reason: '<why>' });
  return [
    instructions(placeOf(manifest), [
      'Slow the backfill down, or speed it up, while it runs: write units a second, and workers.',
      set,
    ]),
  ];
}

function inWords([state, does]: StateInWords): Text {
  return [{ code: state }, ': ', ...prose(does)];
}
