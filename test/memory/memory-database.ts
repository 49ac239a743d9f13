import { RolloutError } from '../../lambda/core/errors';
import { canonical, decimalText, digest, type Item, keyOf, keyText, withoutStamp } from '../../lambda/core/item';
import { LARGEST_ITEM, sizeOf } from '../../lambda/core/item-size';
import type { Schemas } from '../../lambda/core/model';
import type { Condition, Database, InsertResult, ScanPage, ScanRequest, Write } from '../../lambda/core/ports';
import type { Side } from '../../lambda/core/position';
import type { Change } from '../../lambda/core/replicate';
import { STAMP, tokenOf } from '../../lambda/core/stamp';

/** One record of a stream with both images. */
export interface StreamRecord extends Change {
  readonly side: Side;
}

/** DynamoDB in memory: two tables with conditional writes, transactions and streams, one call after the other. */
export class MemoryDatabase implements Database {
  /** Items by the text of their key. */
  readonly tables: Readonly<Record<Side, Map<string, Item>>> = { legacy: new Map(), target: new Map() };
  /** Every change of both tables, in order. A write that changes nothing leaves no record, as on DynamoDB. */
  readonly changes: StreamRecord[] = [];
  /** Awaited before each call: tests interleave, delay or fail here. */
  before: (call: string) => Promise<void> | void = () => {};

  /** `copy` is what keeps stored items apart from those that callers hold. */
  constructor(
    readonly schemas: Schemas,
    private readonly copy: <T>(value: T) => T = structuredClone,
  ) {}

  async get(side: Side, key: Item): Promise<Item | undefined> {
    await this.before('get');
    return this.read(side, key);
  }

  /** Each item is read on its own, as BatchGetItem does: other calls may come between. */
  async getMany(side: Side, keys: Item[]): Promise<Item[]> {
    const found: Item[] = [];
    for (const key of keys) found.push(...[await this.get(side, key)].filter((item) => item !== undefined));
    return found;
  }

  async query(side: Side, key: Item): Promise<Item[]> {
    await this.before('query');
    const sort = this.schemas[side][1];
    const matches = this.items(side).filter((item) => Object.entries(key).every(([name, value]) => sameValue(item[name], value)));
    return sort ? matches.sort((a, b) => compareKeys(a[sort], b[sort])) : matches;
  }

  async write(writes: Write[]): Promise<boolean> {
    await this.before('write');
    const places = writes.map((write) => `${write.side} ${this.textOf(write)}`);
    if (new Set(places).size !== places.length)
      throw new Error(`Two writes of one transaction on one item: ${places.join('; ')}`);
    if (writes.length > 100) throw new Error('A transaction has at most 100 actions.');
    for (const write of writes) if (write.do === 'put') this.requireSize(write.side, write.item);
    if (!writes.every((write) => holds(write.when, this.tables[write.side].get(this.textOf(write))))) return false;
    for (const write of writes) {
      if (write.do === 'put') this.put(write.side, write.item);
      if (write.do === 'delete') this.remove(write.side, write.key);
    }
    return true;
  }

  async insertAbsent(side: Side, items: Item[]): Promise<{ results: InsertResult[]; units: number }> {
    for (const item of items) this.requireSize(side, item);
    const results: InsertResult[] = [];
    for (const item of items) {
      const done = await this.write([{ do: 'put', side, item, when: { is: 'absent' } }]);
      results.push(done ? 'inserted' : 'exists');
    }
    return { results, units: items.reduce((sum, item) => sum + Math.ceil(sizeOf(item) / 1024), 0) };
  }

  /** By the hash of the key: a cursor stays good when items come and go. */
  async scan(side: Side, { segment, segments, after, limit = 1000 }: ScanRequest): Promise<ScanPage> {
    await this.before('scan');
    const schema = this.schemas[side];
    const start = after ? digest(keyOf(after, schema)) : '';
    const rest = this.items(side)
      .map((item) => ({ item, hash: digest(keyOf(item, schema)) }))
      .filter(({ hash }) => Number.parseInt(hash.slice(-8), 16) % segments === segment && hash > start)
      .sort((a, b) => (a.hash < b.hash ? -1 : 1));
    const items = rest.slice(0, limit).map(({ item }) => item);
    const last = items.at(-1);
    return { items, next: rest.length > limit && last ? keyOf(last, schema) : undefined, units: items.length / 2 };
  }

