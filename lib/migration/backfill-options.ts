import { Token } from 'aws-cdk-lib';
import { problemsOfSpeed, SPEED_BOUNDS, USUAL_CONCURRENCY } from '../../lambda/core/speed';
import { refusal, requireWhole } from '../private/refuse';

/** How hard the backfill works. */
export interface BackfillOptions {
  /**
   * Write units a second that all workers together may use on the target table. 1 or more, and one for each worker at least.
   * @default - no limit: workers adapt to throttling
   */
  readonly maxWriteUnits?: number;
  /**
   * Workers at a time, for backfill and reconciliation. 1 to 1000.
   * @default 40, or as many as there are write units where these are fewer
   */
  readonly maxConcurrency?: number;
  /**
   * Items of the legacy table that one worker takes on, roughly. 100 or more; a table has 1,000 slices at most.
   * @default 10000
   */
  readonly itemsPerSlice?: number;
}

/** The options with their defaults. @throws when one is out of bounds */
export function backfillSettings(owner: string, options: BackfillOptions = {}): Required<BackfillOptions> {
  const { maxWriteUnits, itemsPerSlice = 10_000 } = options;
  const { maxWriteUnits: units, maxConcurrency: workers } = SPEED_BOUNDS;
  if (maxWriteUnits !== undefined) requireWhole(owner, 'backfill.maxWriteUnits', maxWriteUnits, units.least, units.most);
  const { maxConcurrency = Math.min(USUAL_CONCURRENCY, maxWriteUnits ?? USUAL_CONCURRENCY) } = options;
  requireWhole(owner, 'backfill.maxConcurrency', maxConcurrency, workers.least, workers.most);
  requireWhole(owner, 'backfill.itemsPerSlice', itemsPerSlice, 100, 10_000_000);
  const [problem] = problemsOfSpeed({ maxWriteUnits: maxWriteUnits ?? 0, maxConcurrency });
  if (problem && !Token.isUnresolved([maxWriteUnits, maxConcurrency])) throw refusal(owner, 'backfill', `cannot be: ${problem}`);
  return { maxWriteUnits: maxWriteUnits ?? 0, maxConcurrency, itemsPerSlice };
}
