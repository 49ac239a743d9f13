import { insertsOf } from '../core/backfill';
import type { Publish } from '../core/control';
import type { Item } from '../core/item';
import { METRICS } from '../core/names';
import { type PacedWorker, Pacing, type PacingPorts } from '../core/pacing';
import { checkSlices, type Walking, walkSlice } from '../core/slice';
import { Inserter } from './inserter';

export interface BackfillPorts extends Walking, PacingPorts {
  readonly publish: Publish;
}

export interface BackfillInput extends PacedWorker {
  readonly slice: number;
}

/** Sums over the slice so far, earlier invocations included. */
export interface BackfillResult {
  /** False when the time was up: call again. */
  readonly done: boolean;
  /** Legacy items. */
  readonly items: number;
  /** Target items that were absent, and that were there already. */
  readonly inserted: number;
  readonly exists: number;
  /** Write units of the inserts, and read units of the scan. */
  readonly units: number;
  readonly readUnits: number;
}

/**
 * Fills the target with what is absent there, for one slice of legacy. It never overwrites, so a second delivery or a
 * worker beside it changes nothing; an item deleted between scan and insert comes back, and reconciliation takes it away.
 * @throws LeaseLost; TransformFailed and NotRepresentable (the slice stops at the item, and the ledger has it as `slice-failed`)
 */
export async function backfill(ports: BackfillPorts, input: BackfillInput): Promise<BackfillResult> {
  checkSlices(input.slices);
  const { model, clock, publish } = ports;
  const pacing = new Pacing(ports, input);
  const inserter = new Inserter(ports.database, clock, pacing.budget);
  const work = async (items: Item[]) => {
    const inserted = await inserter.insertAll(insertsOf(model, items));
    await publish({ [METRICS.backfilledItems]: inserted.inserted });
    return { items: items.length, ...inserted };
  };
  const slice = { ...input, phase: 'backfill', side: 'legacy' } as const;
  const { done, counts } = await walkSlice(ports, slice, work, () => pacing.portion());
  const { items = 0, inserted = 0, exists = 0, units = 0, readUnits = 0 } = counts;
  return { done, items, inserted, exists, units, readUnits };
}
