import { Paced } from '../backfill/paced';
import { type Amendment, amend, requireAmendable } from '../core/amendment';
import type { Publish } from '../core/control';
import type { Item } from '../core/item';
import { sizeOf } from '../core/item-size';
import { METRICS } from '../core/names';
import { type PacedWorker, Pacing, type PacingPorts } from '../core/pacing';
import type { Write } from '../core/ports';
import type { Side } from '../core/position';
import { type Counts, checkSlices, type Walking, walkSlice } from '../core/slice';
import type { Tokens } from '../core/stamp';

/** `database` shows the table as the amendment does. */
export interface AmendPorts extends Walking, PacingPorts {
  readonly amendment: Amendment;
  readonly tokens: Tokens;
  readonly publish: Publish;
}

export interface AmendInput extends PacedWorker {
  /** Names the pass: each has checkpoints of its own. */
  readonly phase: string;
  readonly slice: number;
  /** The form in which the items are to be stored; `none` only looks whether each could be. */
  readonly form: Side | 'none';
}

/** Sums over the slice so far, earlier invocations included. */
export interface AmendResult {
  /** False when the time was up: call again. */
  readonly done: boolean;
  readonly checked: number;
  /** Items that were stored in the other form. A pass that finds some is followed by another one. */
  readonly repaired: number;
}

/**
 * Stores the items of one slice in one form. Each write is conditional on the version that was seen, so that it may be repeated, come
 * late and run beside itself; a client that was quicker has written the item in the form of its own position, and the next pass looks
 * at it again.
 * @throws LeaseLost; TransformFailed, NotRepresentable and GroupTooLarge (the slice stops at the item, and the ledger has it as `slice-failed`)
 */
export async function amendSlice(ports: AmendPorts, input: AmendInput): Promise<AmendResult> {
  checkSlices(input.slices);
  const pacing = new Pacing(ports, input);
  const paced = new Paced(ports.clock, pacing.budget);
  const side = input.form === 'target' ? 'target' : 'legacy';
  const work = (items: Item[]) => (input.form === 'none' ? examine(ports, items) : store(ports, paced, side, items));
  const { done, counts } = await walkSlice(ports, { ...input, side }, work, () => pacing.portion());
  const { checked = 0, repaired = 0 } = counts;
  return { done, checked, repaired };
}

/** Every item must fit the new form, and come back from it as it was, before any is stored in it. */
async function examine({ amendment }: AmendPorts, items: Item[]): Promise<Counts> {
  for (const item of items) requireAmendable(amendment, item);
  return { checked: items.length, repaired: 0 };
}

/** A write that is refused counts, too: somebody was quicker, and the item is looked at again. */
async function store(
  { amendment, database, tokens, publish }: AmendPorts,
  paced: Paced,
  side: Side,
  items: Item[],
): Promise<Counts> {
  const writes = items.flatMap((item) => amend(amendment, side, item, tokens()) ?? []);
  await paced.all(writes, async (write) => {
    await database.write([write]);
    return { units: unitsOf(write) };
  });
  if (writes.length > 0) await publish({ [METRICS.backfilledItems]: writes.length });
  return { checked: items.length, repaired: writes.length };
}

/** Write units, as DynamoDB counts them: one for each kilobyte begun (Amazon DynamoDB Developer Guide, "Write operations"). */
function unitsOf(write: Write): number {
  return write.do === 'put' ? Math.ceil(sizeOf(write.item) / 1024) : 1;
}
