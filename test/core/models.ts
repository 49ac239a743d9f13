import { type Item, keyText } from '../../lambda/core/item';
import type { Model } from '../../lambda/core/model';
import { stamped } from '../../lambda/core/stamp';
import type { MemoryDatabase } from '../memory/memory-database';

const text = (item: Item, name: string): string => (item[name] as { S: string }).S;

/** What all models share: legacy items by `id`, no canaries. */
const base = {
  version: 'test',
  routingKey: (legacyKey: Item) => text(legacyKey, 'id'),
  legacyPartition: () => undefined,
  canary: (n: number): Item => ({ id: { S: `canary-${n}` }, v: { S: 'canary' } }),
  canaryNumber: () => undefined,
  patterns: new Map(),
};

/** One legacy item, one target item, another key. */
export const oneToOne: Model = {
  ...base,
  schemas: { legacy: ['id'], target: ['pk'] },
  up: ({ id, ...rest }) => [{ ...rest, pk: { S: `P#${(id as { S: string }).S}` } }],
  down: ([item]) => {
    if (!item) return undefined;
    const { pk, ...rest } = item;
    return { ...rest, id: { S: text({ pk: pk as Item[string] }, 'pk').slice(2) } };
  },
  legacyKey: (target) => ({ id: { S: text(target, 'pk').slice(2) } }),
};

/** One legacy item with a map of parts, one target item for each part: none to three. */
export const oneToMany: Model = {
  ...base,
  schemas: { legacy: ['id'], target: ['pk', 'part'] },
  up: ({ id, parts }) =>
    Object.entries((parts as { M: Item }).M).map(([part, v]) => ({ pk: id as Item[string], part: { S: part }, v })),
  down: (items) => {
    const [first] = items;
    if (!first) return undefined;
    const parts = Object.fromEntries(items.map((item) => [text(item, 'part'), item.v as Item[string]]));
    return { id: first.pk as Item[string], parts: { M: parts } };
  },
  legacyKey: ({ pk }) => ({ id: pk as Item[string] }),
};

/** One legacy item, one target item whose key follows an attribute: the key changes when the content does. */
export const keyChanging: Model = {
  ...base,
  schemas: { legacy: ['id'], target: ['v', 'id'] },
  up: (legacy) => [legacy],
  down: ([item]) => item,
  legacyKey: ({ id }) => ({ id: id as Item[string] }),
};

export const MODELS = { oneToOne, oneToMany, keyChanging };
export type ModelName = keyof typeof MODELS;

/** A legacy item of a model: key `id`, content `v` from 0 to 7. */
export function legacyItem(name: ModelName, id: string, v: number): Item {
  if (name !== 'oneToMany') return { id: { S: id }, v: { S: `v${v}` } };
  const parts = ['a', 'b', 'c'].filter((_, bit) => v & (1 << bit)).map((part) => [part, { S: `v${v}` }]);
  return { id: { S: id }, parts: { M: Object.fromEntries(parts) } };
}

/** What the target has to hold: `up` of every legacy item, by key, without stamps. */
export function upOfLegacy(model: Model, database: MemoryDatabase): Map<string, string> {
  const copy = new (database.constructor as typeof MemoryDatabase)(database.schemas);
  for (const item of database.items('legacy')) for (const child of model.up(withoutToken(item))) copy.put('target', child);
  return copy.contents('target');
}

/** What legacy has to hold: `down` of every group of the target. */
export function downOfTarget(model: Model, database: MemoryDatabase): Map<string, string> {
  const copy = new (database.constructor as typeof MemoryDatabase)(database.schemas);
  const groups = new Map<string, Item[]>();
  for (const item of database.items('target').map(withoutToken)) {
    const key = keyText(model.legacyKey(item));
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  for (const group of groups.values()) copy.put('legacy', model.down(group) as Item);
  return copy.contents('legacy');
}

function withoutToken({ _rollout: _, ...item }: Item): Item {
  return item;
}

/** Tokens `t1`, `t2`, and so on. */
export function counting(): () => string {
  let n = 0;
  return () => `t${++n}`;
}

export { stamped };
