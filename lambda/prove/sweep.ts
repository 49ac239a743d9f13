import type { Ledger } from '../core/ledger';
import type { Side } from '../core/position';
import type { Lane } from '../core/traffic';
import { type CanaryPorts, followerOf, removeCanary } from './canaries';

const LANES: readonly Lane[] = ['scout', 'lead'];

/**
 * Remembers canaries before they are written: a proof that ends in the middle leaves them behind. Looks again whether
 * the note has them, as another proof may have saved it at the same time.
 */
export async function remember(ledger: Ledger, lane: Lane, numbers: readonly number[]): Promise<void> {
  for (
    let known = await remembered(ledger, lane);
    !numbers.every((n) => known.includes(n));
    known = await remembered(ledger, lane)
  ) {
    await ledger.saveNote(noteName(lane), { numbers: [...new Set([...known, ...numbers])] });
  }
}

/** Forgets canaries that are gone. Those of another proof stay. */
export async function forget(ledger: Ledger, lane: Lane, numbers: readonly number[]): Promise<void> {
  const left = (await remembered(ledger, lane)).filter((n) => !numbers.includes(n));
  await ledger.saveNote(noteName(lane), { numbers: left });
}

/**
 * Deletes what proofs left behind: on the side in authority first, so that the copy on the other side cannot come back.
 * What somebody else is at just now is left to the next sweep.
 */
export async function sweep(ports: CanaryPorts & { readonly ledger: Ledger }, from: Side): Promise<void> {
  for (const lane of LANES) {
    const gone: number[] = [];
    for (const n of await remembered(ports.ledger, lane)) if (await removeEverywhere(ports, from, n)) gone.push(n);
    if (gone.length > 0) await forget(ports.ledger, lane, gone);
  }
}

/** Deletes a canary on both sides, the side in authority first; false when it must be tried again. */
export async function removeEverywhere(ports: CanaryPorts, from: Side, n: number): Promise<boolean> {
  return (await removeCanary(ports, from, n)) && removeCanary(ports, followerOf(from), n);
}

async function remembered(ledger: Ledger, lane: Lane): Promise<number[]> {
  return ((await ledger.note(noteName(lane)))?.numbers as number[] | undefined) ?? [];
}

function noteName(lane: Lane): string {
  return `canaries#${lane}`;
}
