import type { Kind } from '../../lambda/core/position';
import type { GateKind } from '../gates/gate-kinds';
import type { FailureMode } from './failure-mode';
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

/** True where it can happen to a change of that kind with those gates. */
export function applies({ kinds, onlyWith }: FailureMode, kind: Kind, gates: readonly GateKind[]): boolean {
  return kinds.includes(kind) && (onlyWith === undefined || onlyWith.some((gate) => gates.includes(gate)));
}
