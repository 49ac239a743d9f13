import type { Ledger } from '../core/ledger';
import { phasesOf } from '../core/slice';

export interface SliceSums {
  readonly checked: number;
  readonly repaired: number;
  readonly diverged: number;
  /** Groups that change faster than they can be looked at, and were not seen to follow each other. */
  readonly lagging: number;
  /** Slices that are not done. */
  readonly failed: number;
}

/** What a phase found, over both sides, from the checkpoints of its slices. */
export async function sumSlices(ledger: Ledger, { run, phase }: { run: string; phase: string }): Promise<SliceSums> {
  const checkpoints = (await Promise.all(phasesOf(phase).map((name) => ledger.checkpoints(run, name)))).flat();
  const total = (name: string) => checkpoints.reduce((sum, { counts }) => sum + (counts[name] ?? 0), 0);
  return {
    checked: total('checked'),
    repaired: total('repaired'),
    diverged: total('diverged'),
    lagging: total('lagging'),
    failed: checkpoints.filter(({ done }) => !done).length,
  };
}
