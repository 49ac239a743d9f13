import type { Checkpoint } from '../../lambda/core/ledger';

/** How far whatever goes slice by slice has come. */
export interface SliceProgress {
  readonly slices: number;
  readonly slicesDone: number;
  /** Items looked at or written, by what they came to. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Checkpoints summed up. */
export function progressOf(checkpoints: readonly Checkpoint[], slices: number): SliceProgress {
  const counts: Record<string, number> = {};
  for (const each of checkpoints) {
    for (const [name, count] of Object.entries(each.counts)) counts[name] = (counts[name] ?? 0) + count;
  }
  return { slices: Math.max(slices, checkpoints.length), slicesDone: checkpoints.filter(({ done }) => done).length, counts };
}

/** Items a second between two looks, and the seconds left at that pace; undefined where nothing moves. */
export function paceOf(
  before: { readonly at: number; readonly items: number },
  now: { readonly at: number; readonly items: number },
  all: number,
): { readonly perSecond: number; readonly secondsLeft: number } | undefined {
  const perSecond = ((now.items - before.items) * 1000) / (now.at - before.at);
  if (!(perSecond > 0)) return undefined;
  return { perSecond, secondsLeft: Math.max(0, all - now.items) / perSecond };
}
