import { expected } from '../core/group';
import { type Item, keyOf, keyText, sameContent } from '../core/item';
import type { Model } from '../core/model';
import type { Database, Write } from '../core/ports';
import type { Side } from '../core/position';
import { stamped, type Tokens, tokenOf } from '../core/stamp';
import type { Lane } from '../core/traffic';

/** What canaries need from outside. */
export interface CanaryPorts {
  readonly database: Database;
  readonly model: Model;
  readonly tokens: Tokens;
  /** At least 0, less than 1. */
  readonly random: () => number;
}

/** Numbers go up to here, so that two proofs hardly ever choose the same one, and stay small integers. */
const NUMBERS = 2 ** 30;

/** A fresh number: even ones scout, odd ones lead. */
export function freshNumber(lane: Lane, random: () => number): number {
  return Math.floor(random() * NUMBERS) * 2 + (lane === 'lead' ? 1 : 0);
}

/** The other side. */
export function followerOf(side: Side): Side {
  return side === 'legacy' ? 'target' : 'legacy';
}

/** What a canary looks like on one side, without stamps. */
export function itemsOf(model: Model, side: Side, n: number): Item[] {
  return side === 'legacy' ? [model.canary(n)] : [...expected(model, model.canary(n)).values()];
}

/** Texts of the keys of canaries on one side. */
export function keyTexts(model: Model, side: Side, numbers: readonly number[]): Set<string> {
  return new Set(numbers.flatMap((n) => itemsOf(model, side, n).map((item) => keyText(keyOf(item, model.schemas[side])))));
}

/** Writes a canary to one side only, as the client would; false when it is there already. */
export function writeCanary({ database, model, tokens }: CanaryPorts, side: Side, n: number): Promise<boolean> {
  const token = tokens();
  const writes = itemsOf(model, side, n).map((item): Write => {
    return { do: 'put', side, item: stamped(item, token, 'client'), when: { is: 'absent' } };
  });
  return database.write(writes);
}

/** True when a side holds the whole canary. */
export async function hasCanary({ database, model }: CanaryPorts, side: Side, n: number): Promise<boolean> {
  const wanted = itemsOf(model, side, n);
  const found = await read(database, model, side, wanted);
  return wanted.every((item, index) => sameContent(item, found[index]));
}

/** True when a side holds nothing of the canary. */
export async function lacksCanary({ database, model }: CanaryPorts, side: Side, n: number): Promise<boolean> {
  const found = await read(database, model, side, itemsOf(model, side, n));
  return found.every((item) => item === undefined);
}

/** Deletes what one side holds of a canary, each item as it was read; false when somebody else was at it. */
export async function removeCanary({ database, model }: CanaryPorts, side: Side, n: number): Promise<boolean> {
  const found = await read(database, model, side, itemsOf(model, side, n));
  const writes = found.flatMap((item): Write[] => {
    if (!item) return [];
    const token = tokenOf(item);
    const when = token === undefined ? ({ is: 'unchanged', since: item } as const) : ({ is: 'at', token } as const);
    return [{ do: 'delete', side, key: keyOf(item, model.schemas[side]), when }];
  });
  return writes.length === 0 || database.write(writes);
}

/** What a side holds under the keys of these items, in their order. */
async function read(database: Database, model: Model, side: Side, items: Item[]): Promise<(Item | undefined)[]> {
  const schema = model.schemas[side];
  const found = await database.getMany(
    side,
    items.map((item) => keyOf(item, schema)),
  );
  const byText = new Map(found.map((item) => [keyText(keyOf(item, schema)), item]));
  return items.map((item) => byText.get(keyText(keyOf(item, schema))));
}
