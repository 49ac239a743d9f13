import { attributesThatDiffer, canonical, type Item, keyOf } from './item';

/** One thing that two answers do not agree on. */
export interface Disagreement {
  /** Which side alone says it; `order` where both do, and in another order. */
  readonly by: 'legacy' | 'target' | 'order';
  readonly item: Item;
}

/** What two answers do not agree on, by a text that is the same at another look. */
export type Disagreements = ReadonlyMap<string, Disagreement>;

/** What stayed different, without values. */
export interface Difference {
  /** How many items one side alone answers with. */
  readonly legacyOnly: number;
  readonly targetOnly: number;
  /** Neighbours in the one answer that stand the other way round in the other. */
  readonly outOfOrder: number;
  /** Names of the attributes in which items that are nearly the same differ. */
  readonly attributes: readonly string[];
}

/** Items whose attributes are looked at. */
const TOLD = 20;

/** What the answers do not agree on. An item that is there twice must be twice in both. */
export function disagreementsOf(legacy: readonly Item[], target: readonly Item[], ordered: boolean): Disagreements {
  const [old, fresh] = [numbered(legacy), numbered(target)];
  const only = (by: 'legacy' | 'target', mine: Map<string, Item>, others: Map<string, Item>) =>
    [...mine].filter(([text]) => !others.has(text)).map(([text, item]) => [`${by} ${text}`, { by, item }] as const);
  return new Map<string, Disagreement>([
    ...only('legacy', old, fresh),
    ...only('target', fresh, old),
    ...(ordered ? turned(old, fresh) : []),
  ]);
}

/** What was there at both looks: what changes in between is another thing each time. */
export function persisting(before: Disagreements, now: Disagreements): Disagreements {
  return new Map([...now].filter(([text]) => before.has(text)));
}

/** How much it is, and in which attributes. */
export function differenceOf(disagreements: Disagreements): Difference {
  const of = (by: Disagreement['by']) => [...disagreements.values()].filter((one) => one.by === by).map(({ item }) => item);
  const [legacy, target] = [of('legacy'), of('target')];
  const names = legacy.slice(0, TOLD).flatMap((item) => nearest(item, target.slice(0, TOLD)));
  return {
    ...{ legacyOnly: legacy.length, targetOnly: target.length, outOfOrder: of('order').length },
    attributes: [...new Set(names)].sort(),
  };
}

/** Items by their content and by how often it came before. */
function numbered(items: readonly Item[]): Map<string, Item> {
  const counts = new Map<string, number>();
  return new Map(
    items.map((item) => {
      const text = canonical(item);
      const count = counts.get(text) ?? 0;
      counts.set(text, count + 1);
      return [`${count} ${text}`, item];
    }),
  );
}

/** Neighbours among what both say, as the first says it, that the second says the other way round. */
function turned(old: Map<string, Item>, fresh: Map<string, Item>): [string, Disagreement][] {
  const places = new Map([...fresh.keys()].map((text, index) => [text, index]));
  const common = [...old.keys()].filter((text) => places.has(text));
  return common.slice(1).flatMap((text, index): [string, Disagreement][] => {
    const before = common[index] as string;
    const isTurned = (places.get(before) as number) > (places.get(text) as number);
    return isTurned ? [[`order ${before} ${text}`, { by: 'order', item: old.get(text) as Item }]] : [];
  });
}

/** The attributes in which the item that is most like this one differs; none where no other has anything of it. */
function nearest(item: Item, others: readonly Item[]): string[] {
  const candidates = others
    .filter((other) =>
      Object.keys(item).some((name) => other[name] && canonical(keyOf(item, [name])) === canonical(keyOf(other, [name]))),
    )
    .map((other) => attributesThatDiffer(item, other));
  return candidates.sort((a, b) => a.length - b.length)[0] ?? [];
}