  /** A write by code that knows nothing of a rollout. */
  put(side: Side, item: Item): void {
    const stored = normalised({ M: item }).M as Item;
    const key = keyOf(stored, this.schemas[side]);
    const before = this.read(side, key);
    this.tables[side].set(keyText(key), stored);
    if (!before || canonical(before) !== canonical(stored)) this.record({ side, key, before, after: stored, byService: false });
  }

  /** A deletion by code that knows nothing of a rollout. */
  remove(side: Side, key: Item, byService = false): void {
    const before = this.read(side, key);
    this.tables[side].delete(keyText(key));
    if (before) this.record({ side, key, before, byService });
  }

  /** A deletion by DynamoDB's own time-to-live. */
  expire(side: Side, key: Item): void {
    this.remove(side, key, true);
  }

  /** All items of a side, copied. */
  items(side: Side): Item[] {
    return this.copy([...this.tables[side].values()]);
  }

  /** All items of a side by key, as texts without stamps: equal for equal tables. */
  contents(side: Side): Map<string, string> {
    const texts = [...this.tables[side]].map(([key, item]) => [key, canonical(withoutStamp(item))] as const);
    return new Map(texts.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The same as `changes`. */
  get stream(): StreamRecord[] {
    return this.changes;
  }

  private requireSize(side: Side, item: Item): void {
    if (sizeOf(item) <= LARGEST_ITEM) return;
    const key = keyText(keyOf(item, this.schemas[side]));
    throw new RolloutError('GroupTooLarge', `${key} is larger than 400 KB.`, { key });
  }

  private read(side: Side, key: Item): Item | undefined {
    return this.copy(this.tables[side].get(keyText(key)));
  }

  private record(record: StreamRecord): void {
    this.changes.push(this.copy(record));
  }

  private textOf(write: Write): string {
    return keyText(write.do === 'put' ? keyOf(write.item, this.schemas[write.side]) : write.key);
  }
}

function holds(condition: Condition | undefined, item: Item | undefined): boolean {
  if (!condition) return true;
  if (condition.is === 'absent') return item === undefined;
  if (!item) return false;
  if (condition.is === 'at') return tokenOf(item) === condition.token;
  const read = Object.entries(condition.since).filter(([name]) => name !== STAMP);
  return tokenOf(item) === tokenOf(condition.since) && read.every(([name, value]) => sameValue(item[name], value));
}

function sameValue(a: Item[string] | undefined, b: Item[string] | undefined): boolean {
  return a !== undefined && b !== undefined && canonical({ a }) === canonical({ a: b });
}

/** Numbers by value, texts and binary by their bytes. */
export function compareKeys(a: Item[string] | undefined, b: Item[string] | undefined): number {
  if (a && b && 'N' in a && 'N' in b) return Number(a.N) - Number(b.N);
  return Buffer.compare(bytesOf(a), bytesOf(b));
}

function bytesOf(value: Item[string] | undefined): Buffer {
  if (value && 'B' in value) return Buffer.from(value.B);
  return Buffer.from(value && 'S' in value ? value.S : '');
}

/** As DynamoDB stores it: numbers without superfluous zeros. */
// biome-ignore lint/suspicious/noExplicitAny: walks every kind of attribute
function normalised(value: any): any {
  if (value.N !== undefined) return { N: decimalText(value.N) };
  if (value.NS) return { NS: value.NS.map(decimalText) };
  if (value.L) return { L: value.L.map(normalised) };
  if (value.M) return { M: Object.fromEntries(Object.entries(value.M).map(([name, inner]) => [name, normalised(inner)])) };
  return structuredClone(value);
}
