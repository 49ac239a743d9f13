import type { Manifest } from '../operations/manifest';
import { type Block, list, page, paragraph, prose, type Text, table } from './document';
import { each } from './quantities';
import { triggerWords } from './trigger-words';

/** What takes traffic back, or pauses, by itself: with its numbers. */
export function thresholds(manifest: Manifest): Block[] {
  const rows = manifest.triggers
    .map((trigger) => triggerWords(trigger, manifest.kind))
    .map(({ id, goesOff, does, description }): Text[] => [
      [{ code: id }],
      [goesOff],
      [does],
      [description ?? 'an alarm made elsewhere: see its own description'],
    ]);
  return [
    page('Thresholds'),
    rows.length > 0
      ? table(['Trigger', 'Goes off when', 'Then it', 'Its alarm says'], rows)
      : paragraph('The plan has no triggers: only what is observed while a stage bakes takes traffic back.'),
    paragraph(
      'A trigger that takes back also has AppConfig revert a release that still spreads. Alarms are heard at once, and looked for every minute.',
    ),
    paragraph(`Whatever the plan has, each stage is observed every ${each(manifest.tick)} while it bakes, and fails when`),
    list(observed(manifest)),
    paragraph('Five observations in a row that cannot be made end the stage, too. A stage that fails takes traffic back softly.'),
  ];
}

function observed({ kind }: Manifest): Text[] {
  const between = [
    'items of a sample differ though nothing is under way, or the divergence counter has grown;',
    'a change went to the poison queue, or a batch was given up;',
    'something wrote to legacy without the client while the new model is written, too;',
  ];
  return [...(kind === 'rehydrate' ? between : []), 'an alarm of a trigger is in ALARM;', 'a gate of the stage fails.'].map(
    prose,
  );
}
