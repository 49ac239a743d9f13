import { modelFrom } from '../../lambda/adapters/model';
import { Rollout, type RolloutEvent, type TransformDefinition } from '../../lambda/client';
import type { Access } from '../../lambda/client/access';
import type { ShadowReport } from '../../lambda/client/shadow-counts';
import type { PatternQueries } from '../../lambda/core/access-pattern';
import type { Schemas } from '../../lambda/core/model';
import type { Database } from '../../lambda/core/ports';
import type { Position } from '../../lambda/core/position';
import { type Change, replicateForward, replicateReverse } from '../../lambda/core/replicate';
import { RoutingSource } from '../../lambda/core/routing-source';
import { BUCKETS, encodeFlag, initialTable, type RoutingTable } from '../../lambda/core/routing-table';
import { MemoryDatabase } from '../memory/memory-database';
import { CITIES, type City, cities } from './cities';

/** The table in which every key stands at one position. */
export function everyoneAt(position: Position, changes: Partial<RoutingTable> = {}): RoutingTable {
  return { ...initialTable('run', 60, 15), ranges: [{ below: BUCKETS, position }], scout: position, ...changes };
}

let made = 0;

/** Tokens that tests can read. */
export function token(): string {
  return `token-${++made}`;
}

export interface Options {
  readonly database?: MemoryDatabase;
  /** What the client sees of the database, where that is not all of it. */
  readonly seen?: Database;
  readonly table?: RoutingTable;
  // biome-ignore lint/suspicious/noExplicitAny: the types of the items do not matter here
  readonly definition?: TransformDefinition<any, any>;
  readonly schemas?: Schemas;
  readonly fenceWait?: number;
  readonly random?: () => number;
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** An application with its client over tables in memory, with a clock and an AppConfig that the test holds. */
export class Application {
  readonly database: MemoryDatabase;
  readonly access: Access;
  readonly rollout: Rollout;
  /** What the client reports of compared reads. */
  readonly reports: ShadowReport[] = [];
  readonly events: RolloutEvent[] = [];
  /** Names of the calls to the database so far. */
  readonly calls: string[] = [];
  readonly sleeps: number[] = [];
  /** Milliseconds. */
  time = 0;
  /** What AppConfig delivers; undefined while it is out of reach. */
  table: RoutingTable | undefined;

  constructor(options: Options = {}) {
    const schemas = options.schemas ?? CITIES;
    this.database = options.database ?? new MemoryDatabase(schemas);
    this.table = options.table ?? everyoneAt('legacy');
    const poll = async () => {
      if (!this.table) throw new Error('AppConfig is out of reach');
      return encodeFlag(this.table);
    };
    const sleep = async (milliseconds: number) => {
      this.sleeps.push(milliseconds);
      this.time += milliseconds;
      await options.sleep?.(milliseconds);
    };
    this.access = {
      database: options.seen ?? this.database,
      model: modelFrom(options.definition ?? cities, schemas),
      routing: new RoutingSource(poll, () => this.time),
      tokens: token,
      clock: { now: () => this.time, sleep },
      random: options.random ?? (() => 0.5),
      tell: (event) => this.events.push(event),
      fenceWait: options.fenceWait ?? 0,
    };
    this.rollout = this.connectedWith();
    if (!options.database) this.database.before = (call) => void this.calls.push(call);
  }

  /** A client; one that asks questions, where it is given what answers them. */
  connectedWith(queries?: PatternQueries): Rollout {
    return new Rollout(this.access, {
      secondLook: 5000,
      pause: this.access.clock.sleep,
      report: (report) => void this.reports.push(report),
      queries,
    });
  }

  get cities() {
    return this.rollout.table<City, Pick<City, 'pk' | 'sk'>>();
  }

  /** Has AppConfig deliver another table, and the client see it. */
  async release(table: RoutingTable | undefined): Promise<void> {
    this.table = table;
    await this.access.routing.refresh();
  }
}

/** Replication of both directions, at one routing table, over a database in memory. */
export class Replication {
  private next = 0;

  constructor(
    private readonly database: MemoryDatabase,
    private readonly access: Access,
    private readonly position: Position,
  ) {}

  /** Carries what the streams have by now. */
  async run(): Promise<void> {
    while (this.next < this.database.changes.length) {
      const record = this.database.changes[this.next++] as Change & { side: string };
      const settling = { database: this.database, model: this.access.model, tokens: token, mayWrite: () => {} };
      if (record.side === 'legacy') await replicateForward(settling, this.position, record);
      else await replicateReverse(settling, this.position, record);
    }
  }
}
