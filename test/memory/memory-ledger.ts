import { RolloutError } from '../../lambda/core/errors';
import type { EventKind } from '../../lambda/core/event-kinds';
import {
  type Canary,
  type Checkpoint,
  type Counter,
  chain,
  type Event,
  GENESIS,
  type Head,
  type Lease,
  type Ledger,
  type Takeover,
  type Vacancy,
} from '../../lambda/core/ledger';
import type { CounterName } from '../../lambda/core/names';
import { requireDocumented } from './documented';

/** A ledger in memory, with the rules of the stored one; what is appended has to be as docs/events.md says. `now` is in milliseconds since 1970. */
export class MemoryLedger implements Ledger {
  private current: { lease: Lease; from?: Lease; released: boolean } | undefined;
  private isClosed = false;
  private readonly holders = new Set<string>();
  private readonly transforms = new Map<string, string>();
  private readonly chained: Event[] = [];
  private readonly slices = new Map<string, Checkpoint>();
  private readonly counters = new Map<CounterName, Counter>();
  private readonly remembered = new Map<string, Canary>();
  private readonly notes = new Map<string, Record<string, unknown>>();

  constructor(private readonly now: () => number = () => 0) {}

  async lease(): Promise<Lease | undefined> {
    return this.current && !this.current.released ? this.current.lease : undefined;
  }

  async vacancy(): Promise<Vacancy | undefined> {
    if (this.current && !this.current.released) return undefined;
    return { generation: this.current?.lease.generation ?? 0, closed: this.isClosed };
  }

  async close(generation: number): Promise<boolean> {
    if (!this.current?.released || this.current.lease.generation !== generation) return false;
    this.current = { ...this.current, lease: { ...this.current.lease, generation: generation + 1 } };
    this.isClosed = true;
    return true;
  }

  async acquire(run: string, holder: string): Promise<Lease> {
    const lease = await this.lease();
    if (lease && lease.holder !== holder)
      throw new RolloutError('AlreadyRunning', `${lease.holder} has the lease.`, { ...lease });
    return lease ?? this.give({ run, holder, kind: 'rollout' });
  }

  async takeOver(from: Lease | undefined, rollback: Takeover) {
    const now = await this.lease();
    if (now?.holder === rollback.holder) return { lease: now, from: this.current?.from };
    if (now?.generation !== from?.generation) return undefined;
    return { lease: this.give({ ...rollback, kind: 'rollback' }, from), from };
  }

  async hold(generation: number): Promise<Lease> {
    const lease = await this.lease();
    if (lease?.generation === generation) return lease;
    throw new RolloutError('LeaseLost', `Generation ${generation} no longer has the lease.`, { generation, lease });
  }

  async stillAt(generation: number): Promise<void> {
    if (this.current?.lease.generation === generation && !this.isClosed) return;
    throw new RolloutError('LeaseLost', `Generation ${generation} no longer had the lease last.`, { generation });
  }

  async release(generation: number): Promise<void> {
    if (this.current?.lease.generation === generation) this.current.released = true;
  }

  async registerTransform(_run: string, version: string, sha256: string): Promise<void> {
    const known = this.transforms.get(version);
    if (known !== undefined && known !== sha256) throw new RolloutError('TransformChanged', `Version ${version} has ${known}.`);
    this.transforms.set(version, sha256);
  }

  async append(run: string, kind: EventKind, data: Record<string, unknown>, who?: string): Promise<void> {
    const previous = this.chained.at(-1) ?? { seq: 0, hash: GENESIS };
    const plain = JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
    const event = chain(previous, { run, at: this.time(), kind, ...(who ? { who } : {}), data: plain });
    requireDocumented(event);
    this.chained.push(event);
  }

  async events(): Promise<Event[]> {
    return [...this.chained];
  }

  async head(): Promise<Head> {
    const { seq, hash } = this.chained.at(-1) ?? { seq: 0, hash: GENESIS };
    return { seq, hash };
  }

  async checkpoint(run: string, phase: string, slice: number): Promise<Checkpoint | undefined> {
    return this.slices.get(sliceKey(run, phase, slice));
  }

  async saveCheckpoint(run: string, phase: string, slice: number, checkpoint: Checkpoint): Promise<void> {
    const key = sliceKey(run, phase, slice);
    if (!this.slices.get(key)?.done) this.slices.set(key, { ...checkpoint, counts: { ...checkpoint.counts } });
  }

  async checkpoints(run: string, phase: string): Promise<Checkpoint[]> {
    const prefix = `${run}#slice#${phase}#`;
    return [...this.slices].filter(([key]) => key.startsWith(prefix)).map(([, checkpoint]) => checkpoint);
  }

  async count(name: CounterName, by: number): Promise<void> {
    this.counters.set(name, { count: (this.counters.get(name)?.count ?? 0) + by, lastAt: this.time() });
  }

  async counter(name: CounterName): Promise<Counter> {
    return this.counters.get(name) ?? { count: 0 };
  }

  async resetCounters(): Promise<void> {
    this.counters.clear();
  }

  async canaries(): Promise<Canary[]> {
    return [...this.remembered.values()];
  }

  async addCanaries(canaries: readonly Canary[]): Promise<void> {
    for (const canary of canaries) this.remembered.set(JSON.stringify(canary), canary);
  }

  async removeCanaries(canaries: readonly Canary[]): Promise<void> {
    for (const canary of canaries) this.remembered.delete(JSON.stringify(canary));
  }

  async note(name: string): Promise<Record<string, unknown> | undefined> {
    return this.notes.get(name);
  }

  async saveNote(name: string, value: Record<string, unknown>): Promise<void> {
    this.notes.set(name, { ...value });
  }

  async saveLatest(name: string, turn: string, value: Record<string, unknown>): Promise<boolean> {
    const known = this.notes.get(name)?.turn;
    if (typeof known === 'string' && known > turn) return false;
    this.notes.set(name, { ...value, turn });
    return true;
  }

  private give(next: Omit<Lease, 'generation' | 'since'>, from?: Lease): Lease {
    if (this.isClosed) throw new RolloutError('ChangeClosed', 'The change is closed.');
    if (this.holders.has(next.holder)) throw new RolloutError('LeaseLost', `${next.holder} has had the lease before.`);
    this.holders.add(next.holder);
    const lease = { ...next, generation: (this.current?.lease.generation ?? 0) + 1, since: this.time() };
    this.current = { lease, released: false, ...(from ? { from } : {}) };
    return lease;
  }

  private time(): string {
    return new Date(this.now()).toISOString();
  }
}

function sliceKey(run: string, phase: string, slice: number): string {
  return `${run}#slice#${phase}#${slice}`;
}
