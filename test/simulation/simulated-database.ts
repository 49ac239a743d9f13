import { RolloutError } from '../../lambda/core/errors';
import { type Item, keyOf, keyText, sameContent } from '../../lambda/core/item';
import { LARGEST_ITEM, sizeOf } from '../../lambda/core/item-size';
import type { Schemas } from '../../lambda/core/model';
import {
  type Database,
  type InsertResult,
  mayRepeat,
  type ScanPage,
  type ScanRequest,
  type Write,
} from '../../lambda/core/ports';
import type { Side } from '../../lambda/core/position';
import { tokenOf } from '../../lambda/core/stamp';
import { MemoryDatabase } from '../memory/memory-database';
import type { Process, Surroundings, What } from './process';
import { TableStream } from './streams';
import type { Variant } from './variant';

/** Milliseconds in which a call ends, and in which what it asked for lands. */
const CALL = { limit: 8000, inFlight: 14_500 };

/** Milliseconds for which a scan may lag behind. */
const STALE = 1500;

/** Two tables with their streams: MemoryDatabase, but requests travel, transactions take time, and both may fail. */
export class SimulatedTables {
  /** Items are never changed in place, so nothing has to be copied. */
  readonly memory: MemoryDatabase;
  readonly streams: Readonly<Record<Side, TableStream>>;
  private readonly locked = new Set<string>();
  private readonly changedAt: number[] = [];

  constructor(
    schemas: Schemas,
    private readonly around: Surroundings,
    shards: Readonly<Record<Side, number>>,
    private readonly variant: Pick<Variant, 'hidesDoubt' | 'repeats'> = {},
  ) {
    this.memory = new MemoryDatabase(schemas, (value) => value);
    this.streams = {
      legacy: new TableStream(schemas.legacy, shards.legacy),
      target: new TableStream(schemas.target, shards.target),
    };
  }

  /** The tables as one process sees them. */
  seenBy(process: Process): Database {
    const { memory } = this;
    const read = <T>(what: What, land: () => Promise<T>) => process.call(what, land, CALL);
    return {
      get: (side, key) =>
        read(
          () => `get ${side} ${keyText(key)}`,
          () => memory.get(side, key),
        ),
      query: (side, key) =>
        read(
          () => `query ${side} ${keyText(key)}`,
          () => memory.query(side, key),
        ),
      getMany: (side, keys) =>
        keys.length === 0
          ? Promise.resolve([])
          : read(
              () => `get ${keys.length} of ${side}`,
              () => this.getMany(side, keys),
            ),
      write: (writes) => this.write(process, writes),
      insertAbsent: (side, items) =>
        process.call(`insert ${items.length} into ${side}`, () => this.insert(process, side, items), { ...CALL, resend: true }),
      scan: (side, request) =>
        read(
          () => `scan ${side} ${request.segment}`,
          () => this.scan(process, side, request),
        ),
    };
  }

  /** What was written before the streams were enabled is in none of them. */
  forgetChanges(): void {
    while (this.changedAt.length < this.memory.changes.length) this.changedAt.push(Number.NEGATIVE_INFINITY);
  }

  /** Hands new changes to the streams. */
  publish(): void {
    const { memory, changedAt, around } = this;
    while (changedAt.length < memory.changes.length) {
      const change = memory.changes[changedAt.length] as (typeof memory.changes)[number];
      changedAt.push(around.scheduler.now);
      this.streams[change.side].append(change, around.scheduler.now);
    }
  }

  /** Each item is read on its own: others may write between two of them. */
  private async getMany(side: Side, keys: Item[]): Promise<Item[]> {
    // The middle of the request is where others come between.
    const half = Math.ceil(keys.length / 2);
    const found = await this.memory.getMany(side, keys.slice(0, half));
    if (half === keys.length) return found;
    await this.moment(1);
    return [...found, ...(await this.memory.getMany(side, keys.slice(half)))];
  }

