import type { Clock } from '../../lambda/core/control';
import type { Dice, Fault } from './faults';
import type { Random } from './random';
import type { Scheduler } from './scheduler';

/** Where a process runs: time, chance, and the record of what happened. */
export interface Surroundings {
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly tell: (who: string, what: What, detail?: () => string) => void;
}

/** How a call may go. */
export interface CallOptions {
  /** Milliseconds after which the caller gives up. */
  readonly limit: number;
  /** Milliseconds after which the request can no longer land. */
  readonly inFlight: number;
  /** True for requests that the SDK sends again after a lost answer. */
  readonly resend?: boolean;
}

/** The request was given up: whether it landed, or still will, nobody knows. */
export class GivenUp extends Error {
  override readonly name = 'TimeoutError';
}

/** What a call is, for those who read the trace. */
export type What = string | (() => string);

/** What goes wrong with one call; times in milliseconds. */
interface Trouble {
  readonly late: number | undefined;
  readonly lost: boolean;
  /** After how long the SDK sends it again. */
  readonly resent: number | undefined;
  /** When the process ends, as a part of the time that the call takes. */
  readonly crash: number | undefined;
  readonly pause: number | undefined;
}

/** One request on its way. Whoever sent it hears one answer at most. */
class Request<T> {
  private open = true;

  constructor(
    private readonly process: Process,
    private readonly what: What,
    private readonly work: () => Promise<T>,
    private readonly resolve: (value: T) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  readonly land = (): void => {
    this.process.around.tell(this.process.name, this.what);
    this.work().then(
      (value) => this.answer(() => this.resolve(value)),
      (error) => this.answer(() => this.reject(error)),
    );
  };

  /** It lands, and its answer is lost. */
  readonly landUnheard = (): void => {
    this.process.around.tell(this.process.name, this.what);
    this.work().catch(() => {});
  };

  readonly giveUp = (): void => {
    this.settle(() => this.reject(new GivenUp(`${textOf(this.what)} was given up`)));
  };

  /** Some answers are there at once: one step less, where nobody else acts in between. */
  private answer(settle: () => void): void {
    const latency = this.process.latency();
    if (latency < AT_ONCE) this.settle(settle);
    else this.process.around.scheduler.after(latency, () => this.settle(settle));
  }

  private settle(how: () => void): void {
    if (!this.open) return;
    this.open = false;
    this.process.deliver(how);
  }
}

export function textOf(what: What): string {
  return typeof what === 'string' ? what : what();
}

/** Calls of which something may go wrong at all: no fault is more frequent than a third of it. */
const RARELY = 0.06;

const QUICK = 4;
/** Answers that would be quicker than that come at the moment at which the request lands. */
const AT_ONCE = 5;
const SLOW = 1200;

/** A process: it calls others, may stand still, and may end at any moment. What it asked for may happen all the same. */
export class Process {
  alive = true;
  readonly clock: Clock;
  /** Called once when the process ends before its work is done. */
  onCrash: () => void = () => {};
  private frozen = false;
  private waiting: (() => void)[] = [];
  private readonly random: Random;

  constructor(
    readonly name: string,
    readonly around: Surroundings,
  ) {
    this.random = around.dice.stream(name);
    this.clock = { now: () => around.scheduler.now, sleep: (milliseconds) => this.sleep(milliseconds) };
  }

  /** Numbers that this process draws by itself. */
  readonly draw = (): number => this.random.next();

  /**
   * One call of somebody else, in three moments: it is sent, it lands (`land` is what it does there), its answer arrives.
   */
  call<T>(what: What, land: () => Promise<T>, options: CallOptions): Promise<T> {
    const trouble = this.random.next() < RARELY ? this.trouble(options) : undefined;
    return new Promise((resolve, reject) => {
      const request = new Request<T>(this, what, land, resolve, reject);
      const travel = trouble?.late ?? this.latency();
      if (trouble) this.suffer(trouble, request, travel, options);
      if (trouble?.lost) return;
      if (trouble?.resent === undefined) this.around.scheduler.after(travel, request.land);
      else {
        this.around.scheduler.after(travel, request.landUnheard);
        this.around.scheduler.after(travel + trouble.resent, request.land);
      }
    });
  }

  /** Somebody else as this process sees them: each call is one step. */
  seeing<T extends object>(who: string, other: T, methods: readonly (keyof T & string)[], options: CallOptions): T {
    const calls = methods.map((name) => {
      const method = other[name] as (...given: unknown[]) => Promise<unknown>;
      const what = `${who} ${name}`;
      return [name, (...given: unknown[]) => this.call(what, () => method.apply(other, given), options)];
    });
    return Object.fromEntries(calls) as T;
  }

  /** What goes wrong with a call, if anything. */
  private trouble({ limit, inFlight, resend }: CallOptions): Trouble {
    const { random } = this;
    const fault = (kind: Fault, probability: number) => this.around.dice.happens(kind, probability / RARELY, random, this.name);
    return {
      late: fault('late', 0.004) ? random.between(limit / 2, inFlight) : undefined,
      lost: fault('lost', 0.004),
      resent: resend && fault('resent', 0.01) ? random.between(10, limit * 0.9) : undefined,
      crash: fault('crash', 0.0015) ? random.next() : undefined,
      pause: fault('pause', 0.001) ? random.between(1000, 120_000) : undefined,
    };
  }

  private suffer(
    { lost, crash, pause, late }: Trouble,
    request: { readonly giveUp: () => void },
    travel: number,
    { limit }: CallOptions,
  ): void {
    const { scheduler } = this.around;
    if (lost || late !== undefined) scheduler.after(limit, request.giveUp);
    if (crash !== undefined) scheduler.after(crash * 2 * travel, () => this.crash());
    if (pause !== undefined) scheduler.after(this.random.between(0, 2 * travel), () => this.pause(pause));
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.around.scheduler.after(milliseconds, () => this.deliver(resolve)));
  }

  /** Ends the process: nothing that it waits for arrives any more. */
  crash(): void {
    if (!this.alive) return;
    this.alive = false;
    this.around.tell(this.name, 'ends');
    this.onCrash();
  }

  /** Ends it quietly, its work being done. */
  end(): void {
    this.alive = false;
  }

  pause(milliseconds: number): void {
    if (!this.alive || this.frozen) return;
    this.around.tell(this.name, 'stands still', () => `${Math.round(milliseconds / 1000)} s`);
    this.freeze();
    this.around.scheduler.after(milliseconds, () => this.thaw());
  }

  freeze(): void {
    this.frozen = true;
  }

  /** What arrived meanwhile is heard now, in order. */
  thaw(): void {
    this.frozen = false;
    for (const settle of this.waiting.splice(0)) this.around.scheduler.after(0, () => this.deliver(settle));
  }

  /** Lets the process hear something, when it can. */
  deliver(settle: () => void): void {
    if (!this.alive) return;
    if (this.frozen) this.waiting.push(settle);
    else settle();
  }

  /** Most messages take milliseconds, some a second. */
  latency(): number {
    const drawn = this.random.next();
    if (this.around.dice.isCalm()) return QUICK;
    return drawn < 0.9 ? 1 + drawn * 2 * QUICK : 10 + (drawn - 0.9) * 10 * SLOW * this.random.next();
  }
}
