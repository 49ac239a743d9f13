import { rankOf } from '../../lambda/core/position';
import type { Manifest } from '../operations/manifest';
import type { FailureMode } from './failure-mode';
import { gateWords } from './gate-words';
import { APPLICATION } from './modes/application';
import { BEGINNING } from './modes/beginning';
import { ENDING } from './modes/ending';
import { REPLICATION } from './modes/replication';
import { TRAFFIC } from './modes/traffic';

/** Failure modes by when they happen. */
export const CHAPTERS: readonly { readonly title: string; readonly modes: readonly FailureMode[] }[] = [
  { title: 'Before keys move', modes: BEGINNING },
  { title: 'Data on its way', modes: REPLICATION },
  { title: 'Traffic on its way', modes: TRAFFIC },
  { title: 'What users notice', modes: APPLICATION },
  { title: 'The way back, and the end', modes: ENDING },
];

/** Everything that is known to go wrong, and what is done about it. Runbook, pre-mortem and `docs/failure-modes.md` are made of it. */
export const FAILURE_MODES: readonly FailureMode[] = CHAPTERS.flatMap(({ modes }) => modes);

/** True where it can happen to that change. */
export function applies({ kinds, onlyWith, onlyFrom }: FailureMode, { kind, stages }: Manifest): boolean {
  const gates = stages.flatMap(({ checks }) => gateWords(checks).map((gate) => gate.kind));
  const goesSoFar = stages.some(({ goal }) => rankOf(goal) >= rankOf(onlyFrom ?? 'legacy'));
  return kinds.includes(kind) && goesSoFar && (onlyWith === undefined || onlyWith.some((gate) => gates.includes(gate)));
}
