import type { Ledger } from '../../lambda/core/ledger';

/** The brake looks all the time. */
export function brakeSeen(ledger: Ledger): Promise<void> {
  return ledger.saveNote('brake', { at: Number.MAX_SAFE_INTEGER });
}
