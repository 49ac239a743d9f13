import { setTimeout as wait } from 'node:timers/promises';
import { toWire } from '../../lambda/adapters/plain-items';
import { type KeySchema, keyOf, keyText } from '../../lambda/core/item';
import { stateOf } from './audit';
import type { History, Verdict } from './history';
import { type Probe, probeOf } from './probe';

/** What the traffic uses of a client: the items of the new model. */
export interface Items<T, K> {
  get(key: K): Promise<T | undefined>;
  put(item: T): Promise<unknown>;
  update(key: K, change: (item: T | undefined) => T): Promise<unknown>;
  delete(key: K): Promise<unknown>;
  query(partition: Partial<K>): Promise<T[]>;
}

/** What the traffic does to which items. */
export interface Work<T, K> {
  /** Key attributes of the new model. */
  readonly schema: KeySchema;
  /** Items that are written and read, there already or not. */
  readonly keys: readonly K[];
  /** The partition of a key, and the keys that are known of it; undefined where partitions cannot be queried. */
  partition(key: K): { readonly of: Partial<K>; readonly keys: readonly K[] } | undefined;
  /** What is put where there is nothing. `edit` is another number each time. */
  fresh(key: K, edit: number): T;
  /** What an item is changed to. */
  edited(item: T, edit: number): T;
  /** False for a key that the model cannot do without. @default all may be deleted */
  mayDelete?(key: K): boolean;
}

/** A read that did not see what it must. */
export interface WrongRead {
  readonly key: string;
  readonly by: string;
  readonly at: Date;
  readonly verdict: Exclude<Verdict, 'right'>;
}

/** What a client saw. */
export interface Client {
  readonly name: string;
  reads: number;
  writes: number;
  /** Longest time in milliseconds from asking for something to having it, tries again included. */
  longestPause: number;
  /** How often each error came back, by name. */
  readonly errors: Map<string, number>;
}

/** Live traffic. */
export interface Traffic {
  readonly clients: readonly Client[];
  readonly wrongReads: readonly WrongRead[];
  /** From now on pauses count as those of the rollout, not as the usual ones. */
  rolloutBegins(): void;
  /** The pauses between successful writes of all clients. */
  probe(): Probe;
  /** Ends all loops; every write has its outcome then. */
  stop(): Promise<void>;
}

/** Errors of the client that say that nothing was written. */
const REFUSALS = new Set(['WritesFenced', 'LeaseExpired', 'NotRepresentable', 'GroupTooLarge']);
/** Errors that come back however often the same is tried: the model cannot have it beside what else is there. */
const FINAL = new Set(['NotRepresentable', 'GroupTooLarge', 'TransformFailed']);
const RETRY_MILLISECONDS = 100;

/** What traffic runs over. */
export interface TrafficOptions<T, K> {
  readonly history: History;
  /** Each writer and reader has a client of its own, with its own view of the routing table. */
  readonly connect: (name: string) => Promise<Items<T, K>>;
  readonly work: Work<T, K>;
  readonly writers: number;
  readonly readers: number;
  /** Milliseconds that each client rests between two operations. */
  readonly rest: number;
  readonly metrics: Metrics;
}

/** Hears of every try of an operation. */
export interface Metrics {
  operation(milliseconds: number, failed: boolean): void;
}

/** Starts writers and readers. Each key has one writer; items that are made of one legacy item may have different ones. */
export async function startTraffic<T extends object, K extends object>(options: TrafficOptions<T, K>): Promise<Traffic> {
  const { history, work, writers, readers, rest } = options;
  const { keys } = work;
  const state: Shared = {
    history,
    wrongReads: [],
    pauses: { steady: [], during: [] },
    phase: 'steady',
    edits: 0,
    stopping: false,
    metrics: options.metrics,
  };
  const names = [
    ...Array.from({ length: writers }, (_, n) => `writer-${n + 1}`),
    ...Array.from({ length: readers }, (_, n) => `reader-${n + 1}`),
  ];
  const actors = await Promise.all(names.map(async (name) => new Actor(name, await options.connect(name), work, state)));
  const loops = actors.map(async (actor, index) => {
    const own = index < writers ? keys.filter((_, n) => n % writers === index) : undefined;
    while (!state.stopping) {
      await (own ? actor.write(pick(own)) : actor.read(pick(keys)));
      await wait(rest * (0.5 + Math.random()));
    }
  });
  return {
    clients: actors.map(({ client }) => client),
    wrongReads: state.wrongReads,
    rolloutBegins: () => {
      state.phase = 'during';
    },
    probe: () => probeOf(state.pauses.steady, state.pauses.during),
    stop: async () => {
      state.stopping = true;
      await Promise.all(loops);
    },
  };
}

