import type { Manifest, ManifestTable } from '../operations/manifest';
import { placeOf } from './change-words';
import { type Command, command } from './command';
import { type Block, heading, instructions, page, paragraph } from './document';

/** What looks into a change, what restores, and how it ends. */
export function closing(manifest: Manifest): Block[] {
  return [...tools(manifest), ...restoring(manifest), ...ending(manifest)];
}

function tools(manifest: Manifest): Block[] {
  const { kind, tables } = manifest;
  const mine: [string, Command][] = [
    ['Watch, with progress, until Ctrl-C.', command('status', { watch: true })],
    [
      'The journey of one item: where it routes, what each side holds, its stamps, what the ledger says of it.',
      command('trace', { key: keyOf(tables.target) }),
    ],
    ...(kind === 'rehydrate'
      ? ([
          ['Compare both tables in full, and list what differs.', command('reconcile', {})],
          [
            'Settle what waits in the queues of poison and of batches given up, once its cause is mended.',
            command('redrive', {}),
          ],
        ] as [string, Command][])
      : []),
    ['Show that nobody changed, removed or reordered an entry of the ledger.', command('verify-ledger', {})],
    ['What happened, as a page for the review.', command('report', {})],
    ['What the next deployment and run will do, without touching anything.', command('plan', {})],
    ['Practise every way back, on local AWS, with a sample of your data.', command('drill', { sample: '<items>' })],
    ['All changes of this account and region.', command('list', {})],
  ];
  return [page('Tools'), instructions(placeOf(manifest), ...mine)];
}

/** Key attributes as JSON, with blanks for the values. */
function keyOf({ keys }: ManifestTable): string {
  return JSON.stringify(Object.fromEntries(keys.map((key) => [key, `<${key}>`])));
}

function restoring(manifest: Manifest): Block[] {
  if (manifest.kind === 'reindex') {
    return [
      page('Restore'),
      paragraph('A reindex writes no item, so there is nothing to restore. Going back moves every query to the old index.'),
    ];
  }
  return [
    page('Restore'),
    paragraph(
      'Only when both sides are wrong: a way back keeps what was written, right or wrong. Preflight took a backup of the legacy table before anything was written, and point-in-time recovery has every second of the last 35 days. DynamoDB restores into a new table and leaves the old one as it is.',
    ),
    instructions(
      placeOf(manifest),
      ['Nothing must move meanwhile.', command('pause', { reason: '<data is wrong on both sides>' })],
      ['The table as it stood before the newest run, under another name.', command('restore', { as: '<new-table>' })],
      ['Before another run: `report` has their names.', command('restore', { as: '<new-table>', run: '<run>' })],
    ),
    paragraph(
      'A restored table has no stream, time-to-live, point-in-time recovery, auto scaling, alarms, policies or tags of the old one: set again what the application needs. Compare, carry over what was right, and point the application to it only when nobody writes to the old one.',
    ),
  ];
}

function ending(manifest: Manifest): Block[] {
  return [
    page('The end'),
    paragraph(
      'After the last stage every key is in `target`, and the way back stays open until the change is completed. Complete it when nobody wants to go back any more: it cannot be undone.',
    ),
    instructions(
      placeOf(manifest),
      ...(manifest.kind === 'rehydrate' ? ([['Nothing must differ.', command('reconcile', {})]] as [string, Command][]) : []),
      [
        'End the change for good. It refuses while anything differs or runs.',
        command('complete', { reason: '<the window is over>' }),
      ],
      ['Keep the report of what happened.', command('report', {})],
    ),
    heading(3, 'After a rollback'),
    paragraph(
      'For two hours the change looks every minute whether all is well again, and the ledger says `health-restored` or `health-not-restored`. Mend the cause before you start again; the backfill begins anew and copies only what is absent.',
    ),
    instructions(placeOf(manifest), ['Start again.', command('start', { reason: '<what was mended>' })]),
  ];
}
