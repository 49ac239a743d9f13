import { fromWire, toWire } from '../../lambda/adapters/plain-items';
import type { PlainItem } from '../../lambda/client';
import { type Children, expected, sameChildren } from '../../lambda/core/group';
import { type Item, keyOf, keyText, sameContent } from '../../lambda/core/item';
import type { Model } from '../../lambda/core/model';
import type { Work } from '../rehearsal/traffic';

/** Versions of one item that the traffic writes, its own included. */
const VERSIONS = 4;
/** Others that are tried for them. */
const TRIED = 12;

/** One item of the new model, and what the traffic may make of it. */
interface Busy {
  readonly key: PlainItem;
  readonly partition: string;
  /** Versions that the model can hold under this key: the item's own first, then those of items of its kind. */
  readonly versions: readonly Item[];
  readonly mayDelete: boolean;
}

/**
 * What the traffic does with a sample, whatever the model: it deletes items, puts them back, and gives them the content of another item of
 * the sample that has the same attributes. Each is tried with the transform first: only what comes back as it was is written, so all
 * that is written is valid in the user's model as far as the transform can tell.
 * @param legacy items of the sample
 */
export function workOnSample(model: Model, legacy: readonly Item[]): Work<PlainItem, PlainItem> {
  const { target } = model.schemas;
  const busy = busyItems(model, legacy);
  const textOf = (item: PlainItem) => keyText(keyOf(toWire(item), target));
  const byKey = new Map(busy.map((each) => [textOf(each.key), each]));
  const byPartition = grouped(busy, ({ partition }) => partition);
  const of = (item: PlainItem) => byKey.get(textOf(item)) as Busy;
  return {
    schema: target,
    keys: busy.map(({ key }) => key),
    partition: (key) => {
      const partition = keyOf(toWire(key), [target[0]]);
      if (!isQueried(model, partition)) return undefined;
      return { of: fromWire(partition), keys: (byPartition.get(keyText(partition)) ?? []).map((each) => each.key) };
    },
    fresh: (key, edit) => fromWire(pick(of(key).versions, edit)),
    edited: (item, edit) => {
      const { versions } = of(item);
      const now = toWire(item);
      const others = versions.filter((version) => !sameContent(version, now));
      return fromWire(pick(others.length > 0 ? others : versions, edit));
    },
    mayDelete: (key) => of(key).mayDelete,
  };
}

function busyItems(model: Model, legacy: readonly Item[]): Busy[] {
  const groups = legacy.map((item) => expected(model, item));
  const kinds = grouped(
    groups.flatMap((group) => [...group.values()]),
    kindOf,
  );
  return groups.flatMap((group) => [...group.values()].map((item) => busyOf(model, group, item, kinds.get(kindOf(item)) ?? [])));
}

function busyOf(model: Model, group: Children, item: Item, kind: readonly Item[]): Busy {
  const { target } = model.schemas;
  const key = keyOf(item, target);
  const text = keyText(key);
  const others = kind.filter((other) => other !== item).slice(0, TRIED);
  const versions = others
    .map((other) => ({ ...other, ...key }))
    .filter((version) => holds(model, new Map(group).set(text, version)));
  const rest = new Map([...group].filter(([other]) => other !== text));
  return {
    key: fromWire(key),
    partition: keyText(keyOf(item, [target[0]])),
    versions: [item, ...versions].slice(0, VERSIONS),
    mayDelete: holds(model, rest) && holds(model, new Map([[text, item]])),
  };
}

/** True where a group comes back as it is from the legacy model, under the key that it has there. */
function holds(model: Model, group: Children): boolean {
  if (group.size === 0) return true;
  try {
    const legacy = model.down([...group.values()]);
    if (!legacy) return false;
    const own = keyText(keyOf(legacy, model.schemas.legacy));
    const belong = [...group.values()].every((item) => keyText(model.legacyKey(keyOf(item, model.schemas.target))) === own);
    return belong && sameChildren(expected(model, legacy), group);
  } catch {
    return false;
  }
}

function isQueried(model: Model, partition: Item): boolean {
  try {
    return model.legacyPartition(partition) !== undefined;
  } catch {
    return false;
  }
}

/** Names and types of the attributes. */
function kindOf(item: Item): string {
  return Object.keys(item)
    .sort()
    .map((name) => `${name}:${Object.keys(item[name] ?? {})[0]}`)
    .join();
}

function pick<T>(list: readonly T[], n: number): T {
  return list[n % list.length] as T;
}

function grouped<T>(list: readonly T[], nameOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of list) groups.set(nameOf(each), [...(groups.get(nameOf(each)) ?? []), each]);
  return groups;
}