interface Shared {
  readonly history: History;
  readonly wrongReads: WrongRead[];
  readonly pauses: { readonly steady: number[]; readonly during: number[] };
  phase: 'steady' | 'during';
  edits: number;
  stopping: boolean;
  readonly metrics: Metrics;
}

/** One client of the application. */
class Actor<T extends object, K extends object> {
  readonly client: Client;
  private wroteAt: number | undefined;

  constructor(
    name: string,
    private readonly items: Items<T, K>,
    private readonly work: Work<T, K>,
    private readonly shared: Shared,
  ) {
    this.client = { name, reads: 0, writes: 0, longestPause: 0, errors: new Map() };
  }

  /** Creates, changes or deletes one item, and half of the time reads its own write. */
  async write(key: K): Promise<void> {
    const { history } = this.shared;
    const text = this.textOf(key);
    const standing = history.standing(text);
    const there = standing !== 'unknown' && standing.state !== undefined;
    const kind = there ? pickKind(this.work.mayDelete?.(key) ?? true) : 'put';
    if (!(await this.persistently(() => this.attempt(kind, key, text)))) return;
    this.client.writes++;
    this.paused();
    if (Math.random() < 0.5) await this.get(key);
  }

  private paused(): void {
    const now = performance.now();
    if (this.wroteAt !== undefined) this.shared.pauses[this.shared.phase].push(now - this.wroteAt);
    this.wroteAt = now;
  }

  async read(key: K): Promise<void> {
    const partition = Math.random() < 0.7 ? undefined : this.work.partition(key);
    if (partition) await this.query(partition);
    else await this.get(key);
  }

  private async attempt(kind: 'put' | 'update' | 'delete', key: K, text: string): Promise<void> {
    const attempt = this.shared.history.begin(text, this.client.name);
    const edit = ++this.shared.edits;
    let intended: string | undefined;
    const intend = (item: T | undefined) => {
      intended = item && stateOf(toWire(item));
      attempt.intend(intended);
      return item as T;
    };
    const { items, work } = this;
    try {
      if (kind === 'put') await items.put(intend(work.fresh(key, edit)));
      if (kind === 'update') await items.update(key, (item) => intend(item ? work.edited(item, edit) : work.fresh(key, edit)));
      if (kind === 'delete') {
        intend(undefined);
        await items.delete(key);
      }
      attempt.acknowledged(intended);
    } catch (error) {
      attempt.failed(REFUSALS.has(nameOf(error)) ? 'refused' : 'unknown');
      throw error;
    }
  }

  private async get(key: K): Promise<void> {
    const text = this.textOf(key);
    await this.persistently(async () => {
      const mark = this.shared.history.mark(text);
      this.judge(text, mark, await this.items.get(key));
    });
    this.client.reads++;
  }

  private async query({ of, keys }: { readonly of: Partial<K>; readonly keys: readonly K[] }): Promise<void> {
    const texts = keys.map((key) => this.textOf(key));
    await this.persistently(async () => {
      const marks = texts.map((text) => this.shared.history.mark(text));
      const found = new Map((await this.items.query(of)).map((item) => [this.textOf(item), item]));
      texts.forEach((text, index) => {
        this.judge(text, marks[index] as number, found.get(text));
      });
    });
    this.client.reads++;
  }

  private judge(key: string, mark: number, item: T | undefined): void {
    const state = item && stateOf(toWire(item));
    const verdict = this.shared.history.judge(key, mark, state);
    if (verdict !== 'right') this.shared.wrongReads.push({ key, by: this.client.name, at: new Date(), verdict });
  }

  /** The key of an item, or a key, as the history has it. */
  private textOf(item: object): string {
    return keyText(keyOf(toWire(item), this.work.schema));
  }

  /** Tries until it works, can never work, or traffic stops, as an application would, and notes how long that took. True when it worked. */
  private async persistently(work: () => Promise<void>): Promise<boolean> {
    const began = performance.now();
    let done = false;
    while (!this.shared.stopping) {
      const tried = performance.now();
      try {
        await work();
        this.shared.metrics.operation(performance.now() - tried, false);
        done = true;
        break;
      } catch (error) {
        this.shared.metrics.operation(performance.now() - tried, true);
        const name = nameOf(error);
        this.client.errors.set(name, (this.client.errors.get(name) ?? 0) + 1);
        if (FINAL.has(name)) break;
        await wait(RETRY_MILLISECONDS);
      }
    }
    this.client.longestPause = Math.max(this.client.longestPause, performance.now() - began);
    return done;
  }
}

function pickKind(mayDelete: boolean): 'put' | 'update' | 'delete' {
  const dice = Math.random();
  if (dice < 0.2 && mayDelete) return 'delete';
  return dice < 0.4 ? 'put' : 'update';
}

function pick<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)] as T;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}
