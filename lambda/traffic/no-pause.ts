import { RolloutError } from '../core/errors';
import type { Lease, Ledger } from '../core/ledger';
import { standingPauses, tell } from '../core/pause';

/** While a run is paused, no key of the user moves further forward. @throws Paused */
export async function requireNoPause(ledger: Ledger, lease: Lease): Promise<void> {
  const pauses = standingPauses(await ledger.events(), lease);
  if (pauses.length === 0) return;
  throw new RolloutError(
    'Paused',
    `Run ${lease.run} is paused. ${pauses.map(tell).join('. ')}. Look at what it tells of; then invoke the resume function with ` +
      '{ "reason": "..." }, or start the rollback workflow.',
    { run: lease.run, pauses: pauses.map(({ seq }) => seq) },
  );
}
