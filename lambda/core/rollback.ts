import { type Lease, ROLLBACK_MODES, type RollbackMode } from './ledger';

/** What a trigger asks for: a way back, or that nothing goes further until somebody has looked. */
export type TriggerMode = RollbackMode | 'pause';

/** True for the lease of a rollback that is as hard as the mode, or harder. */
export function isAsHard({ kind, mode: held }: Lease, mode: RollbackMode): boolean {
  return kind === 'rollback' && ROLLBACK_MODES.indexOf(held ?? 'soft') >= ROLLBACK_MODES.indexOf(mode);
}
