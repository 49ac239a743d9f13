import type { Deployed } from '../core/control';
import type { TrafficPorts } from './ports';

type BarrierPorts = Pick<TrafficPorts, 'ledger' | 'plan' | 'clock'>;

/** Milliseconds by which the clocks of AppConfig and Lambda may differ. */
const CLOCKS_DIFFER = 1000;

/**
 * Seconds from the last change of a deployment until nobody acts on an older table: the longest lease that anybody may
 * hold, and what is in flight. A release that shortens the lease must still wait for the old one.
 */
export async function fullBarrier({ ledger, plan }: BarrierPorts, lease = 0): Promise<number> {
  const note = await ledger.note('barrier');
  return Math.max(lease, plan.lease, (note?.lease as number) ?? 0) + plan.inFlight;
}

/** Whole seconds of the barrier that are left, after whatever changed last: a release that arrived or one that was taken back. */
export async function barrierLeft(ports: BarrierPorts, { recent, table }: Deployed): Promise<number> {
  const changedAt = Math.max(...recent.map((deployment) => deployment.changedAt));
  const ends = changedAt + (await fullBarrier(ports, table.lease)) * 1000 + CLOCKS_DIFFER;
  return Math.max(0, Math.ceil((ends - ports.clock.now()) / 1000));
}
