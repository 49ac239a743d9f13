import { modelFrom } from '../../lambda/adapters/model';
import { defineTransform } from '../../lambda/client/transform';
import type { Clock } from '../../lambda/core/control';
import { canonical, type Item, type KeySchema, keyOf, keyText, withoutStamp } from '../../lambda/core/item';
import type { Position, Side } from '../../lambda/core/position';
import type { Change } from '../../lambda/core/replicate';
import { RoutingSource } from '../../lambda/core/routing-source';
import { BUCKETS, encodeFlag, initialTable, type RoutingTable } from '../../lambda/core/routing-table';
import { stamped, type Writer } from '../../lambda/core/stamp';
import type { MemoryDatabase } from './memory-database';

/** A person becomes a profile, and an address where there is one. `up` fails on the name "poison". */
export const people = modelFrom(
  defineTransform({
    version: 'people-1',
    up: ({ id, name, town }) => {
      if (name === 'poison') throw new Error('no such name');
      const items: Record<string, unknown>[] = [{ pk: `P#${id}`, sk: 'PROFILE', name }];
      return town === undefined ? items : [...items, { pk: `P#${id}`, sk: 'TOWN', town }];
    },
    down: (targets) => {
      const profile = targets.find(({ sk }) => sk === 'PROFILE');
      const town = targets.find(({ sk }) => sk === 'TOWN')?.town;
      return profile && { id: profile.pk.slice(2), name: profile.name, ...(town === undefined ? {} : { town }) };
    },
    legacyKey: ({ pk }) => {
      if (!String(pk).startsWith('P#')) throw new Error('not a person');
      return { id: String(pk).slice(2) };
    },
    canary: {
      item: (n) => ({ id: `canary-${n}`, name: 'canary' }),
      number: ({ id }) => (String(id).startsWith('canary-') ? Number(String(id).slice(7)) : undefined),
    },
  }),
  { legacy: ['id'], target: ['pk', 'sk'] },
);

/** A person in the legacy table; with a token, one that the client wrote. */
export function person(id: string, name: string, extra: { town?: string; token?: string; writer?: Writer } = {}): Item {
  const item: Item = { id: { S: id }, name: { S: name }, ...(extra.town ? { town: { S: extra.town } } : {}) };
  return extra.token ? stamped(item, extra.token, extra.writer ?? 'client') : item;
}

/** A person's profile in the target table. */
export function profile(id: string, name: string, token?: string, writer: Writer = 'client'): Item {
  const item: Item = { pk: { S: `P#${id}` }, sk: { S: 'PROFILE' }, name: { S: name } };
  return token ? stamped(item, token, writer) : item;
}

/** Fills the legacy table with `count` people, `p0` and so on, each with a town: two target items. */
export function settle(database: MemoryDatabase, count: number): void {
  for (let n = 0; n < count; n++) database.put('legacy', person(`p${n}`, `name ${n}`, { town: 'Ghent', token: `t${n}` }));
}

/** Items without stamps, by key. */
function contents(items: readonly Item[], keys: KeySchema): Map<string, string> {
  return new Map(items.map((item) => [keyText(keyOf(item, keys)), canonical(withoutStamp(item))]));
}

/** What a side holds, without stamps, by key. */
export function contentsOf(database: MemoryDatabase, side: Side): Map<string, string> {
  return contents(database.items(side), people.schemas[side]);
}

/** What the target holds when it equals `up` of legacy. */
export function expectedContents(database: MemoryDatabase): Map<string, string> {
  return contents(database.items('legacy').flatMap(people.up), people.schemas.target);
}

/** The item of a side whose key has this text. */
export function itemAt(database: MemoryDatabase, side: Side, key: string): Item | undefined {
  return database.items(side).find((item) => keyText(keyOf(item, people.schemas[side])) === key);
}

/** A clock that only moves when somebody sleeps, or when told. */
export class TestClock implements Clock {
  time = 1_000_000;
  /** Runs after each sleep. */
  woken: () => void = () => {};

  now = (): number => this.time;

  sleep = async (milliseconds: number): Promise<void> => {
    this.time += milliseconds;
    this.woken();
  };
}

/** A table with every key in one position. */
export function allIn(position: Position, extra: Partial<RoutingTable> = {}): RoutingTable {
  const table = initialTable('run-1', 60, 15);
  return { ...table, ranges: [{ below: BUCKETS, position }], scout: position, ...extra };
}

/** A routing source; `serve` changes what AppConfig has from the next question on. */
export function routingOf(first: RoutingTable, now: () => number = () => 0) {
  const served = { table: first as RoutingTable | undefined };
  const source = new RoutingSource(async () => served.table && encodeFlag(served.table), now);
  return { source, serve: (table: RoutingTable | undefined) => Object.assign(served, { table }) };
}

/** The records of a database's stream since `from`, as a change each. */
export function changesOf(database: MemoryDatabase, side: Side, from = 0): Change[] {
  return database.changes.slice(from).filter((record) => record.side === side);
}

/** Tokens in order. */
export function counting(): () => string {
  let n = 0;
  return () => `fresh-${n++}`;
}
