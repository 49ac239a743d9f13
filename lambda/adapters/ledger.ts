import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { RolloutError } from '../core/errors';
import type { EventKind } from '../core/event-kinds';
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
} from '../core/ledger';
import type { CounterName } from '../core/names';
import { ABSENT, type Entry, LedgerStore, wire } from './ledger-store';

/** Tries before contention is reported. */
const ATTEMPTS = 25;

/** The lease as stored. It stays when it is given up, so that generations never repeat. */
type StoredLease = Lease & { readonly released: boolean; readonly closed?: boolean; readonly from?: Lease };

/**
 * The ledger in one DynamoDB table. What decides something is written on a condition; notes are hints, and whoever
 * reads one must be right with an older one, too. `now` is in milliseconds since 1970.
 *
 * An execution gets the lease once: a begin or a takeover that comes late, after the same execution gave the lease
 * up, would otherwise take it from whoever runs by then.
 */
export class DynamoLedger implements Ledger {
  private readonly store: LedgerStore;
  private readonly pk: string;

  constructor(
    client: DynamoDBClient,
    table: string,
    private readonly migration: string,
    private readonly now: () => number,
  ) {
    this.store = new LedgerStore(client, table);
    this.pk = `M#${migration}`;
  }

  async lease(): Promise<Lease | undefined> {
    const stored = await this.storedLease();
    return stored && !stored.released ? leaseOf(stored) : undefined;
  }

  async vacancy(): Promise<Vacancy | undefined> {
    const stored = await this.storedLease();
    if (stored && !stored.released) return undefined;
    return { generation: stored?.generation ?? 0, closed: stored?.closed === true };
  }

  /** A generation of its own: whoever looked before meets another one, and looks again. */
  async close(generation: number): Promise<boolean> {
    return this.store.update(this.pk, 'lease', {
      UpdateExpression: 'SET generation = :next, closed = :yes',
      ConditionExpression: 'generation = :generation AND released = :yes',
      ExpressionAttributeValues: wire({ ':yes': true, ':generation': generation, ':next': generation + 1 }),
    });
  }

