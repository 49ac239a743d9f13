import { Approvers } from './approvers';
import { Client } from './client';
import type { Fault, Mercy } from './faults';
import { NO_MERCY } from './faults';
import { judge, type Outcome } from './invariants';
import { Operator } from './operator';
import { Pauser } from './pauser';
import type { Random } from './random';
import { BEGINNING } from './scheduler';
import { PARTS, type Settings, settingsOf } from './settings';
import { Trace } from './trace';
import type { Variant } from './variant';
import { World } from './world';

export interface Report extends Outcome {
  readonly seed: number;
  readonly steps: number;
  /** Milliseconds of the run's own time. */
  readonly duration: number;
  readonly injected: ReadonlyMap<Fault, number>;
  readonly names: readonly string[];
  readonly refusals: ReadonlyMap<string, number>;
  readonly trace: Trace;
}

/** How a schedule is run, beside its seed. */
export interface Options {
  readonly mercy?: Mercy;
  /** What is kept of it. */
  readonly trace?: 'lines' | 'digest' | 'none';
  readonly settings?: Settings;
  readonly variant?: Variant;
  /** Gets the world before anything happens in it. */
  readonly meet?: (world: World, operator: Operator) => void;
}

const MINUTE = 60_000;
/** From then on nothing goes wrong any more, so that every run can end. */
const CALM_AFTER = 45 * MINUTE;
/** A run that has not ended by then does not end. */
const LATEST = 8 * 60 * MINUTE;
/** Nobody stops an execution by hand later than that. */
const LAST_STOP = 20 * MINUTE;
const MOST_STEPS = 150_000;

/** Runs one schedule to its end and judges it. */
export async function simulate(seed: number, options: Options = {}): Promise<Report> {
  const { mercy = NO_MERCY, trace = 'none', variant = {} } = options;
  const settings = options.settings ?? variant.settings?.(settingsOf(seed)) ?? settingsOf(seed);
  const world = new World(settings, mercy, new Trace(trace), variant);
  const { scheduler } = world;
  const conduct = new Conductor(world);
  options.meet?.(world, conduct.operator);
  conduct.begin();
  const first = await scheduler.run(() => false, BEGINNING + LATEST, MOST_STEPS);
  const late =
    first === 'late'
      ? [
          {
            invariant: 'ends',
            what: `after ${scheduler.steps} steps and ${Math.round((scheduler.now - BEGINNING) / MINUTE)} minutes it has not come to rest`,
          },
        ]
      : [];
  if (late.length === 0) {
    world.dice.calm = true;
    conduct.lookAtEverything();
    await scheduler.run(() => false, BEGINNING + 2 * LATEST, 2 * MOST_STEPS);
  }
  const outcome = await judge(world);
  return {
    ...outcome,
    violations: [...late, ...outcome.violations],
    seed,
    steps: scheduler.steps,
    duration: scheduler.now - BEGINNING,
    injected: world.dice.injected,
    names: world.dice.names,
    refusals: world.refusals,
    trace: world.trace,
  };
}

/** Starts everything, and lets happen what nobody asked for. */
class Conductor {
  private readonly random: Random;
  readonly operator: Operator;

  constructor(private readonly world: World) {
    this.random = world.dice.stream('conductor');
    this.operator = new Operator(world, this.random);
    new Approvers(world, world.dice.stream('approvers'));
  }

  begin(): void {
    const { world, operator } = this;
    const { scheduler, settings } = world;
    for (const client of world.clients) client.begin();
    void world.native.begin();
    for (const source of world.sources) scheduler.after(world.variant.startsAfter ?? 0, () => source.begin());
    world.stepFunctions.start('rollout', 'run-1', { reason: 'simulation' });
    for (const { at, mode, by } of settings.brakes) scheduler.after(at, () => operator.brake(mode, by));
    new Pauser(world, operator, world.dice.stream('pauser')).begin();
    scheduler.after(CALM_AFTER, () => {
      world.dice.calm = true;
    });
    const lastBrake = Math.max(0, ...settings.brakes.map(({ at }) => at));
    operator.watch(BEGINNING + Math.max(lastBrake, LAST_STOP) + 5 * MINUTE);
    if (settings.looks) operator.lookEveryMinute();
    this.splitLater();
    if (world.dice.happens('stopped', 0.25, this.random, 'operator'))
      scheduler.after(this.random.between(30_000, LAST_STOP), () => this.stopOne());
  }

  /** Reads every key through the client, when the operator has redriven what was given up last. */
  lookAtEverything(): void {
    const { world } = this;
    this.operator.watch(0);
    const intentions = world.settings.groups.flatMap((group) =>
      PARTS.map((part) => ({ kind: 'get' as const, group, part, name: 'last' })),
    );
    new Client(world, 'last', intentions).begin();
  }

  private stopOne(): void {
    const running = [...this.world.stepFunctions.all.values()].filter(
      ({ status, name }) => status === 'running' && !name.includes('/'),
    );
    if (running.length > 0) this.world.stepFunctions.stop(this.random.pick(running).arn, 'Stopped', 'by hand');
  }

  private splitLater(): void {
    const { world, random } = this;
    for (const side of ['legacy', 'target'] as const) {
      if (!world.dice.happens('split', 0.3, random, side)) continue;
      world.scheduler.after(random.between(10_000, 1_200_000), () => {
        const open = world.tables.streams[side].shards.filter((shard) => shard.open);
        world.tables.streams[side].split(random.pick(open));
      });
    }
  }
}
