/** The pauses between successful writes of many clients, in milliseconds. */
export interface Probe {
  /** 99.9th percentile of all clients before the rollout began, and how many pauses that is of. */
  readonly steady: number;
  readonly samples: number;
  /** Longest of any client while the rollout and its rollback ran. */
  readonly longest: number;
}

/** The longest pause may be this many times the steady one. */
export const BOUND = 3;

/** What the pauses come to. */
export function probeOf(steady: readonly number[], during: readonly number[]): Probe {
  return { steady: percentile(steady, 99.9), samples: steady.length, longest: Math.max(0, ...during) };
}

/** True when no client had to wait for long. */
export function isSteady({ steady, longest }: Probe): boolean {
  return longest <= BOUND * steady;
}

/** Nearest rank. */
function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}
