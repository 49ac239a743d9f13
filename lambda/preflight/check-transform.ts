import type { TableFacts } from '../core/control';
import { expected, sameChildren } from '../core/group';
import { type Attribute, type Item, type KeySchema, keyOf, keyText, sameContent, withoutStamp } from '../core/item';
import { LARGEST_ITEM, sizeOf } from '../core/item-size';
import type { Model } from '../core/model';
import type { Inspected } from '../core/survey';

/** Bytes that a stamp adds to an item, generously. */
const STAMP_BYTES = 150;
/** Target items of one group: a transaction has 100 actions (DynamoDB API, TransactWriteItems), one of which asks the authority. */
const LARGEST_GROUP = 99;

/** What is wrong with one legacy item under the transform; `up` of it must fit the target and come back the same. */
export function checkItem(model: Model, stored: Item, target: TableFacts): readonly string[] {
  return inspectItem(model, stored, target).problems;
}

/** The same, with what `up` makes of it. */
export function inspectItem(model: Model, stored: Item, target: TableFacts): Inspected {
  const item = withoutStamp(stored);
  const key = keyOf(item, model.schemas.legacy);
  const at = keyText(key);
  let children: Item[] = [];
  try {
    const group = expected(model, item);
    children = [...group.values()];
    const again = sameChildren(group, expected(model, item)) ? [] : ['up() makes something else of it the second time.'];
    const problems = children.flatMap((child) => checkChild(model, child, key, target));
    if (children.length > LARGEST_GROUP)
      problems.push(`up() makes ${children.length} target items of it, over ${LARGEST_GROUP}.`);
    const back = children.length > 0 ? model.down(children) : undefined;
    if (children.length > 0 && !sameContent(back, item)) problems.push('down(up(item)) is not the same item.');
    return { problems: [...problems, ...again].map((problem) => `Legacy item ${at}: ${problem}`), children };
  } catch (error) {
    return { problems: [`Legacy item ${at}: ${error instanceof Error ? error.message : error}`], children };
  }
}

/** What is wrong with the canaries: items of our own that the transform must know again. */
export function checkCanaries(model: Model, target: TableFacts): string[] {
  const problems = [0, 1].flatMap((n): string[] => {
    try {
      const canary = model.canary(n);
      const number = model.canaryNumber(keyOf(canary, model.schemas.legacy));
      const known = number === n ? [] : [`canary.number() gives ${number} for the key of canary.item(${n}). It must give ${n}.`];
      const made =
        expected(model, canary).size > 0 ? [] : [`up() makes no target item of canary ${n}, so replication could not be proved.`];
      return [...known, ...made, ...checkItem(model, canary, target), ...checkParts(model, n)];
    } catch (error) {
      return [`Canary ${n}: ${error instanceof Error ? error.message : error}`];
    }
  });
  return problems.length > 0 ? problems : checkSpread(model);
}

/** Each open shard of a stream has to show a canary, and a shard has a range of partition keys. */
function checkSpread(model: Model): string[] {
  const partitionOf = (item: Item | undefined, [partition]: KeySchema) => keyText(keyOf(item ?? {}, [partition]));
  const canaries = [0, 1].map((n) => model.canary(n));
  const targets = canaries.map((canary) => [...expected(model, canary).values()][0]);
  const isOne = ([a, b]: (Item | undefined)[], schema: KeySchema) => partitionOf(a, schema) === partitionOf(b, schema);
  const sides = [
    ...(isOne(canaries, model.schemas.legacy) ? ['legacy'] : []),
    ...(isOne(targets, model.schemas.target) ? ['target'] : []),
  ];
  return sides.map(
    (side) =>
      `Canaries 0 and 1 have one partition key in the ${side} table. Give each its own, or they cannot reach every shard.`,
  );
}

/**
 * In `target` the items of a group come one by one to the reverse side, in any order, so each must be representable alone;
 * otherwise a canary would be poison.
 */
function checkParts(model: Model, n: number): string[] {
  return [...expected(model, model.canary(n))].flatMap(([text, child]): string[] => {
    const again = [...expected(model, model.down([child]))];
    const same = again.length === 1 && again[0]?.[0] === text && sameContent(again[0]?.[1], child);
    return same
      ? []
      : [`Canary ${n}: up(down()) of its target item ${text} alone is not that item. Let down() take a part of a group.`];
  });
}

/** A key of the user that the transform takes for a canary would be moved, and deleted, as one. */
export function checkNotCanary(model: Model, stored: Item): string[] {
  const key = keyOf(stored, model.schemas.legacy);
  const number = model.canaryNumber(key);
  return number === undefined
    ? []
    : [`canary.number() takes the legacy item ${keyText(key)} for canary ${number}. Give canaries keys that no data has.`];
}

function checkChild(model: Model, child: Item, legacyKey: Item, { types }: TableFacts): string[] {
  const at = keyText(keyOf(child, model.schemas.target));
  const missing = model.schemas.target.filter((name) => child[name] === undefined);
  if (missing.length > 0) return [`up() gives a target item without the key attribute ${missing.join(', ')}.`];
  const wrong = Object.entries(types).filter(
    ([name, type]) => child[name] !== undefined && !isOfType(child[name] as Attribute, type),
  );
  const problems = wrong.map(
    ([name, type]) => `up() gives target item ${at} the key attribute ${name} that is not of type ${type}, or is empty.`,
  );
  const size = sizeOf(child) + STAMP_BYTES;
  if (size > LARGEST_ITEM) problems.push(`target item ${at} has ${size} bytes, over ${LARGEST_ITEM}.`);
  const back = keyText(model.legacyKey(keyOf(child, model.schemas.target)));
  if (back !== keyText(legacyKey)) problems.push(`legacyKey() gives ${back} for its target item ${at}.`);
  return problems;
}

function isOfType(value: Attribute, type: 'S' | 'N' | 'B'): boolean {
  const held = (value as Record<string, unknown>)[type];
  return typeof held === 'string' ? held !== '' : held instanceof Uint8Array && held.byteLength > 0;
}
