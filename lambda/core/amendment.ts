import { RolloutError } from './errors';
import { asRead, childrenOf, represented } from './group';
import { type Item, keyOf, keyText } from './item';
import { LARGEST_ITEM, sizeOf } from './item-size';
import type { Model } from './model';
import type { Condition, Database, Write } from './ports';
import type { Side } from './position';
import { groupDown } from './settle';
import { formsOf, stamped, stampOf, withForms } from './stamp';

/** A change of the items of one table, in place. */
export interface Amendment {
  /** One item of the old form to one of the new form, under the same key, and back. */
  readonly model: Model;
  /** Versions of earlier amendments of the table: items of the old form went through these. */
  readonly earlier: readonly string[];
}

/** As long as the tokens of clients are. */
const LONGEST_TOKEN = '00000000-0000-0000-0000-000000000000';

/**
 * One table seen as two: `legacy` shows every item in the old form, `target` in the new one, whichever it is stored in. The stamp of
 * an item names the amendments that it went through. So everybody understands every item at any time, and the position of a key says
 * nothing but in which form it is written.
 *
 * An item that the other form cannot keep whole is neither shown in it nor written: `NotRepresentable`.
 * @param table the table; both sides of it are the same
 */
export function amendedDatabase(table: Database, amendment: Amendment): Database {
  const shown = (side: Side, items: Item[]) => items.map((item) => shownAs(amendment, side, item));
  return {
    get: async (side, key) => {
      const item = await table.get(side, key);
      return item && shownAs(amendment, side, item);
    },
    getMany: async (side, keys) => shown(side, await table.getMany(side, keys)),
    query: async (side, key) => shown(side, await table.query(side, key)),
    write: async (writes) => table.write(writes.map((write) => stored(amendment, write))),
    insertAbsent: async (side, items) => {
      const all = items.map((item) => storedIn(amendment, side, item));
      return table.insertAbsent(side, all);
    },
    scan: async (side, request) => {
      const page = await table.scan(side, request);
      return { ...page, items: shown(side, page.items) };
    },
  };
}

/** In which form an item is stored, however it is shown. */
export function formOf({ model }: Amendment, item: Item): Side {
  return formsOf(item).includes(model.version) ? 'target' : 'legacy';
}

/**
 * The write that stores an item in the form of a side if it still is the version that was seen; undefined where it is stored so. As
 * what it makes follows from that version alone, it may be sent twice.
 * @param item as `side` shows it
 */
export function amend(amendment: Amendment, side: Side, item: Item, token: string): Write | undefined {
  if (formOf(amendment, item) === side) return undefined;
  return { do: 'put', side, item: stamped(item, token, 'backfill'), when: asRead(item), repeatable: true };
}

/**
 * Refuses an item that could not be stored in the new form: because it would not come back as it was, or would be too large.
 * @throws NotRepresentable, TransformFailed, GroupTooLarge
 */
export function requireAmendable(amendment: Amendment, item: Item): void {
  if (formOf(amendment, item) === 'target') return;
  const amended = stamped(converted(amendment, item, 'legacy', 'target'), LONGEST_TOKEN, 'backfill');
  const { version } = amendment.model;
  const bytes = sizeOf(withForms(amended, [...amendment.earlier, version], version));
  if (bytes <= LARGEST_ITEM) return;
  const key = keyText(keyOf(item, amendment.model.schemas.legacy));
  throw new RolloutError(
    'GroupTooLarge',
    `The item ${key} would have ${bytes} bytes in the new form, over ${LARGEST_ITEM}. Make it smaller, or give the new model a table of its own.`,
    { key, bytes },
  );
}

function shownAs(amendment: Amendment, side: Side, item: Item): Item {
  return converted(amendment, item, formOf(amendment, item), side);
}

function stored(amendment: Amendment, write: Write): Write {
  const when = write.when && conditionOf(amendment, write.side, write.when);
  if (write.do === 'put') return { ...write, item: storedIn(amendment, write.side, write.item), ...(when ? { when } : {}) };
  return { ...write, ...(when ? { when } : {}) } as Write;
}

/** The version that was seen, in the form in which it is stored. */
function conditionOf(amendment: Amendment, side: Side, when: Condition): Condition {
  if (when.is !== 'unchanged') return when;
  return { is: 'unchanged', since: converted(amendment, when.since, side, formOf(amendment, when.since)) };
}

/** An item to be stored in the form of a side. The other form must be able to keep it, or there would be no way back. */
function storedIn(amendment: Amendment, side: Side, item: Item): Item {
  converted(amendment, item, side, side === 'target' ? 'legacy' : 'target');
  const { earlier, model } = amendment;
  return withForms(item, side === 'target' ? [...earlier, model.version] : earlier, model.version);
}

/** The content in the other form, under the same stamp. @throws NotRepresentable, TransformFailed */
function converted({ model }: Amendment, item: Item, from: Side, to: Side): Item {
  if (from === to) return item;
  const key = keyOf(item, model.schemas.legacy);
  const [other] = to === 'target' ? represented(model, item).values() : [groupDown(model, childrenOf(model, [item]), key)];
  if (!other || keyText(keyOf(other, model.schemas.target)) !== keyText(key)) throw moved(model, key);
  return { ...other, ...stampOf(item) };
}

function moved({ version }: Model, key: Item): RolloutError {
  return new RolloutError(
    'TransformFailed',
    `Amendment ${version} gave another key, or nothing, for the item ${keyText(key)}. An amendment keeps the key; a model with other ` +
      'keys needs a table of its own.',
    { key: keyText(key) },
  );
}
