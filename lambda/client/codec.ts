import { fromWire, toWire } from '../adapters/model';
import { RolloutError } from '../core/errors';
import { type Item, type KeySchema, keyOf, keyText, withoutStamp } from '../core/item';
import { STAMP } from '../core/stamp';
import type { PlainItem } from './transform';

/** A stored item as the application sees it. */
export function plainItem(item: Item | undefined): PlainItem | undefined {
  return item && fromWire(withoutStamp(item));
}

/** Params of a query. @throws InvalidItem */
export function wireParams(given: unknown): Item {
  return wired(given);
}

/** The key in what the application gave; other attributes are left out. @throws InvalidItem */
export function wireKey(given: unknown, schema: readonly string[]): Item {
  const key = keyOf(wired(given), schema as KeySchema);
  const missing = schema.filter((name) => !isKeyValue(key[name]));
  if (missing.length === 0) return key;
  throw invalid(`It needs the key attribute ${missing.join(', ')}: a text, a number or binary, and not empty.`, { missing });
}

/** An item to be stored. @throws InvalidItem when its key is not whole or it has the reserved attribute */
export function wireItem(given: unknown, schema: KeySchema): Item {
  wireKey(given, schema);
  const item = wired(given);
  if (item[STAMP])
    throw invalid(`The attribute ${STAMP} is reserved for the rollout; name yours differently.`, { attribute: STAMP });
  return item;
}

/** An item to be stored under a key that is given. @throws InvalidItem when it has another key */
export function wireItemAt(key: Item, given: unknown, schema: KeySchema): Item {
  const item = wireItem(given, schema);
  const found = keyText(keyOf(item, schema));
  if (found === keyText(key)) return item;
  throw invalid(
    `The change of ${keyText(key)} gave an item with the key ${found}. An update keeps the key: put the new item and delete the old one.`,
    { key: keyText(key), found },
  );
}

function wired(given: unknown): Item {
  if (given === null || typeof given !== 'object') throw invalid(`It is ${given === null ? 'null' : typeof given}, no object.`);
  if (given instanceof Promise)
    throw invalid('It is a promise: a change must give its item at once, so do what it waits for before.');
  try {
    return toWire(given);
  } catch (cause) {
    throw invalid(`It cannot be stored: ${(cause as Error).message}`, {}, cause);
  }
}

function isKeyValue(value: Item[string] | undefined): boolean {
  if (!value) return false;
  if ('S' in value) return value.S !== '';
  if ('B' in value) return value.B.byteLength > 0;
  return 'N' in value;
}

function invalid(why: string, data: Record<string, unknown> = {}, cause?: unknown): RolloutError {
  return new RolloutError('InvalidItem', `The item or key given to the rollout client cannot be used. ${why}`, data, cause);
}
