import { hashOf, Random } from './random';

/** What goes wrong, and what merely goes its own way. */
export const FAULTS = [
  /** The process ends in the middle of a call. */
  'crash',
  /** A process stands still for up to two minutes, then goes on. */
  'pause',
  /** A request lands late, after its sender has given it up. */
  'late',
  /** A request never lands, and its sender gives up. */
  'lost',
  /** A request lands, its answer is lost, and the SDK sends it again. */
  'resent',
  /** DynamoDB has no capacity just now. */
  'throttled',
  /** A scan shows items as they were a moment before. */
  'stale-scan',
  /** A batch of a stream is delivered again although it was done. */
  'redelivered',
  /** A shard is delivered nothing of for minutes. */
  'stalled',
  /** An event source gives up on a batch. */
  'given-up',
  /** A shard closes, and two follow it. */
  'split',
  /** A client or a replicator cannot reach AppConfig for minutes. */
  'partition',
  /** AppConfig takes a deployment back by itself. */
  'revert',
  /** Step Functions hears nothing of a task that goes on. */
  'task-lost',
  /** Somebody stops an execution by hand. */
  'stopped',
  /** The application is slow. */
  'slow',
  /** A probe of the user objects. */
  'objects',
  /** Nobody hears that an alarm went off. */
  'alarm-lost',
  /** An alarm or an operator pulls the brake. */
  'brake',
  /** An approver says no. */
  'rejects',
  /** Too much differs to be listed. */
  'crowded',
  /** An alarm or an operator pauses the run. */
  'paused',
] as const;
export type Fault = (typeof FAULTS)[number];

/** How often faults happen, as factors of an ordinary run. */
export type Rates = Partial<Readonly<Record<Fault, number>>>;

/** What a shrunk run leaves out. */
export interface Mercy {
  readonly without: ReadonlySet<Fault>;
  /** Single faults by their number in the order in which they were injected. */
  readonly spared: ReadonlySet<string>;
  /** Milliseconds after the beginning from which all messages take the same time and nothing goes wrong. */
  readonly calmAfter: number;
}

export const NO_MERCY: Mercy = { without: new Set(), spared: new Set(), calmAfter: Number.POSITIVE_INFINITY };

/** The dice of one run: each process and each purpose has its own, so that leaving out one fault leaves the rest alone. */
export class Dice {
  /** Faults injected, by kind. */
  readonly injected = new Map<Fault, number>();
  /** Their names, in order. */
  readonly names: string[] = [];
  /** True once nothing is to go wrong any more. */
  calm = false;
  private readonly rates: ReadonlyMap<Fault, number>;

  constructor(
    readonly seed: number,
    private readonly mercy: Mercy,
    private readonly elapsed: () => number,
    /** Rates that are given, whatever the seed says. */
    given: Rates = {},
  ) {
    const random = this.stream('rates');
    // Some runs are quiet in most respects: one fault alone finds what a storm hides.
    const drawn = FAULTS.map((fault) => [fault, random.chance(0.45) ? random.pick([0.3, 1, 1, 3]) : 0] as const);
    this.rates = new Map(drawn.map(([fault, rate]) => [fault, given[fault] ?? rate]));
  }

  stream(name: string): Random {
    return new Random(hashOf(name, this.seed));
  }

  /** True when a fault happens to somebody now. `probability` is that of an ordinary run. */
  happens(fault: Fault, probability: number, random: Random, whom: string): boolean {
    const drawn = random.next();
    const rate = this.rates.get(fault) as number;
    if (this.isCalm() || rate === 0 || drawn >= probability * rate || this.mercy.without.has(fault)) return false;
    const name = `${fault} ${whom} ${this.count(whom, fault)}`;
    if (this.mercy.spared.has(name)) return false;
    this.injected.set(fault, (this.injected.get(fault) ?? 0) + 1);
    this.names.push(name);
    return true;
  }

  isCalm(): boolean {
    return this.calm || this.elapsed() >= this.mercy.calmAfter;
  }

  private readonly counts = new Map<string, number>();

  private count(whom: string, fault: Fault): number {
    const key = `${fault} ${whom}`;
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return count;
  }
}