  async acquire(run: string, holder: string): Promise<Lease> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = await this.storedLease();
      if (before && !before.released) {
        if (before.holder === holder) return leaseOf(before);
        throw alreadyRunning(before);
      }
      if (before?.closed) throw changeClosed(this.migration);
      const lease: Lease = { run, holder, kind: 'rollout', generation: (before?.generation ?? 0) + 1, since: this.time() };
      if (await this.changeLease(before, { ...lease, released: false })) return lease;
    }
    throw contention('lease');
  }

  async takeOver(from: Lease | undefined, { run, holder, mode }: Takeover) {
    const before = await this.storedLease();
    const now = before && !before.released ? leaseOf(before) : undefined;
    if (now?.holder === holder) return { lease: now, from: before?.from };
    if (now?.generation !== from?.generation) return undefined;
    if (before?.closed) throw changeClosed(this.migration);
    const generation = (before?.generation ?? 0) + 1;
    const lease: Lease = { run, holder, kind: 'rollback', mode, generation, since: this.time() };
    return (await this.changeLease(before, { ...lease, released: false, from })) ? { lease, from } : undefined;
  }

  async hold(generation: number): Promise<Lease> {
    const lease = await this.lease();
    if (lease?.generation === generation) return lease;
    throw this.lost(generation, lease);
  }

  async stillAt(generation: number): Promise<void> {
    const stored = await this.storedLease();
    if (stored?.generation === generation && !stored.closed) return;
    throw this.lost(generation, stored && !stored.released ? leaseOf(stored) : undefined);
  }

  private lost(generation: number, lease: Lease | undefined): RolloutError {
    const now = lease ? `generation ${lease.generation} (${lease.kind}, ${lease.holder}) has it` : 'nobody has it now';
    return new RolloutError(
      'LeaseLost',
      `Generation ${generation} of migration ${this.migration} no longer has the lease: ${now}. It must stop; nothing was changed.`,
      { generation, lease },
    );
  }

  async release(generation: number): Promise<void> {
    await this.store.update(this.pk, 'lease', {
      UpdateExpression: 'SET released = :yes',
      ConditionExpression: 'generation = :generation',
      ExpressionAttributeValues: wire({ ':yes': true, ':generation': generation }),
    });
  }

  async registerTransform(run: string, version: string, sha256: string): Promise<void> {
    const sk = `transform#${version}`;
    if (await this.store.put(this.pk, sk, { sha256, run, at: this.time() }, ABSENT)) return;
    const known = await this.store.get(this.pk, sk);
    if (known?.sha256 === sha256) return;
    throw new RolloutError(
      'TransformChanged',
      `Transform version ${version} was begun by run ${known?.run} with SHA-256 ${known?.sha256}, and now has ${sha256}. ` +
        'Data made by both would not agree: give the changed transform a new version.',
      { version, sha256, known: known?.sha256 },
    );
  }

  async append(run: string, kind: EventKind, data: Record<string, unknown>, who?: string): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const head = await this.head();
      if (await this.extend(head.seq > 0, chain(head, { run, at: this.time(), kind, who, data }))) return;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * (attempt + 1)));
    }
    throw contention('head');
  }

  async events(): Promise<Event[]> {
    const entries = await this.store.query(this.pk, 'event#');
    return entries.map((entry) => ({ ...entry, data: JSON.parse(entry.data as string) }) as unknown as Event);
  }

  async head(): Promise<Head> {
    const head = await this.store.get(this.pk, 'head');
    return { seq: (head?.seq as number) ?? 0, hash: (head?.hash as string) ?? GENESIS };
  }

  async checkpoint(run: string, phase: string, slice: number): Promise<Checkpoint | undefined> {
    const entry = await this.store.get(this.runKey(run), sliceKey(phase, slice));
    return entry && (entry as unknown as Checkpoint);
  }

  /** A slice that is done stays done, whatever an older worker still says. */
  async saveCheckpoint(run: string, phase: string, slice: number, checkpoint: Checkpoint): Promise<void> {
    const when = { expression: 'attribute_not_exists(done) OR done = :no', values: { ':no': false } };
    const { cursor, done, counts, gathered } = checkpoint;
    await this.store.put(this.runKey(run), sliceKey(phase, slice), { cursor, done, counts, gathered }, when);
  }

  async checkpoints(run: string, phase: string): Promise<Checkpoint[]> {
    return (await this.store.query(this.runKey(run), `slice#${phase}#`)) as unknown as Checkpoint[];
  }

  async count(name: CounterName, by: number): Promise<void> {
    await this.store.update(this.pk, `counter#${name}`, {
      UpdateExpression: 'ADD #count :by SET lastAt = :at',
      ExpressionAttributeNames: { '#count': 'count' },
      ExpressionAttributeValues: wire({ ':by': by, ':at': this.time() }),
    });
  }

  async counter(name: CounterName): Promise<Counter> {
    return ((await this.store.get(this.pk, `counter#${name}`)) as Counter | undefined) ?? { count: 0 };
  }

  async resetCounters(): Promise<void> {
    const names: CounterName[] = ['divergence', 'unadopted', 'poison'];
    await Promise.all(names.map((name) => this.store.put(this.pk, `counter#${name}`, { count: 0 })));
  }

  async canaries(): Promise<Canary[]> {
    const entry = await this.store.get(this.pk, 'canaries');
    return [...((entry?.remembered as Set<string> | undefined) ?? [])].map((text) => {
      const [n, at] = text.split(' ').map(Number);
      return { n, at } as Canary;
    });
  }

  addCanaries(canaries: readonly Canary[]): Promise<void> {
    return this.changeCanaries('ADD', canaries);
  }

  removeCanaries(canaries: readonly Canary[]): Promise<void> {
    return this.changeCanaries('DELETE', canaries);
  }

  note(name: string): Promise<Entry | undefined> {
    return this.store.get(this.pk, name);
  }

  async saveNote(name: string, value: Record<string, unknown>): Promise<void> {
    await this.store.put(this.pk, name, value);
  }

  saveLatest(name: string, turn: string, value: Record<string, unknown>): Promise<boolean> {
    const when = { expression: 'attribute_not_exists(turn) OR turn <= :turn', values: { ':turn': turn } };
    return this.store.put(this.pk, name, { ...value, turn }, when);
  }

  /** One string set (Amazon DynamoDB Developer Guide, "Update expressions", ADD and DELETE). */
  private async changeCanaries(how: 'ADD' | 'DELETE', canaries: readonly Canary[]): Promise<void> {
    if (canaries.length === 0) return;
    await this.store.update(this.pk, 'canaries', {
      UpdateExpression: `${how} remembered :some`,
      ExpressionAttributeValues: wire({ ':some': new Set(canaries.map(({ n, at }) => `${n} ${at}`)) }),
    });
  }

  private async storedLease(): Promise<StoredLease | undefined> {
    return (await this.store.get(this.pk, 'lease')) as StoredLease | undefined;
  }

  private async changeLease(before: StoredLease | undefined, after: StoredLease): Promise<boolean> {
    const when = before
      ? {
          expression: 'generation = :generation AND released = :released',
          values: { ':generation': before.generation, ':released': before.released },
        }
      : ABSENT;
    const { holder, generation } = after;
    const outcome = await this.store.putAll([
      { pk: this.pk, sk: 'lease', entry: { ...after }, when },
      { pk: this.pk, sk: `holder#${holder}`, entry: { generation }, when: ABSENT },
    ]);
    if (outcome === 'done') return true;
    if (outcome[0] === 'None' && outcome[1] === 'ConditionalCheckFailed') throw hadIt(holder);
    return false;
  }

  private async extend(exists: boolean, event: Event): Promise<boolean> {
    const { seq, hash } = event;
    const when = exists ? { expression: 'seq = :seq', values: { ':seq': seq - 1 } } : ABSENT;
    const entry = { ...event, data: JSON.stringify(event.data) };
    const outcome = await this.store.putAll([
      { pk: this.pk, sk: 'head', entry: { seq, hash }, when },
      { pk: this.pk, sk: `event#${String(seq).padStart(12, '0')}`, entry, when: ABSENT },
    ]);
    return outcome === 'done';
  }

  private runKey(run: string): string {
    return `R#${this.migration}#${run}`;
  }

  private time(): string {
    return new Date(this.now()).toISOString();
  }
}

