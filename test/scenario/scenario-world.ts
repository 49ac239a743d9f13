import { backfill } from '../../lambda/backfill/backfill';
import { Rollout, type RolloutEvent } from '../../lambda/client';
import type { RoutingControl } from '../../lambda/core/control';
import { canonical, type Item, keyOf, keyText, withoutStamp } from '../../lambda/core/item';
import type { Model } from '../../lambda/core/model';
import type { Database } from '../../lambda/core/ports';
import type { Position, Side } from '../../lambda/core/position';
import type { Change } from '../../lambda/core/replicate';
import { RoutingSource } from '../../lambda/core/routing-source';
import { encodeFlag, type RoutingTable } from '../../lambda/core/routing-table';
import { prove } from '../../lambda/prove/prove';
import { reconcile } from '../../lambda/reconcile/reconcile';
import { replicate } from '../../lambda/replicate/replicate';
import { MemoryLedger } from '../memory/memory-ledger';
import { MemoryQueue } from '../memory/memory-queue';
import { allIn } from '../memory/people';
import type { Store } from './stores';

/** Lease of the routing table in the scenarios, in milliseconds. */
export const LEASE = 60_000;

const RUN = { run: 'run-1', generation: 1 };

/** An application, both replications, backfill and reconciliation over one store, with a clock that the scenario holds. */
export class ScenarioWorld {
  /** Milliseconds. */
  time = 0;
  /** What AppConfig delivers; undefined while it is out of reach. */
  table: RoutingTable | undefined = allIn('legacy');
  /** What everybody sees of the database: scenarios put trouble in between. */
  seen: Database;
  readonly ledger = new MemoryLedger(() => this.time);
  readonly poison = new MemoryQueue();
  readonly events: RolloutEvent[] = [];
  private readonly routing = new RoutingSource(
    async () => {
      if (!this.table) throw new Error('AppConfig is out of reach');
      return encodeFlag(this.table);
    },
    () => this.time,
  );
  private tokens = 0;
  private phases = 0;

  constructor(
    readonly store: Store,
    readonly model: Model,
  ) {
    this.seen = store.database;
  }

  /** Takes the lease, without which nobody works. */
  async begin(): Promise<this> {
    await this.ledger.acquire(RUN.run, 'execution-1');
    return this;
  }

  readonly clock = {
    now: () => this.time,
    sleep: async (milliseconds: number) => {
      this.time += milliseconds;
    },
  };

  private get ports() {
    const { ledger, clock, routing, model } = this;
    return {
      ...{ database: this.seen, model, ledger, clock, routing, poison: this.poison },
      tokens: () => `t${++this.tokens}`,
      publish: async () => {},
      requirePrompt: async () => {},
      now: () => this.time,
      remaining: () => 600_000,
    };
  }

  /** The application: always the new model. */
  get application() {
    const { database, model, routing, clock, tokens } = this.ports;
    const access = {
      ...{ database, model, routing, clock, tokens },
      ...{ random: () => 0.5, tell: (event: RolloutEvent) => this.events.push(event), fenceWait: 0 },
    };
    return new Rollout(access, { secondLook: 5000, pause: this.clock.sleep }).table<Record<string, unknown>>();
  }

  /** Everybody hears of another position. */
  async everyoneIn(position: Position): Promise<void> {
    this.table = allIn(position);
    await this.routing.refresh();
  }

  /** What the stream of a side has by now. */
  news(side: Side): Promise<Change[]> {
    return this.store.news(side);
  }

  /** Lambda delivers a batch. Answers with the place of the first change that has to come again, if any. */
  async deliver(side: Side, changes: readonly Change[]): Promise<number | undefined> {
    const direction = side === 'legacy' ? 'forward' : 'reverse';
    const records = changes.map((change, n) => ({ change, sequence: String(n), createdAt: this.time }));
    const failed = await replicate({ ...this.ports, direction }, records);
    return failed === undefined ? undefined : Number(failed);
  }

  /** Both streams run until nothing comes any more. */
  async drain(): Promise<void> {
    for (;;) {
      const [legacy, target] = [await this.news('legacy'), await this.news('target')];
      if (legacy.length + target.length === 0) return;
      if ((await this.deliver('legacy', legacy)) !== undefined) throw new Error('A legacy change has to come again.');
      if ((await this.deliver('target', target)) !== undefined) throw new Error('A target change has to come again.');
    }
  }

  backfill(): Promise<unknown> {
    return backfill({ ...this.ports, speed: { maxWriteUnits: 0, maxConcurrency: 1 } }, { ...RUN, slice: 0, slices: 1 });
  }

  /** Passes until one finds nothing; answers how many groups were repaired. */
  async reconcile(): Promise<number> {
    let repaired = 0;
    for (let pass = 0; pass < 5; pass++) {
      const phase = `repair-${++this.phases}`;
      const sides = ['legacy', 'target'] as const;
      const found = [];
      for (const side of sides) {
        found.push(await reconcile(this.ports, { ...RUN, phase, side, slice: 0, slices: 1, repair: true }));
      }
      const sum = found.reduce((total, { repaired: n, diverged }) => total + n + diverged, 0);
      if (sum === 0) return repaired;
      repaired += sum;
    }
    throw new Error('No pass was clean.');
  }

  /** Proves replication of the side in authority. Streams run while the proof waits, unless they are held back. */
  prove(streams: 'running' | 'held back'): Promise<unknown> {
    const wait = async (milliseconds: number) => {
      this.time += milliseconds;
      if (streams === 'running') await this.drain();
    };
    const deployed = async () => ({ table: this.table as RoutingTable, deployment: 1, recent: [] });
    let covered = false;
    const tail = {
      uncovered: () => (covered ? 0 : 1),
      read: async () => {
        covered = true;
      },
    };
    const ports = {
      ...{ ...this.ports, clock: { now: this.clock.now, sleep: wait }, control: { deployed } as unknown as RoutingControl },
      ...{ random: () => (this.tokens++ * 0.618_034) % 1, openTail: async () => tail, givenUp: async () => 0 },
      streams: { legacy: 'legacy', target: 'target' },
    };
    return prove(ports, { ...RUN, lane: 'lead' });
  }

  /** What a side holds, by key, without stamps. */
  async contents(side: Side): Promise<Map<string, string>> {
    return this.contentsOf(await this.store.items(side), side);
  }

  /** What the target holds when it equals `up` of legacy. */
  async expected(): Promise<Map<string, string>> {
    return this.contentsOf((await this.store.items('legacy')).flatMap(this.model.up), 'target');
  }

  private contentsOf(items: readonly Item[], side: Side): Map<string, string> {
    const entries = items.map((item) => [keyText(keyOf(item, this.model.schemas[side])), canonical(withoutStamp(item))] as const);
    return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** A database of which some calls are troubled: `before` may wait, throw, or do something behind the caller's back. */
export function troubled(database: Database, before: (call: keyof Database) => Promise<void> | void): Database {
  return new Proxy(database, {
    get:
      (target, name: keyof Database) =>
      async (...args: never[]) => {
        await before(name);
        return (target[name] as (...given: never[]) => Promise<unknown>).apply(target, args);
      },
  });
}
