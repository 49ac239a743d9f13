import type { Clock } from '../core/control';
import type { Canary, Ledger } from '../core/ledger';
import type { Side } from '../core/position';
import { type CanaryPorts, followerOf, removeCanary } from './canaries';

/** Longer than remembering a canary and writing it may take together, in milliseconds: until then it may still land. */
const LANDED = 60_000;

/** What looking after canaries needs from outside. */
export type SweepPorts = CanaryPorts & { readonly ledger: Ledger; readonly clock: Clock };

/** Remembers canaries before they are written: whoever ends in the middle leaves them behind. */
export async function remember({ ledger, clock }: SweepPorts, numbers: readonly number[]): Promise<Canary[]> {
  const canaries = numbers.map((n) => ({ n, at: clock.now() }));
  await ledger.addCanaries(canaries);
  return canaries;
}

/**
 * Deletes what was left behind: on the side in authority first, so that the copy on the other side cannot come back. What is
 * young may still land, or be somebody's who is at work, and what somebody else changes just now resists: both are left to the
 * next sweep. Answers how many that are.
 */
export async function sweep(ports: SweepPorts, from: Side): Promise<number> {
  const known = await ports.ledger.canaries();
  const gone: Canary[] = [];
  for (const canary of known) {
    const isOld = ports.clock.now() - canary.at >= LANDED;
    if (isOld && (await removeEverywhere(ports, from, canary.n))) gone.push(canary);
  }
  await ports.ledger.removeCanaries(gone);
  return known.length - gone.length;
}

/** Deletes a canary on both sides, the side in authority first; false when it must be tried again. */
export async function removeEverywhere(ports: CanaryPorts, from: Side, n: number): Promise<boolean> {
  return (await removeCanary(ports, from, n)) && removeCanary(ports, followerOf(from), n);
}
