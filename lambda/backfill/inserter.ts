import pLimit from 'p-limit';
import type { Clock } from '../core/control';
import type { Item } from '../core/item';
import { Parallelism, type UnitBudget } from '../core/pace';
import type { Database } from '../core/ports';

/** Errors that ask for patience (Amazon DynamoDB Developer Guide, "Error handling with DynamoDB"). */
const THROTTLED = ['ProvisionedThroughputExceededException', 'RequestLimitExceeded', 'ThrottlingException', 'ThrottledException'];

/** Times that one batch may be throttled in a row before the worker gives up. */
const ATTEMPTS = 10;

/** Milliseconds of the first wait after throttling; each further one is twice as long, up to a bound. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 5000;

/** What became of some inserts. `units` are write units. */
export interface Inserted {
  readonly inserted: number;
  readonly exists: number;
  readonly units: number;
}

/**
 * Inserts what is absent on the target, several requests in flight: more as long as answers are quick, fewer when
 * DynamoDB throttles, and never faster than the budget.
 */
export class Inserter {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly budget: UnitBudget,
    private readonly parallelism = new Parallelism(),
  ) {}

  /** Returns or throws only when no request is in flight. */
  async insertAll(batches: readonly Item[][]): Promise<Inserted> {
    const limit = pLimit(this.parallelism.value);
    let failed = false;
    const insert = async (batch: Item[]) => {
      if (failed) return { inserted: 0, exists: 0, units: 0 };
      try {
        return await this.insertPatiently(batch);
      } catch (error) {
        failed = true;
        throw error;
      } finally {
        limit.concurrency = this.parallelism.value;
      }
    };
    const answers = await Promise.allSettled(batches.map((batch) => limit(() => insert(batch))));
    return answers.map(resultOf).reduce(sum, { inserted: 0, exists: 0, units: 0 });
  }

  private async insertPatiently(batch: Item[]): Promise<Inserted> {
    for (let attempt = 1; ; attempt++) {
      await this.affordable();
      const askedAt = this.clock.now();
      try {
        const { results, units } = await this.database.insertAbsent('target', batch);
        this.budget.spend(units, this.clock.now());
        this.parallelism.answered(askedAt, this.clock.now());
        const inserted = results.filter((result) => result === 'inserted').length;
        return { inserted, exists: results.length - inserted, units };
      } catch (error) {
        if (!(error instanceof Error && THROTTLED.includes(error.name)) || attempt === ATTEMPTS) throw error;
        this.parallelism.throttled(askedAt, this.clock.now());
        await this.clock.sleep(Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1)));
      }
    }
  }

  private async affordable(): Promise<void> {
    for (;;) {
      const wait = this.budget.wait(this.clock.now());
      if (wait === 0) return;
      await this.clock.sleep(wait);
    }
  }
}

function resultOf(answer: PromiseSettledResult<Inserted>): Inserted {
  if (answer.status === 'rejected') throw answer.reason;
  return answer.value;
}

function sum(a: Inserted, b: Inserted): Inserted {
  return { inserted: a.inserted + b.inserted, exists: a.exists + b.exists, units: a.units + b.units };
}
