import { type Identities, whoAsks } from '../core/identity';
import { standingPauses, tell } from '../core/pause';
import { problemsOf, requireSound, type Statement } from '../core/statement';
import { type PauseState, rolloutOf } from '../pause/pause';
import { goOn, type ResumePorts } from './go-on';

export interface DecidingPorts extends ResumePorts {
  readonly identities: Identities;
}

/**
 * Resumes the rollout that has the lease, from every pause that stands now; one that comes meanwhile stays, and is told. Where
 * nothing is paused, nothing is recorded, and a shift that still waits goes on: the call before may have ended in between.
 * @throws InvalidDecision when nothing is said why, or when no rollout has the lease; IdentityNotProved; IdentityUnavailable
 */
export async function resume(ports: DecidingPorts, said: Statement): Promise<PauseState> {
  requireSound(problemsOf(said));
  const { reason, by } = said;
  const { ledger } = ports;
  const lease = await rolloutOf(ledger);
  const { run, generation } = lease;
  const who = await whoAsks(ports.identities, said, 'resume');
  const last = standingPauses(await ledger.events(), lease).at(-1);
  if (last) await ledger.append(run, 'resumed', { generation, reason, ...(by ? { by } : {}), until: last.seq }, who);
  return { run, pauses: (await goOn(ports, lease)).map(tell) };
}
