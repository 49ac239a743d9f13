import type { Item } from '../../lambda/core/item';
import type { Model } from '../../lambda/core/model';
import { STAMP } from '../../lambda/core/stamp';
import { oneToMany } from '../core/models';

const CANARY = 'canary-';

/** One legacy item holds a map of parts; each part becomes a target item of its own. Any part may come and go. */
export const partsModel: Model = {
  ...oneToMany,
  version: 'parts-1',
  legacyPartition: ({ pk }) => ({ key: { id: pk as Item[string] } }),
  canary: (n) => group(`${CANARY}${n}`, { a: 'canary', b: 'canary' }),
  canaryNumber: ({ id }) => (isCanary(textIn(id)) ? Number(textIn(id).slice(CANARY.length)) : undefined),
};

export function isCanary(id: string): boolean {
  return id.startsWith(CANARY);
}

/** A legacy item. */
export function group(id: string, parts: Readonly<Record<string, string>>): Item {
  return { id: { S: id }, parts: { M: Object.fromEntries(Object.entries(parts).map(([part, v]) => [part, { S: v }])) } };
}

/** The parts of a legacy item. */
export function partsOf(item: Item | undefined): Record<string, string> {
  const map = (item?.parts as { M: Item } | undefined)?.M ?? {};
  return Object.fromEntries(Object.entries(map).map(([part, v]) => [part, textIn(v)]));
}

export function textIn(value: Item[string] | undefined): string {
  return value && 'S' in value ? value.S : '';
}

/** Items of a table by group and part, without stamps: what the application would see. */
export function partsByKey(items: readonly Item[]): Map<string, string> {
  const legacy = items.flatMap((item) => ('parts' in item ? partsModel.up(item) : [item]));
  return new Map(legacy.map(({ [STAMP]: _, pk, part, v }) => [`${textIn(pk)}/${textIn(part)}`, textIn(v)]));
}