function leaseOf({ run, holder, kind, mode, generation, since }: StoredLease): Lease {
  return { run, holder, kind, ...(mode ? { mode } : {}), generation, since };
}

function sliceKey(phase: string, slice: number): string {
  return `slice#${phase}#${slice}`;
}

function alreadyRunning(lease: Lease): RolloutError {
  return new RolloutError(
    'AlreadyRunning',
    `Run ${lease.run} has the lease since ${lease.since}; its holder is ${lease.holder}. Wait until it has ended. ` +
      'If that execution has ended without giving the lease up, start the rollback workflow: it takes the lease and gives it back.',
    { ...lease },
  );
}

function changeClosed(migration: string): RolloutError {
  return new RolloutError(
    'ChangeClosed',
    `The change ${migration} is closed: its window is over, and the way back with it. Nothing was changed. What has to change now is ` +
      'another change.',
    { migration },
  );
}

function hadIt(holder: string): RolloutError {
  return new RolloutError(
    'LeaseLost',
    `Execution ${holder} has had the lease before and has given it up; an execution gets it once. Start a new execution.`,
    { holder },
  );
}

function contention(what: string): RolloutError {
  return new RolloutError(
    'TooMuchContention',
    `${ATTEMPTS} tries to change the entry ${what} of the ledger each met another writer. Try again; nothing was changed.`,
    { what },
  );
}
