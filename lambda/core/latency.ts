import type { Outcome } from './gate';

/** How slow the new path may be against the old one. */
export interface LatencySpec {
  /** Percentiles that are compared, such as 99. */
  readonly percentiles: readonly number[];
  /** Percent by which the new path's may be above the old one's. */
  readonly maxPercentAbove: number;
  /** Reads of each path before anything is said. */
  readonly minSamples: number;
}

/** What was counted at one percentile. */
export interface LatencyCount {
  readonly percentile: number;
  /** About the old path's percentile, in milliseconds. */
  readonly old: number;
  /** Reads of the old path that took longer than that. */
  readonly oldAbove: number;
  /** Reads of the new path that took longer than what is allowed: that and a margin. */
  readonly newAbove: number;
}

/**
 * Standard normal deviates. A bake of days looks thousands of times, so a path that is not slower fails one look in 75,000 (one-sided);
 * one in which three times as many reads take too long is noticed nine times of ten from `samplesFor` reads on, and less later.
 */
const CONFIDENCE = 4.2;
const POWER = 1.2816;

/**
 * Reads of each path from which on a share of slow ones three times as large is noticed. Two proportions, equal samples: Fleiss, Levin and Paik,
 * "Statistical Methods for Rates and Proportions", 3rd edition, formula 4.14 without correction for continuity.
 */
export function samplesFor(percentile: number): number {
  const usual = 1 - percentile / 100;
  const slow = Math.min(3 * usual, (1 + usual) / 2);
  const mean = (usual + slow) / 2;
  const spread = CONFIDENCE * Math.sqrt(2 * mean * (1 - mean)) + POWER * Math.sqrt(usual * (1 - usual) + slow * (1 - slow));
  return Math.ceil((spread / (slow - usual)) ** 2);
}

/** The new path against the old one: the share of slow reads must not be greater than the old path's by more than chance. */
export function judgeLatency(
  gate: LatencySpec,
  reads: { readonly old: number; readonly new: number; readonly failed: number },
  counts: readonly LatencyCount[],
): Outcome {
  const { minSamples, maxPercentAbove } = gate;
  const measured = { reads, maxPercentAbove, counts };
  if (Math.min(reads.old, reads.new) < minSamples) {
    const reason = `${Math.min(reads.old, reads.new)} reads were timed on both paths; ${minSamples} are asked for.`;
    return { verdict: 'inconclusive', reason, measured };
  }
  // Reads without an answer have no time, and would be the slowest.
  if (reads.failed > reads.new * (1 - Math.max(...gate.percentiles) / 100)) {
    const reason = `${reads.failed} comparisons could not be made, beside ${reads.new} that could: how long those would have taken is not known.`;
    return { verdict: 'inconclusive', reason, measured };
  }
  const slow = counts.filter((count) => isSlower(reads, count));
  if (slow.length === 0) return { verdict: 'successful', measured };
  return { verdict: 'failed', reason: slow.map((count) => told(gate, reads, count)).join(' '), measured };
}

/** Two proportions with a pooled variance, one-sided (Fleiss, Levin and Paik, formula 3.5 without correction). */
function isSlower(reads: { old: number; new: number }, { oldAbove, newAbove }: LatencyCount): boolean {
  const pooled = (oldAbove + newAbove) / (reads.old + reads.new);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / reads.old + 1 / reads.new));
  const difference = newAbove / reads.new - oldAbove / reads.old;
  return difference > CONFIDENCE * deviation;
}

function told({ maxPercentAbove }: LatencySpec, reads: { old: number; new: number }, count: LatencyCount): string {
  const { percentile, old, oldAbove, newAbove } = count;
  const share = (above: number, of: number) => `${((100 * above) / of).toFixed(2)} percent`;
  return (
    `p${percentile}: ${share(newAbove, reads.new)} of the reads of the new path take more than ${(old * (1 + maxPercentAbove / 100)).toFixed(1)} ms, ` +
    `${maxPercentAbove} percent above what ${share(oldAbove, reads.old)} of the old path's exceed.`
  );
}
