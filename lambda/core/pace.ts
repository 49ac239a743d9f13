/**
 * A rate of units a second that may be overdrawn: what a request costs is known only when it has been answered, so it
 * is paid afterwards, and whoever comes next waits until the debt is gone. At most one second's worth is saved up.
 */
export class UnitBudget {
  private balance: number;

  /** @param rate units a second; 0 for no limit. @param at now, in milliseconds */
  constructor(
    private rate: number,
    private at: number,
  ) {
    this.balance = rate;
  }

  spend(units: number, now: number): void {
    this.refill(now);
    this.balance -= units;
  }

  /** Milliseconds until the next request may go. */
  wait(now: number): number {
    if (this.rate === 0) return 0;
    this.refill(now);
    return this.balance >= 0 ? 0 : Math.ceil((-this.balance * 1000) / this.rate);
  }

  /** Goes on at another rate. A debt takes as long to pay off as it would have; without a limit there was none. */
  change(rate: number, now: number): void {
    if (rate === this.rate) return;
    this.refill(now);
    this.balance = this.rate === 0 ? rate : (this.balance / this.rate) * rate;
    this.rate = rate;
  }

  private refill(now: number): void {
    this.balance = Math.min(this.rate, this.balance + ((now - this.at) * this.rate) / 1000);
    this.at = now;
  }
}

/** Requests of one worker in flight at first, and at most. */
const FIRST = 2;
const MOST = 16;

/** A request is slow when it took this many times the quickest one, and longer than this many milliseconds. */
const SLOW_TIMES = 6;
const SLOW_MILLISECONDS = 400;

/**
 * How many requests may be in flight: doubles after as many quick answers, halves when one is throttled or slow.
 * Answers to requests that went out before the last halving say nothing about it and are not counted twice.
 */
export class Parallelism {
  private quick = 0;
  private quickest = Number.POSITIVE_INFINITY;
  private halvedAt = Number.NEGATIVE_INFINITY;

  constructor(private requests = FIRST) {}

  get value(): number {
    return this.requests;
  }

  /** Times in milliseconds. */
  answered(askedAt: number, now: number): void {
    const took = now - askedAt;
    this.quickest = Math.min(this.quickest, took);
    if (took > SLOW_MILLISECONDS && took > SLOW_TIMES * this.quickest) {
      this.throttled(askedAt, now);
      return;
    }
    this.quick++;
    if (this.quick < this.requests || askedAt < this.halvedAt) return;
    this.requests = Math.min(MOST, this.requests * 2);
    this.quick = 0;
  }

  throttled(askedAt: number, now: number): void {
    if (askedAt < this.halvedAt) return;
    this.requests = Math.max(1, Math.floor(this.requests / 2));
    this.quick = 0;
    this.halvedAt = now;
  }
}

/** Items between two looks at clock and lease, at most; fewer when the rate is low, so that they take about a second. */
const PORTION = 500;

/** How many items a worker takes at a time at so many write units a second; 0 is no limit. An item costs one unit at least. */
export function portionOf(rate: number): number {
  return rate === 0 ? PORTION : Math.max(1, Math.min(PORTION, Math.floor(rate)));
}

/** The items in parts of at most `size`. */
export function parts<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
}

/**
 * Results in order, with at most `limit` calls under way. After a failure no further call begins, and it is thrown only
 * when the calls under way have ended, so that nothing is left in flight.
 */
export async function inParallel<T, R>(limit: number, items: readonly T[], call: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length && failures.length === 0) {
      const index = next++;
      await call(items[index] as T).then(
        (result) => {
          results[index] = result;
        },
        (failure) => failures.push(failure),
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  if (failures.length > 0) throw failures[0];
  return results;
}
