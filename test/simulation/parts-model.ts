import { RolloutError } from '../../lambda/core/errors';
import { type Attribute, type Item, normalNumber } from '../../lambda/core/item';
import type { Model } from '../../lambda/core/model';
import { STAMP } from '../../lambda/core/stamp';
import { oneToMany } from '../core/models';
import { readName, writeName } from './values';

const CANARY = 'canary-';

/** Types that a sort key may have. */
export const SORT_TYPES = ['S', 'N', 'B'] as const;
export type SortType = (typeof SORT_TYPES)[number];

/** The parts in their order, as numbers: one that a comparison of texts would put elsewhere. */
const NUMBERS: Readonly<Record<string, string>> = { a: '-20', b: '-3.5', c: '120' };

/** The sort key of a part. */
export function sortKey(part: string, type: SortType): Attribute {
  if (type === 'N') return { N: NUMBERS[part] as string };
  return type === 'B' ? { B: new Uint8Array(Buffer.from(part)) } : { S: part };
}

/** The part of a sort key. */
export function partOf(key: Attribute): string {
  if ('B' in key) return Buffer.from(key.B).toString();
  if (!('N' in key)) return textIn(key);
  return Object.keys(NUMBERS).find((part) => normalNumber(NUMBERS[part] as string) === normalNumber(key.N)) as string;
}

/** One legacy item holds a map of parts; each part becomes a target item of its own. Any part may come and go. */
export function partsModel(type: SortType): Model {
  return {
    ...oneToMany,
    version: 'parts-1',
    up: (legacy) => oneToMany.up(whole(legacy)).map((item) => ({ ...item, part: sortKey(textIn(item.part), type) })),
    down: (items) => oneToMany.down(items.map((item) => ({ ...item, part: { S: partOf(item.part as Attribute) } }))),
    legacyPartition: ({ pk }) => ({ key: { id: pk as Attribute } }),
    canary: (n) => group(`${CANARY}${n}`, { a: 'canary', b: 'canary' }),
    canaryNumber: ({ id }) => (isCanary(textIn(id)) ? Number(textIn(id).slice(CANARY.length)) : undefined),
  };
}

/** What `up` cannot make anything of. */
export function broken(id: string): Item {
  return { id: { S: id }, parts: { S: 'broken' } };
}

export function isBroken(item: Item | undefined): boolean {
  return item?.parts !== undefined && !('M' in item.parts);
}

function whole(legacy: Item): Item {
  if (isBroken(legacy)) throw new RolloutError('TransformFailed', `${textIn(legacy.id)} is broken.`, { key: textIn(legacy.id) });
  return legacy;
}

export function isCanary(id: string): boolean {
  return id.startsWith(CANARY);
}

/** A legacy item; each part has a name for its value. */
export function group(id: string, parts: Readonly<Record<string, string>>): Item {
  const map = Object.fromEntries(Object.entries(parts).map(([part, name]) => [part, writeName(name)]));
  return { id: { S: id }, parts: { M: map } };
}

/** The parts of a legacy item, by name. */
export function partsOf(item: Item | undefined): Record<string, string> {
  const map = isBroken(item) ? {} : ((item?.parts as { M: Item } | undefined)?.M ?? {});
  return Object.fromEntries(Object.entries(map).map(([part, value]) => [part, readName(value)]));
}

export function textIn(value: Attribute | undefined): string {
  return value && 'S' in value ? value.S : '';
}

/** Items of a table by group and part, without stamps: what the application would see. */
export function partsByKey(items: readonly Item[]): Map<string, string> {
  return new Map(
    items.flatMap(({ [STAMP]: _, ...item }) => {
      if (!item.id) return [[`${textIn(item.pk)}/${partOf(item.part as Attribute)}`, readName(item.v as Attribute)] as const];
      return Object.entries(partsOf(item)).map(([part, name]) => [`${textIn(item.id)}/${part}`, name] as const);
    }),
  );
}
