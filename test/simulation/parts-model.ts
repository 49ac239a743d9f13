import type { AccessPattern } from '../../lambda/core/access-pattern';
import { RolloutError } from '../../lambda/core/errors';
import { type Attribute, type Item, type KeySchema, keyOf, normalNumber, withoutStamp } from '../../lambda/core/item';
import type { Model } from '../../lambda/core/model';
import { STAMP } from '../../lambda/core/stamp';
import { readName, writeName } from './values';

const CANARY = 'canary-';

/** How the target's keys are made. */
export const SHAPES = ['S', 'N', 'B', 'shared'] as const;
/** The type of the sort key, where each group has a partition of its own; or one partition that all groups share. */
export type Shape = (typeof SHAPES)[number];

/** The parts in their order, as numbers: one that a comparison of texts would put elsewhere. */
const NUMBERS: Readonly<Record<string, string>> = { a: '-20', b: '-3.5', c: '120' };

/** A model, and what tests have to know of its keys. */
export interface PartsModel extends Model {
  targetKey(group: string, part: string): Item;
  /** The group and the part of a target item, or of its key. */
  place(target: Item): readonly [group: string, part: string];
}

/** One legacy item holds a map of parts; each part becomes a target item of its own. Any part may come and go. */
export function partsModel(shape: Shape): PartsModel {
  const isShared = shape === 'shared';
  const legacySchema: KeySchema = isShared ? ['home', 'id'] : ['id'];
  const targetKey = (id: string, part: string): Item =>
    isShared ? { pk: homeOf(id), part: { S: `${id}/${part}` } } : { pk: { S: id }, part: sortKey(part, shape) };
  const place = ({ pk, part }: Item): readonly [string, string] =>
    isShared ? (textIn(part).split('/') as [string, string]) : [textIn(pk), partOf(part as Attribute)];
  const up = (legacy: Item): Item[] =>
    Object.entries(mapOf(legacy)).map(([part, v]) => ({ ...targetKey(textIn(legacy.id), part), v }));
  return {
    version: 'parts-1',
    schemas: { legacy: legacySchema, target: ['pk', 'part'] },
    up,
    down: (items) => {
      const places = items.map((item) => [place(item), item.v as Attribute] as const);
      const first = places[0];
      return first && whole(first[0][0], Object.fromEntries(places.map(([[, part], v]) => [part, v])));
    },
    legacyKey: (target) => keyOf(whole(place(target)[0], {}), legacySchema),
    routingKey: ({ id }) => textIn(id),
    legacyPartition: ({ pk }) => ({ key: { [legacySchema[0]]: pk as Attribute } }),
    canary: (n) => group(`${CANARY}${n}`, { a: 'canary', b: 'canary' }),
    canaryNumber: ({ id }) => (isCanary(textIn(id)) ? Number(textIn(id).slice(CANARY.length)) : undefined),
    patterns: new Map([['group', wholeGroup(legacySchema[0], up, (id) => keyOf(targetKey(id, 'a'), ['pk']))]]),
    targetKey,
    place,
  };
}

/** Everything in the partition that a group is in, on either side. */
function wholeGroup(partition: string, up: (legacy: Item) => Item[], partitionOf: (id: string) => Item): AccessPattern {
  return {
    ordered: false,
    params: (legacy) => ({ values: keyOf(legacy, [partition, 'id']), from: keyOf(legacy, [partition, 'id']) }),
    query: (side, { values }) => {
      const key = side === 'legacy' ? keyOf(values, [partition]) : partitionOf(textIn(values.id));
      return { partition: key, descending: false };
    },
    answer: (side, items) => (side === 'legacy' ? items.flatMap(up) : items.map(withoutStamp)),
  };
}

function sortKey(part: string, type: Shape): Attribute {
  if (type === 'N') return { N: NUMBERS[part] as string };
  return type === 'B' ? { B: new Uint8Array(Buffer.from(part)) } : { S: part };
}

function partOf(key: Attribute): string {
  if ('B' in key) return Buffer.from(key.B).toString();
  if (!('N' in key)) return textIn(key);
  return Object.keys(NUMBERS).find((part) => normalNumber(NUMBERS[part] as string) === normalNumber(key.N)) as string;
}

/** A legacy item; each part has a name for its value. */
export function group(id: string, parts: Readonly<Record<string, string>>): Item {
  return whole(id, Object.fromEntries(Object.entries(parts).map(([part, name]) => [part, writeName(name)])));
}

function whole(id: string, parts: Item): Item {
  return { home: homeOf(id), id: { S: id }, parts: { M: parts } };
}

function homeOf(id: string): Attribute {
  return { S: isCanary(id) ? id : 'home' };
}

/** What `up` cannot make anything of. */
export function broken(id: string): Item {
  return { ...whole(id, {}), parts: { S: 'broken' } };
}

export function isBroken(item: Item): boolean {
  return item.parts !== undefined && !('M' in item.parts);
}

function mapOf(legacy: Item): Item {
  if (isBroken(legacy)) throw new RolloutError('TransformFailed', `${textIn(legacy.id)} is broken.`, { key: textIn(legacy.id) });
  return (legacy.parts as { M: Item }).M;
}

export function isCanary(id: string): boolean {
  return id.startsWith(CANARY);
}

/** The parts of a legacy item, by name; none of a broken one. */
export function partsOf(legacy: Item): Record<string, string> {
  const parts = isBroken(legacy) ? {} : mapOf(legacy);
  return Object.fromEntries(Object.entries(parts).map(([part, value]) => [part, readName(value)]));
}

export function textIn(value: Attribute | undefined): string {
  return value && 'S' in value ? value.S : '';
}

/** Items of a table by group and part, without stamps: what the application would see. */
export function partsByKey(model: PartsModel, items: readonly Item[]): Map<string, string> {
  return new Map(
    items.flatMap(({ [STAMP]: _, ...item }) => {
      if (!item.id) return [[model.place(item).join('/'), readName(item.v as Attribute)] as const];
      return Object.entries(partsOf(item)).map(([part, name]) => [`${textIn(item.id)}/${part}`, name] as const);
    }),
  );
}
