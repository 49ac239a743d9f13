import { createHash } from 'node:crypto';
import type { EventKind } from './event-kinds';
import type { Item } from './item';
import type { CounterName } from './names';

/** Ways to roll back, mildest first. */
export const ROLLBACK_MODES = ['soft', 'fenced', 'immediate'] as const;
export type RollbackMode = (typeof ROLLBACK_MODES)[number];

/** Who runs a migration at this moment. A higher generation has taken over from a lower one, whose writes no longer count. */
export interface Lease {
  readonly run: string;
  /** ARN of the execution that holds it. */
  readonly holder: string;
  readonly kind: 'rollout' | 'rollback';
  /** Only for a rollback. */
  readonly mode?: RollbackMode;
  readonly generation: number;
  /** ISO time. */
  readonly since: string;
}

/** The lease while nobody has it. */
export interface Vacancy {
  /** Of whoever had it last; 0 when nobody ever had. */
  readonly generation: number;
  /** True when nobody ever gets it again. */
  readonly closed: boolean;
}

/** Who wants the lease for a rollback. */
export interface Takeover {
  readonly run: string;
  readonly holder: string;
  readonly mode: RollbackMode;
}

/** An entry of the audit trail before it has its place in the chain. */
export interface Happening {
  readonly run: string;
  /** ISO time. */
  readonly at: string;
  /** An `EventKind`, or a kind of another version. */
  readonly kind: string;
  /** ARN of the IAM principal that had it happen, where that was proved. */
  readonly who?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An entry in the chain: `hash` covers the entry and the hash of the one before. */
export interface Event extends Happening {
  readonly seq: number;
  readonly previous: string;
  readonly hash: string;
}

/** How far a slice of a phase has come. */
export interface Checkpoint {
  /** Where the next page begins; absent before the first one and after the last. */
  readonly cursor?: Item;
  readonly done: boolean;
  readonly counts: Readonly<Record<string, number>>;
  /** Name in the archive of what was gathered up to the cursor. */
  readonly gathered?: string;
}

/** A counter of a migration. */
export interface Counter {
  readonly count: number;
  /** ISO time of the last addition. */
  readonly lastAt?: string;
}

/** An item of ours that was written, or that may still be. */
export interface Canary {
  readonly n: number;
  /** Milliseconds since 1970 at which its write was begun. */
  readonly at: number;
}

/** The hash that an empty chain begins with. */
export const GENESIS = '0'.repeat(64);

/** The next entry of a chain. */
export function chain(previous: Head, happening: Happening): Event {
  const seq = previous.seq + 1;
  const event = { ...happening, seq, previous: previous.hash };
  return { ...event, hash: hashOf(event) };
}

/** The end of a chain. */
export interface Head {
  /** Number of the last entry; 0 where there is none. */
  readonly seq: number;
  readonly hash: string;
}

/** What is found of a chain: `cut` where entries at its end are missing, or others were added. */
export type ChainFinding =
  | { readonly verdict: 'whole' }
  | { readonly verdict: 'broken'; readonly at: Event }
  | { readonly verdict: 'cut' };

/**
 * Whether a chain is whole. `before` and `after`: its head as it was read before the entries and after them, between which some may
 * have been added. `anchor`: a hash that somebody noted elsewhere, which must still be there: whoever may write the whole ledger can
 * also chain it anew.
 */
export function auditChain(events: readonly Event[], before: Head, after: Head, anchor?: string): ChainFinding {
  const at = firstBroken(events);
  if (at) return { verdict: 'broken', at };
  const last = events.at(-1)?.seq ?? 0;
  const hashAt = (seq: number) => (seq === 0 ? GENESIS : events[seq - 1]?.hash);
  const isThere = hashAt(before.seq) === before.hash && last <= after.seq;
  const isAnchored = anchor === undefined || events.some(({ hash }) => hash === anchor);
  return { verdict: isThere && isAnchored ? 'whole' : 'cut' };
}

/** The first entry that does not follow from the one before it, if any: changed, missing or out of order. */
export function firstBroken(events: readonly Event[]): Event | undefined {
  let previous = { seq: 0, hash: GENESIS };
  for (const event of events) {
    if (event.seq !== previous.seq + 1 || event.previous !== previous.hash || event.hash !== hashOf(event)) return event;
    previous = event;
  }
  return undefined;
}

function hashOf(event: Omit<Event, 'hash'>): string {
  const { seq, run, at, kind, who, data, previous } = event;
  return createHash('sha256')
    .update(JSON.stringify([seq, run, at, kind, who ?? null, JSON.stringify(data), previous]))
    .digest('hex');
}

/** The record of a migration: who runs it, what it did and why. Append-only where it is evidence. */
export interface Ledger {
  lease(): Promise<Lease | undefined>;
  /** Undefined while somebody has the lease. */
  vacancy(): Promise<Vacancy | undefined>;
  /** Nobody gets the lease any more. False when somebody got it since that generation: then nothing is changed. */
  close(generation: number): Promise<boolean>;
  /** @throws AlreadyRunning with the holder, unless the holder is the same: then the same lease again; ChangeClosed */
  acquire(run: string, holder: string): Promise<Lease>;
  /**
   * Takes the lease for a rollback, with the next generation, if it is still the one given, or still free. The same holder
   * gets the same lease again. Undefined when somebody else was first: look again.
   * @throws LeaseLost when the holder had the lease before and has given it up; ChangeClosed
   */
  takeOver(from: Lease | undefined, rollback: Takeover): Promise<{ lease: Lease; from: Lease | undefined } | undefined>;
  /** @throws LeaseLost when the generation is no longer the newest */
  hold(generation: number): Promise<Lease>;
  /**
   * For whoever only reads: the generation has the lease, or had it last and the change is not closed.
   * @throws LeaseLost
   */
  stillAt(generation: number): Promise<void>;
  /** Gives the lease up; does nothing when it has already gone to another generation. */
  release(generation: number): Promise<void>;
  /** @throws TransformChanged when the version was begun with another checksum */
  registerTransform(run: string, version: string, sha256: string): Promise<void>;
  /** `who`: ARN of an IAM principal, proved. */
  append(run: string, kind: EventKind, data: Record<string, unknown>, who?: string): Promise<void>;
  events(): Promise<Event[]>;
  /** The end of the chain, read consistently. */
  head(): Promise<Head>;
  checkpoint(run: string, phase: string, slice: number): Promise<Checkpoint | undefined>;
  saveCheckpoint(run: string, phase: string, slice: number, checkpoint: Checkpoint): Promise<void>;
  checkpoints(run: string, phase: string): Promise<Checkpoint[]>;
  count(name: CounterName, by: number): Promise<void>;
  counter(name: CounterName): Promise<Counter>;
  resetCounters(): Promise<void>;
  /** A set: whoever adds and removes at the same time, or late, takes nothing of somebody else's out. */
  canaries(): Promise<Canary[]>;
  addCanaries(canaries: readonly Canary[]): Promise<void>;
  removeCanaries(canaries: readonly Canary[]): Promise<void>;
  /** A small document of the migration, such as `routing` or `heartbeat#forward`. */
  note(name: string): Promise<Record<string, unknown> | undefined>;
  saveNote(name: string, value: Record<string, unknown>): Promise<void>;
  /** Saves a note unless a later one is there, and says whether it did. `turn` says which is later, compared as text. */
  saveLatest(name: string, turn: string, value: Record<string, unknown>): Promise<boolean>;
}
