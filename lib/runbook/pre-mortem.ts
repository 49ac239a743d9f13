import type { GateKind } from '../gates/gate-kinds';
import type { Manifest } from '../operations/manifest';
import type { TriggerKind } from '../safety/trigger-kinds';
import { type Block, type Document, heading, list, paragraph, prose, type Text, table } from './document';
import type { FailureMode } from './failure-mode';
import { applies, CHAPTERS } from './failure-modes';
import { gateWords } from './gate-words';
import { joined } from './quantities';

/** What is left to fill in. */
const BLANK = '';

/** What a plan has to notice failures with. */
interface Watchers {
  readonly triggers: readonly { readonly kind: TriggerKind; readonly id: string }[];
  readonly gates: readonly { readonly kind: GateKind; readonly id: string; readonly stage: string }[];
}

/** The pre-mortem of a change: what can go wrong with it, what it has against that, and blanks for what only its people know. */
export function preMortem(manifest: Manifest): Document {
  const watchers = watchersOf(manifest);
  const chapters = CHAPTERS.map(({ title, modes }) => ({
    title,
    modes: modes.filter((mode) => applies(mode, manifest)),
  }));
  const all = chapters.flatMap(({ modes }) => modes);
  return {
    title: `Pre-mortem: ${manifest.migration}`,
    about: prose(
      'It is the day after, and the change has failed. What happened? Fill in the blanks before the first stage: likelihood and impact from 1 to 5, who answers for it, and what is still to be done. Made of the failure modes that this plan can meet.',
    ),
    blocks: [
      ...chapters.flatMap(({ title, modes }) => chapter(title, modes.filter(needsPeople), watchers)),
      ...unwatched(all, watchers),
      heading(2, 'What we expect'),
      ...expectations(manifest),
      heading(2, 'What else could go wrong here'),
      table(
        ['What', 'How we would notice', 'Likelihood', 'Impact', 'Owner', 'To do before we start'],
        Array.from({ length: 5 }, () => Array(6).fill(BLANK)),
      ),
      heading(2, 'Needs nobody'),
      paragraph('Known, tested, and handled without a person; here so that nobody has to ask:'),
      list(all.filter((mode) => !needsPeople(mode)).map(({ title, response }) => `${title}. ${response}`)),
      heading(2, 'Decision'),
      table(
        ['Who', 'Go or no go', 'On condition that', 'Date'],
        [
          [BLANK, BLANK, BLANK, BLANK],
          [BLANK, BLANK, BLANK, BLANK],
        ],
      ),
    ],
  };
}

function watchersOf({ triggers, stages }: Manifest): Watchers {
  const gates = stages.flatMap(({ name, checks }) => gateWords(checks).map(({ kind, id }) => ({ kind, id, stage: name })));
  return { triggers, gates };
}

function needsPeople({ remedy }: FailureMode): boolean {
  return remedy.length > 0;
}

function chapter(title: string, modes: readonly FailureMode[], watchers: Watchers): Block[] {
  if (modes.length === 0) return [];
  const rows = modes.map((mode): Text[] => [
    [{ strong: mode.title }, '. ', ...prose(mode.cause)],
    [...prose(mode.detection.by), ...has(mode, watchers)],
    ...[BLANK, BLANK, BLANK, BLANK].map((blank) => [blank]),
  ]);
  return [
    heading(2, title),
    table(['What fails, and why', 'What the plan has against it', 'Likelihood', 'Impact', 'Owner', 'To do'], rows),
  ];
}

/** The triggers and gates of the plan that notice it. */
function has({ detection }: FailureMode, { triggers, gates }: Watchers): Text {
  const ours = [
    ...triggers.filter(({ kind }) => detection.triggers?.includes(kind)).map(({ id }) => `trigger ${id}`),
    ...gates.filter(({ kind }) => detection.gates?.includes(kind)).map(({ id, stage }) => `gate ${id} of ${stage}`),
  ];
  return ours.length > 0 ? [` Here: ${joined([...new Set(ours)])}.`] : [];
}

/** Failure modes that something could notice, and nothing in this plan does. */
function unwatched(modes: readonly FailureMode[], watchers: Watchers): Block[] {
  const missing = modes.filter((mode) => canBeWatched(mode) && has(mode, watchers).length === 0);
  if (missing.length === 0) return [];
  const items = missing.map(({ title, detection }) => {
    const could = [
      ...(detection.triggers ?? []).map((kind) => `\`Trigger.${kind}()\``),
      ...(detection.gates ?? []).map((kind) => `\`Gate.${kind}()\``),
    ];
    return [{ strong: title }, ': could be watched by ', ...prose(joined(could, 'or')), '.'];
  });
  return [heading(2, 'What nothing in this plan watches for'), list(items)];
}

function canBeWatched({ detection }: FailureMode): boolean {
  return (detection.triggers?.length ?? 0) + (detection.gates?.length ?? 0) > 0;
}

function expectations({ risks }: Manifest): Block[] {
  if (risks.length === 0) return [paragraph('The plan has no hypotheses (`risks`). What is it expected not to do?')];
  return [
    table(
      ['It is expected that', 'Owner', 'Likelihood that it breaks', 'Impact'],
      risks.map(({ statement, owner }) => [[statement], [owner], [BLANK], [BLANK]]),
    ),
  ];
}
