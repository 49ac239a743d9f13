import type { Clock, OpenTail, RoutingControl, StreamTail } from '../core/control';
import { RolloutError } from '../core/errors';
import { keyText } from '../core/item';
import type { Canary, Ledger } from '../core/ledger';
import { authorityOf, type Side } from '../core/position';
import { furthest } from '../core/routing-table';
import type { Lane } from '../core/traffic';
import { requireDeployed } from '../traffic/ports';
import {
  type CanaryPorts,
  followerOf,
  freshNumber,
  hasCanary,
  keyTexts,
  lacksCanary,
  removeCanary,
  writeCanary,
} from './canaries';
import { remember, sweep } from './sweep';

export interface ProvePorts extends CanaryPorts {
  readonly ledger: Ledger;
  readonly control: RoutingControl;
  readonly openTail: OpenTail;
  /** About how many batches replication has given up. */
  readonly givenUp: () => Promise<number>;
  readonly streams: Readonly<Record<Side, string>>;
  readonly clock: Clock;
}

export interface ProveEvent {
  readonly run: string;
  readonly generation: number;
  readonly lane: Lane;
}

export interface ProveResult {
  readonly direction: 'forward' | 'reverse';
  /** Seconds that the slowest canary took to the other side. */
  readonly seconds: number;
  readonly canaries: number;
}

/** All of a proof, in milliseconds; the function's time-out must be longer. */
const LIMIT = 60_000;
const LOOK_EVERY = 200;
/** How long to look for the canaries of a batch in the stream before more are written. */
const BATCH_TIME = 2000;
const LARGEST_BATCH = 40;

/**
 * Proves that replication runs and that everything written before has come out on the other side: canaries go to the
 * side in authority until every open shard of its stream holds one, each must arrive, and each deletion too. A stream
 * keeps the order within a shard, so what was written before a canary arrived before it, unless it was given up: then
 * nothing is proved.
 * @throws LeaseLost; ReplicationNotProved with what did not arrive
 */
export async function prove(ports: ProvePorts, { generation, lane }: ProveEvent): Promise<ProveResult> {
  await ports.ledger.hold(generation);
  const { table } = await requireDeployed(ports.control);
  const from = authorityOf(lane === 'scout' ? table.scout : furthest(table));
  await sweep(ports, from);
  // While late writes are merged, what they did to legacy must have come out of its stream, too.
  if (table.salvage) await new Proof(ports, 'legacy', 'lead').run();
  return new Proof(ports, from, lane).run();
}

class Proof {
  private readonly numbers: number[] = [];
  private readonly remembered: Canary[] = [];
  private readonly writtenAt = new Map<number, number>();
  private readonly to: Side;
  private readonly deadline: number;
  private slowest = 0;

  constructor(
    private readonly ports: ProvePorts,
    private readonly from: Side,
    private readonly lane: Lane,
  ) {
    this.to = followerOf(from);
    this.deadline = ports.clock.now() + LIMIT;
  }

  async run(): Promise<ProveResult> {
    const tail = await this.ports.openTail(this.ports.streams[this.from]);
    do await this.batch(tail);
    while (tail.uncovered() > 0 && this.hasTime());
    if (tail.uncovered() > 0) throw this.notProved(`${tail.uncovered()} open shards have not shown a canary`);
    await this.all(
      'have not arrived',
      (n) => hasCanary(this.ports, this.to, n),
      (n) => this.arrived(n),
    );
    await this.remove();
    await this.all('were deleted and are still there', (n) => lacksCanary(this.ports, this.to, n));
    await this.ports.ledger.removeCanaries(this.remembered);
    await this.requireNoneGivenUp();
    return { direction: this.direction(), seconds: this.slowest / 1000, canaries: this.numbers.length };
  }

  private async requireNoneGivenUp(): Promise<void> {
    const batches = await this.ports.givenUp();
    if (batches === 0) return;
    throw new RolloutError(
      'ReplicationNotProved',
      `Replication has given up ${batches} batches, so not everything has come out on the other side. ` +
        'Look at the log of the replication functions, mend the cause, and invoke the redrive function.',
      { batches },
    );
  }

  private async batch(tail: StreamTail): Promise<void> {
    const { random, clock, model } = this.ports;
    const size = Math.min(LARGEST_BATCH, Math.max(2, tail.uncovered() * 2));
    const fresh = Array.from({ length: size }, () => freshNumber(this.lane, random));
    this.remembered.push(...(await remember(this.ports, fresh)));
    await Promise.all(fresh.map((n) => this.write(n)));
    const ours = keyTexts(model, this.from, this.numbers);
    const until = Math.min(this.deadline, clock.now() + BATCH_TIME);
    for (;;) {
      await tail.read((key) => ours.has(keyText(key)));
      if (tail.uncovered() === 0 || clock.now() >= until) return;
      await clock.sleep(LOOK_EVERY);
    }
  }

  private async write(n: number): Promise<void> {
    if (!(await writeCanary(this.ports, this.from, n))) return;
    this.numbers.push(n);
    this.writtenAt.set(n, this.ports.clock.now());
  }

  private arrived(n: number): void {
    this.slowest = Math.max(this.slowest, this.ports.clock.now() - (this.writtenAt.get(n) as number));
  }

  private async remove(): Promise<void> {
    await this.all('cannot be deleted', async (n) => {
      return (await removeCanary(this.ports, this.from, n)) && lacksCanary(this.ports, this.from, n);
    });
  }

  /** Waits until something holds for every canary. */
  private async all(
    failure: string,
    holds: (n: number) => Promise<boolean>,
    then: (n: number) => void = () => {},
  ): Promise<void> {
    let waiting = this.numbers;
    for (;;) {
      const held = await Promise.all(waiting.map(holds));
      waiting.filter((_, index) => held[index]).forEach(then);
      waiting = waiting.filter((_, index) => !held[index]);
      if (waiting.length === 0) return;
      if (!this.hasTime()) throw this.notProved(`${waiting.length} of ${this.numbers.length} canaries ${failure}`);
      await this.ports.clock.sleep(LOOK_EVERY);
    }
  }

  private hasTime(): boolean {
    return this.ports.clock.now() < this.deadline;
  }

  private direction(): 'forward' | 'reverse' {
    return this.from === 'legacy' ? 'forward' : 'reverse';
  }

  private notProved(what: string): RolloutError {
    return new RolloutError(
      'ReplicationNotProved',
      `${LIMIT / 1000} seconds were not enough to prove ${this.direction()} replication: ${what}. ` +
        'Look at the log, the errors and the iterator age of that replication function; a later try removes these canaries.',
      { direction: this.direction(), canaries: this.numbers.length },
    );
  }
}
