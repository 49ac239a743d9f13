import { setTimeout as wait } from 'node:timers/promises';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { City, Place, Profile } from '../../examples/cities/model';
import { type Item, keyText } from '../../lambda/core/item';
import { stateOf } from './audit';
import type { History, Verdict } from './history';
import { type Probe, probeOf } from './probe';

/** The key of a city item. */
export type CityKey = Pick<City, 'pk' | 'sk'>;

/** What the traffic uses of the client. */
export interface Cities {
  get(key: CityKey): Promise<City | undefined>;
  put(city: City): Promise<unknown>;
  update(key: CityKey, change: (city: City) => City): Promise<unknown>;
  delete(key: CityKey): Promise<unknown>;
  query(partition: Pick<City, 'pk'>): Promise<City[]>;
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
const RETRY_MILLISECONDS = 100;

/** What traffic runs over. */
export interface TrafficOptions {
  readonly history: History;
  /** Each writer and reader has a client of its own, with its own view of the routing table. */
  readonly connect: (name: string) => Promise<Cities>;
  /** Ids of cities, there already or not. */
  readonly ids: readonly string[];
  readonly writers: number;
  readonly readers: number;
  /** Milliseconds that each client rests between two operations. */
  readonly rest: number;
  /** Hears of every try of an operation. */
  readonly metrics: { operation(milliseconds: number, failed: boolean): void };
}

/** Starts writers and readers. Each key has one writer; the two items of one city may have different ones. */
export async function startTraffic(options: TrafficOptions): Promise<Traffic> {
  const { history, ids, writers, readers, rest } = options;
  const keys = ids.flatMap((id): CityKey[] => [
    { pk: `CITY#${id}`, sk: 'PROFILE' },
    { pk: `CITY#${id}`, sk: 'PLACE' },
  ]);
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
  const actors = await Promise.all(names.map(async (name) => new Actor(name, await options.connect(name), state)));
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
  readonly metrics: TrafficOptions['metrics'];
}

/** One client of the application. */
class Actor {
  readonly client: Client;
  private wroteAt: number | undefined;

  constructor(
    name: string,
    private readonly cities: Cities,
    private readonly shared: Shared,
  ) {
    this.client = { name, reads: 0, writes: 0, longestPause: 0, errors: new Map() };
  }

  /** Creates, changes or deletes one item, and half of the time reads its own write. */
  async write(key: CityKey): Promise<void> {
    const { history } = this.shared;
    const text = textOf(key);
    const standing = history.standing(text);
    const there = standing !== 'unknown' && standing.state !== undefined;
    const kind = there ? pickKind() : 'put';
    await this.persistently(() => this.attempt(kind, key, text));
    this.client.writes++;
    this.paused();
    if (Math.random() < 0.5) await this.get(key);
  }

  private paused(): void {
    const now = performance.now();
    if (this.wroteAt !== undefined) this.shared.pauses[this.shared.phase].push(now - this.wroteAt);
    this.wroteAt = now;
  }

  async read(key: CityKey): Promise<void> {
    if (Math.random() < 0.7) await this.get(key);
    else await this.query(key.pk);
  }

  private async attempt(kind: 'put' | 'update' | 'delete', key: CityKey, text: string): Promise<void> {
    const attempt = this.shared.history.begin(text, this.client.name);
    const edit = ++this.shared.edits;
    let intended: string | undefined;
    const intend = (city: City | undefined) => {
      intended = city && stateOf(marshall(city, { removeUndefinedValues: true }) as Item);
      attempt.intend(intended);
      return city as City;
    };
    try {
      if (kind === 'put') await this.cities.put(intend(fresh(key, edit)));
      if (kind === 'update') await this.cities.update(key, (city) => intend(edited(city, edit)));
      if (kind === 'delete') {
        intend(undefined);
        await this.cities.delete(key);
      }
      attempt.acknowledged(intended);
    } catch (error) {
      attempt.failed(REFUSALS.has(nameOf(error)) ? 'refused' : 'unknown');
      throw error;
    }
  }

  private async get(key: CityKey): Promise<void> {
    const text = textOf(key);
    await this.persistently(async () => {
      const mark = this.shared.history.mark(text);
      this.judge(text, mark, await this.cities.get(key));
    });
    this.client.reads++;
  }

  private async query(pk: string): Promise<void> {
    const keys = (['PROFILE', 'PLACE'] as const).map((sk) => ({ pk, sk }));
    await this.persistently(async () => {
      const marks = keys.map((key) => this.shared.history.mark(textOf(key)));
      const found = await this.cities.query({ pk });
      keys.forEach((key, index) => {
        const city = found.find(({ sk }) => sk === key.sk);
        this.judge(textOf(key), marks[index] as number, city);
      });
    });
    this.client.reads++;
  }

  private judge(key: string, mark: number, city: City | undefined): void {
    const state = city && stateOf(marshall(city) as Item);
    const verdict = this.shared.history.judge(key, mark, state);
    if (verdict !== 'right') this.shared.wrongReads.push({ key, by: this.client.name, at: new Date(), verdict });
  }

  /** Tries until it works or traffic stops, as an application would, and notes how long that took. */
  private async persistently(work: () => Promise<void>): Promise<void> {
    const began = performance.now();
    while (!this.shared.stopping) {
      const tried = performance.now();
      try {
        await work();
        this.shared.metrics.operation(performance.now() - tried, false);
        break;
      } catch (error) {
        this.shared.metrics.operation(performance.now() - tried, true);
        const name = nameOf(error);
        this.client.errors.set(name, (this.client.errors.get(name) ?? 0) + 1);
        await wait(RETRY_MILLISECONDS);
      }
    }
    this.client.longestPause = Math.max(this.client.longestPause, performance.now() - began);
  }
}

function fresh({ pk, sk }: CityKey, edit: number): City {
  if (sk === 'PROFILE') return { pk, sk, name: `City of edit ${edit}`, country: 'ZZ', population: edit } satisfies Profile;
  return { pk, sk, location: { lat: (edit % 180) - 90, lon: edit % 360 }, feature: 'PPL', admin: `edit-${edit}` } satisfies Place;
}

/** A change that no other write makes, so that every version can be told from every other. */
function edited(city: City, edit: number): City {
  return city.sk === 'PROFILE' ? { ...city, population: edit } : { ...city, admin: `edit-${edit}` };
}

function pickKind(): 'put' | 'update' | 'delete' {
  const dice = Math.random();
  if (dice < 0.2) return 'delete';
  return dice < 0.4 ? 'put' : 'update';
}

function pick<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)] as T;
}

function textOf({ pk, sk }: CityKey): string {
  return keyText(marshall({ pk, sk }) as Item);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}
