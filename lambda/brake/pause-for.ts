import type { Ledger } from '../core/ledger';
import { hasPaused } from '../core/pause';
import type { PauseDemand } from './demand';

/** Pauses the rollout once for each time that the alarm goes off, however often that is heard. Says why it did nothing. */
export async function pauseFor(ledger: Ledger, demand: PauseDemand): Promise<string | undefined> {
  const { alarm, reason } = demand;
  const lease = await ledger.lease();
  if (lease?.kind !== 'rollout') return `${reason}: no rollout has the lease.`;
  const { run, generation } = lease;
  if (hasPaused(await ledger.events(), lease, demand)) return `${reason}: it has paused run ${run} already.`;
  await ledger.append(run, 'paused', { generation, reason, alarm });
  return undefined;
}