  private write(process: Process, writes: Write[]): Promise<boolean> {
    const [only] = writes;
    if (!only) return Promise.resolve(true);
    for (const write of writes) if (write.do === 'put' && sizeOf(write.item) > LARGEST_ITEM) return Promise.reject(tooLarge());
    const what = () => writes.map((write) => `${write.do} ${write.side} ${this.textOf(write)}`).join(' + ');
    if (writes.length > 1 || only.do === 'check' || !(mayRepeat(only) || this.variant.repeats))
      return process.call(
        what(),
        once(() => this.transaction(process, writes)),
        { ...CALL, resend: true },
      );
    // Without a condition the last writer wins, and a request that is sent again may be the last one: not promised.
    let landed = 0;
    const land = async () => {
      landed++;
      return (await this.single(only)) || (landed > 1 && this.landedBefore(only));
    };
    return process.call(what, land, { ...CALL, resend: only.when !== undefined });
  }

  private async single(write: Write): Promise<boolean> {
    if (this.locked.has(this.placeOf(write))) return false;
    const done = await this.memory.write([write]);
    this.publish();
    return done;
  }

  /** A retry after a lost answer meets what the first try wrote, or something else: then nobody knows. */
  private landedBefore(write: Write): boolean {
    const stored = this.memory.tables[write.side].get(this.textOf(write));
    const isOurs = write.do === 'put' && tokenOf(stored) === tokenOf(write.item) && sameContent(write.item, stored);
    if (isOurs) return true;
    if (this.variant.hidesDoubt) return false;
    throw new RolloutError('OutcomeUnknown', 'The condition failed when the request was sent again.');
  }

  /** Two transactions on one item at one time: the second one is refused. */
  private async transaction(process: Process, writes: Write[]): Promise<boolean> {
    const places = writes.map((write) => this.placeOf(write));
    if (places.some((place) => this.locked.has(place))) return false;
    for (const place of places) this.locked.add(place);
    await this.moment(1 + process.draw() * 5);
    const done = await this.memory.write(writes);
    for (const place of places) this.locked.delete(place);
    this.publish();
    return done;
  }

  private async insert(process: Process, side: Side, items: Item[]): Promise<{ results: InsertResult[]; units: number }> {
    const { dice } = this.around;
    const throttled = dice.happens('throttled', 0.05, { next: process.draw } as never, process.name);
    const taken = throttled ? items.slice(0, Math.floor(items.length / 2)) : items;
    const answer = await this.memory.insertAbsent(side, taken);
    this.publish();
    if (!throttled) return answer;
    throw Object.assign(new Error('no capacity'), { name: 'ProvisionedThroughputExceededException' });
  }

  private async scan(process: Process, side: Side, request: ScanRequest): Promise<ScanPage> {
    const stale = this.around.dice.happens('stale-scan', 0.3, { next: process.draw } as never, process.name);
    const limited = { ...request, limit: request.limit ?? 3 };
    if (!stale) return this.memory.scan(side, limited);
    const tables = { ...this.memory.tables, [side]: this.earlier(side, process.draw) };
    const view: MemoryDatabase = Object.create(this.memory, { tables: { value: tables } });
    return view.scan(side, limited);
  }

  /** The items of a side, some as they were a moment before. */
  private earlier(side: Side, draw: () => number): Map<string, Item> {
    const { memory, changedAt, around } = this;
    const items = new Map(memory.tables[side]);
    const settled = new Set<string>();
    for (let n = changedAt.length - 1; n >= 0 && (changedAt[n] as number) > around.scheduler.now - STALE; n--) {
      const change = memory.changes[n] as (typeof memory.changes)[number];
      const text = keyText(change.key);
      if (change.side !== side || settled.has(text)) continue;
      if (draw() < 0.5) settled.add(text);
      else if (change.before) items.set(text, change.before);
      else items.delete(text);
    }
    return items;
  }

  private moment(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.around.scheduler.after(milliseconds, resolve));
  }

  private textOf(write: Write): string {
    return keyText(write.do === 'put' ? keyOf(write.item, this.memory.schemas[write.side]) : write.key);
  }

  private placeOf(write: Write): string {
    return `${write.side} ${this.textOf(write)}`;
  }
}

/** A transaction has a token: sent again, it gives the first answer. */
function once<T>(land: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= land();
    return answer;
  };
}

function tooLarge(): Error {
  return Object.assign(new Error('Item size has exceeded the maximum allowed size'), { name: 'ValidationException' });
}
