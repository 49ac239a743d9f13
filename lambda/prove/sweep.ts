import type { Clock } from '../core/control';
import type { Ledger } from '../core/ledger';
import type { Side } from '../core/position';
import type { Lane } from '../core/traffic';
import { type CanaryPorts, followerOf, removeCanary } from './canaries';

export const LANES: readonly Lane[] = ['scout', 'lead'];

/** A canary that was written, or that may still be. */
interface Remembered {
  readonly n: number;
  /** Milliseconds since 1970 at which its write was begun. */
  readonly at: number;
}

/** Longer than remembering a canary and writing it may take together, in milliseconds: until then it may still land. */
const LANDED = 60_000;

/** What looking after canaries needs from outside. */
export type SweepPorts = CanaryPorts & { readonly ledger: Ledger; readonly clock: Clock };

/**
 * Remembers canaries before they are written: a proof that ends in the middle leaves them behind. Looks again whether
 * the note has them, as another proof may have saved it at the same time.
 */
export async function remember({ ledger, clock }: SweepPorts, lane: Lane, numbers: readonly number[]): Promise<void> {
  for (;;) {
    const known = await remembered(ledger, lane);
    const missing = numbers.filter((n) => !known.some((canary) => canary.n === n));
    if (missing.length === 0) return;
    const canaries = [...known, ...missing.map((n) => ({ n, at: clock.now() }))];
    await ledger.saveNote(noteName(lane), { canaries });
  }
}

/** Forgets canaries that are gone. Those of another proof stay. */
export async function forget(ledger: Ledger, lane: Lane, numbers: readonly number[]): Promise<void> {
  const canaries = (await remembered(ledger, lane)).filter(({ n }) => !numbers.includes(n));
  await ledger.saveNote(noteName(lane), { canaries });
}

/**
 * Deletes what proofs left behind: on the side in authority first, so that the copy on the other side cannot come back.
 * What somebody else is at just now, and what may still land, is left to the next sweep. Answers how many that are.
 */
export async function sweep(ports: SweepPorts, from: Side): Promise<number> {
  let left = 0;
  for (const lane of LANES) {
    const known = await remembered(ports.ledger, lane);
    const gone: number[] = [];
    for (const { n, at } of known) {
      if ((await removeEverywhere(ports, from, n)) && ports.clock.now() - at > LANDED) gone.push(n);
    }
    if (gone.length > 0) await forget(ports.ledger, lane, gone);
    left += known.length - gone.length;
  }
  return left;
}

/** Deletes a canary on both sides, the side in authority first; false when it must be tried again. */
export async function removeEverywhere(ports: CanaryPorts, from: Side, n: number): Promise<boolean> {
  return (await removeCanary(ports, from, n)) && removeCanary(ports, followerOf(from), n);
}

async function remembered(ledger: Ledger, lane: Lane): Promise<Remembered[]> {
  return ((await ledger.note(noteName(lane)))?.canaries as Remembered[] | undefined) ?? [];
}

function noteName(lane: Lane): string {
  return `canaries#${lane}`;
}
