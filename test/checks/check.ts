import type { RolloutError } from '../../lambda/core/errors';
import type { Verdict } from '../../lambda/core/verdict';

/** What a check came to. */
export interface Found {
  readonly verdict: Verdict;
  readonly reason?: string;
}

/** Makes a world, and asks the check in it. */
export type Run = () => Promise<Found>;

/** A case of a check, and what its reason must say. */
export type Case = readonly [what: string, run: Run, told?: RegExp];

/** Why an outcome cannot occur. */
export interface Never {
  readonly never: string;
  /** What shows it. */
  readonly proof?: () => void;
}

/** What a check makes of what it may meet: at least one case of each, or why there is none. */
export interface Check {
  readonly passing: readonly Case[] | Never;
  readonly failing: readonly Case[] | Never;
  /** Nothing to measure, or not yet. */
  readonly inconclusive: readonly Case[] | Never;
  /** The measurement fails. */
  readonly erring: readonly Case[] | Never;
}

export const VERDICTS: Readonly<Record<keyof Check, Verdict>> = {
  passing: 'successful',
  failing: 'failed',
  inconclusive: 'inconclusive',
  erring: 'error',
};

/** Why an outcome cannot occur, and what shows it. */
export function never(why: string, proof?: () => void): Never {
  return { never: why, proof };
}

/** A task that says by its error what a check came to; any error but `failed` and `NotMeasured` is one of the measurement. */
export function asked(task: () => Promise<unknown>, failed = 'GateFailed'): Run {
  const verdicts: Readonly<Record<string, Verdict>> = { [failed]: 'failed', NotMeasured: 'inconclusive' };
  return () =>
    task().then(
      () => ({ verdict: 'successful' }),
      ({ name, message }: RolloutError) => ({ verdict: verdicts[name] ?? 'error', reason: `${name}: ${message}` }),
    );
}
