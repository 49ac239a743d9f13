import type { MapRuns } from '../core/control';
import { type Identities, whoAsks } from '../core/identity';
import type { Ledger } from '../core/ledger';
import { problemsOfSpeed, SPEED_NOTE, type Speed, speedSet } from '../core/speed';
import { problemsOf, requireSound, type Statement } from '../core/statement';
import { rolloutOf } from '../pause/pause';

export interface SetPorts {
  readonly ledger: Ledger;
  readonly mapRuns: MapRuns;
  readonly identities: Identities;
  /** As the stack was deployed. */
  readonly speed: Speed;
}

/** What somebody sets, and why. What is left out stays. */
export interface SetEvent extends Statement, Partial<Speed> {}

/** The speed that holds from now on. */
export interface SpeedState extends Speed {
  readonly run: string;
  /** Distributed Maps at work whose concurrency was changed. */
  readonly mapRuns: number;
}

/** Digits of a place in the chain: notes are compared as text. */
const DIGITS = 12;

/**
 * Sets the speed of the rollout that has the lease: workers hear of it within seconds, maps that begin later are begun with it. What
 * stands in the ledger last is what holds, whoever says it first: asked again it goes on where it was.
 * @throws InvalidDecision when nothing is said why, when the speed is out of bounds, or when no rollout has the lease; IdentityNotProved;
 * IdentityUnavailable
 */
export async function set({ ledger, mapRuns, identities, speed: deployed }: SetPorts, event: SetEvent): Promise<SpeedState> {
  const { reason, by, proof, maxWriteUnits, maxConcurrency } = event;
  const isNothing = maxWriteUnits === undefined && maxConcurrency === undefined;
  requireSound([
    ...problemsOf({ reason, by, proof }),
    ...(isNothing ? ['maxWriteUnits, maxConcurrency or both must be given'] : []),
  ]);
  const lease = await rolloutOf(ledger, 'whose speed could be set');
  const { run, generation } = lease;
  const who = await whoAsks(identities, event, 'set');
  const { speed: before } = speedSet(await ledger.events(), lease, deployed);
  const wanted = {
    maxWriteUnits: maxWriteUnits ?? before.maxWriteUnits,
    maxConcurrency: maxConcurrency ?? before.maxConcurrency,
  };
  requireSound(problemsOfSpeed(wanted));
  if (!isSame(wanted, before)) {
    await ledger.append(run, 'settings-changed', { generation, reason, ...(by ? { by } : {}), ...wanted, before }, who);
  }
  const { speed, seq } = speedSet(await ledger.events(), lease, deployed);
  await ledger.saveLatest(SPEED_NOTE, `${seq}`.padStart(DIGITS, '0'), { run, generation, ...speed });
  return { run, ...speed, mapRuns: await mapRuns.limit(lease.holder, speed.maxConcurrency) };
}

function isSame(a: Speed, b: Speed): boolean {
  return a.maxWriteUnits === b.maxWriteUnits && a.maxConcurrency === b.maxConcurrency;
}
