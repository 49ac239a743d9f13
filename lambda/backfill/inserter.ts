import type { Clock } from '../core/control';
import type { Item } from '../core/item';
import type { Parallelism, UnitBudget } from '../core/pace';
import type { Database } from '../core/ports';
import { Paced } from './paced';

/** What became of some inserts. `units` are write units. */
export interface Inserted {
  readonly inserted: number;
  readonly exists: number;
  readonly units: number;
}

/** Inserts what is absent on the target, a batch a request. */
export class Inserter {
  private readonly paced: Paced;

  constructor(
    private readonly database: Database,
    clock: Clock,
    budget: UnitBudget,
    parallelism?: Parallelism,
  ) {
    this.paced = new Paced(clock, budget, parallelism);
  }

  /** Returns or throws only when no request is in flight. */
  async insertAll(batches: readonly Item[][]): Promise<Inserted> {
    const answers = await this.paced.all(batches, async (batch) => {
      const { results, units } = await this.database.insertAbsent('target', batch);
      const inserted = results.filter((result) => result === 'inserted').length;
      return { inserted, exists: results.length - inserted, units };
    });
    return answers.reduce(sum, { inserted: 0, exists: 0, units: 0 });
  }
}

function sum(a: Inserted, b: Inserted): Inserted {
  return { inserted: a.inserted + b.inserted, exists: a.exists + b.exists, units: a.units + b.units };
}
