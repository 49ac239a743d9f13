import type { StreamTail } from '../../lambda/core/control';
import { type Item, keyOf, keyText } from '../../lambda/core/item';
import type { Side } from '../../lambda/core/position';
import { replicateForward, replicateReverse } from '../../lambda/core/replicate';
import { bucketOf, initialTable, positionOf, type RoutingTable } from '../../lambda/core/routing-table';
import { MemoryDatabase } from '../memory/memory-database';
import { MemoryLedger } from '../memory/memory-ledger';
import { MemoryControl } from '../traffic/memory-control';
import { splitModel } from './split-model';

/** Two tables, their streams with some shards, both replicators, AppConfig and a ledger: all in memory, on one clock. */
export class ReplicatedWorld {
  time = 10_000_000;
  readonly database = new MemoryDatabase(splitModel.schemas);
  readonly ledger = new MemoryLedger(() => this.time);
  readonly control: MemoryControl;
  /** Replication that runs; stop one by taking it out. */
  readonly running = new Set<Side>(['legacy', 'target']);
  shards = 3;
  givenUp = 0;
  private replicated = 0;
  private carried = Promise.resolve();
  private numbers = 0;

  constructor(table: Partial<RoutingTable> = {}) {
    this.control = new MemoryControl(() => this.time, { ...initialTable('run-1', 30, 5), ...table });
  }

  get ports() {
    return {
      ledger: this.ledger,
      control: this.control,
      database: this.database,
      model: splitModel,
      tokens: () => `token-${this.numbers++}`,
      // Spread, never repeating, and the same in each run of the test.
      random: () => (this.numbers++ * 0.618_034) % 1,
      clock: { now: () => this.time, sleep: (milliseconds: number) => this.pass(milliseconds) },
      givenUp: async () => this.givenUp,
      reverseWindow: 1000,
      openTail: async (stream: string) => this.tail(stream as Side),
      streams: { legacy: 'legacy', target: 'target' } as const,
      plan: { stages: [], lease: 30, poll: 5, inFlight: 10 },
    };
  }

  /** Time passes, and with it replication goes on. */
  pass(milliseconds: number): Promise<void> {
    this.time += milliseconds;
    this.carried = this.carried.then(() => this.carry());
    return this.carried;
  }

  private async carry(): Promise<void> {
    const settling = { ...this.ports, mayWrite: () => {} };
    for (; this.replicated < this.database.changes.length; this.replicated++) {
      const record = this.database.changes[this.replicated] as (typeof this.database.changes)[number];
      if (!this.running.has(record.side)) return;
      const legacyKey = record.side === 'legacy' ? record.key : splitModel.legacyKey(record.key);
      const position = positionOf(this.control.table, splitModel, legacyKey);
      await (record.side === 'legacy' ? replicateForward : replicateReverse)(settling, position, record);
    }
  }

  private tail(side: Side): StreamTail {
    let seen = this.database.changes.length;
    const open = new Set(Array.from({ length: this.shards }, (_, shard) => shard));
    return {
      uncovered: () => open.size,
      read: async (isOurs: (key: Item) => boolean) => {
        for (; seen < this.database.changes.length; seen++) {
          const { side: from, key } = this.database.changes[seen] as (typeof this.database.changes)[number];
          if (from === side && isOurs(key)) open.delete(bucketOf(partitionText(side, key)) % this.shards);
        }
      },
    };
  }
}

function partitionText(side: Side, key: Item): string {
  return keyText(keyOf(key, [splitModel.schemas[side][0]]));
}
