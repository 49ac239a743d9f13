import { RolloutError } from '../core/errors';
import { type Identities, whoAsksAtOnce } from '../core/identity';
import type { Event, Lease, Ledger } from '../core/ledger';
import { standingPauses, tell } from '../core/pause';
import { problemsOf, requireSound, type Statement } from '../core/statement';

export interface PausePorts {
  readonly ledger: Ledger;
  readonly identities: Identities;
}

/** How a run stands after somebody paused or resumed it. */
export interface PauseState {
  readonly run: string;
  /** The pauses that stand, oldest first, one sentence each. While there is one, no key of the user moves further forward. */
  readonly pauses: readonly string[];
}

/**
 * Pauses the rollout that has the lease. The same again changes nothing while it stands.
 * @throws InvalidDecision when nothing is said why, or when no rollout has the lease; IdentityNotProved
 */
export async function pause({ ledger, identities }: PausePorts, said: Statement): Promise<PauseState> {
  requireSound(problemsOf(said));
  const { reason, by } = said;
  const lease = await rolloutOf(ledger);
  const { run, generation } = lease;
  const { who, ...asked } = await whoAsksAtOnce(identities, said, 'pause');
  const isSame = (event: Event) =>
    event.data.alarm === undefined && event.data.reason === reason && event.data.by === by && event.who === who;
  const pauses = standingPauses(await ledger.events(), lease);
  if (!pauses.some(isSame)) await ledger.append(run, 'paused', { generation, reason, ...(by ? { by } : {}), ...asked }, who);
  return { run, pauses: standingPauses(await ledger.events(), lease).map(tell) };
}

/** The lease, if a rollout has it; `what` says what it is looked for. @throws InvalidDecision */
export async function rolloutOf(ledger: Ledger, what = 'to pause or to resume'): Promise<Lease> {
  const lease = await ledger.lease();
  if (lease?.kind === 'rollout') return lease;
  const instead = lease ? `run ${lease.run} is being rolled back` : 'nobody has the lease';
  throw new RolloutError(
    'InvalidDecision',
    `There is no rollout ${what}: ${instead}. Nothing was changed. A rollback goes its way by itself.`,
    { lease },
  );
}
