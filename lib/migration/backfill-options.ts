import { requireWhole } from '../private/refuse';

/** How hard the backfill works. */
export interface BackfillOptions {
  /**
   * Write units a second that all workers together may use on the target table. 1 or more.
   * @default - no limit: workers adapt to throttling
   */
  readonly maxWriteUnits?: number;
  /**
   * Workers at a time, for backfill and reconciliation. 1 to 1000.
   * @default 40
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
  const { maxWriteUnits, maxConcurrency = 40, itemsPerSlice = 10_000 } = options;
  if (maxWriteUnits !== undefined) requireWhole(owner, 'backfill.maxWriteUnits', maxWriteUnits, 1, 1_000_000);
  requireWhole(owner, 'backfill.maxConcurrency', maxConcurrency, 1, 1000);
  requireWhole(owner, 'backfill.itemsPerSlice', itemsPerSlice, 100, 10_000_000);
  return { maxWriteUnits: maxWriteUnits ?? 0, maxConcurrency, itemsPerSlice };
}
