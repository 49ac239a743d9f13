import { positionsOf } from '../../lambda/core/routing-table';
import type { LambdaFunction } from './lambda-function';
import { isBroken, textIn } from './parts-model';
import type { Random } from './random';
import type { World } from './world';

const MINUTE = 60_000;

/** Times that the operator pulls the brake, or has the queues redriven, before giving up. */
const ATTEMPTS = 10;

/** How long an alarm stands, in milliseconds at most. */
const STANDS = 5 * MINUTE;

/** Whoever looks after the run: alarms with their brake, and a person who mends what does not mend itself. */
export class Operator {
  private rollbacks = 0;
  private redrives = 0;

  constructor(
    private readonly world: World,
    private readonly random: Random,
  ) {}

  /** Pulls the brake, or has an alarm do so. Nobody may hear the alarm: then it stands until the brake looks. */
  brake(mode: 'soft' | 'fenced' | 'immediate', by: 'alarm' | 'operator'): void {
    const { world } = this;
    world.tell(by, `pulls the brake: ${mode}`);
    world.dice.injected.set('brake', (world.dice.injected.get('brake') ?? 0) + 1);
    if (by === 'operator') this.invoke('brake', { mode, reason: 'simulation' });
    else this.alarm(mode);
  }

  /** An alarm goes off, and after some minutes is OK again. */
  alarm(mode: string): void {
    const { world, random } = this;
    world.alarms.raise(mode);
    world.scheduler.after(random.between(MINUTE, STANDS), () => world.alarms.settle(mode));
    if (world.dice.happens('alarm-lost', 0.3, random, mode)) return;
    const StateChangeTime = new Date(world.scheduler.now).toISOString();
    const alarm = JSON.stringify({ AlarmName: mode, NewStateValue: 'ALARM', NewStateReason: 'simulation', StateChangeTime });
    this.invoke('brake', { Records: [{ Sns: { Message: alarm } }] });
  }

  /** The brake looks for itself as long as somebody has the lease. */
  lookEveryMinute(): void {
    const { world } = this;
    world.scheduler.after(MINUTE, async () => {
      if (!(await world.ledger.lease()) && world.stepFunctions.isQuiet) return;
      this.invoke('brake', { look: true }, 0);
      this.lookEveryMinute();
    });
  }

  /**
   * Looks every two minutes until all is over, `until` at the earliest: takes traffic back when nothing runs and the lease is
   * still out, mends what is broken where legacy is in authority, and redrives what was set aside.
   */
  watch(until: number): void {
    const { world } = this;
    world.scheduler.after(2 * MINUTE, async () => {
      const { isQuiet } = world.stepFunctions;
      const lease = await world.ledger.lease();
      if (isQuiet && lease && this.rollbacks++ < ATTEMPTS) this.brake('soft', 'operator');
      const isWhole = this.mend();
      const isEmpty = await this.redrive(isQuiet);
      const over = isQuiet && world.scheduler.now > until && (!lease || this.rollbacks > ATTEMPTS);
      if (over && isWhole && isEmpty) world.milestones.reach(Number.POSITIVE_INFINITY);
      else this.watch(until);
    });
  }

  /** True when there was nothing that could be mended. */
  private mend(): boolean {
    const { world } = this;
    const { table } = world.appConfig.delivered;
    if ([...positionsOf(table), table.scout].some((position) => position !== 'legacy' && position !== 'shadow')) return true;
    const damaged = world.tables.memory.items('legacy').filter(isBroken);
    // What fails is tried again at the next look.
    for (const { id } of damaged) world.native.mend(textIn(id)).catch(() => {});
    return damaged.length === 0;
  }

  /** True when nothing is left in the queues that may still be settled. */
  private async redrive(isQuiet: boolean): Promise<boolean> {
    const { poison, givenUp } = this.world;
    for (const queue of [poison, givenUp]) for (const receipt of [...queue.hidden.keys()]) await queue.putBack(receipt);
    if ((await poison.held()) + (await givenUp.held()) === 0) return true;
    this.invoke('redrive', {}, 0);
    if (isQuiet) this.redrives++;
    return this.redrives > ATTEMPTS;
  }

  /** Invokes a function, and again a minute later where it fails. */
  invoke(name: string, event: unknown, again = 2): void {
    const { world } = this;
    (world.functions[name] as LambdaFunction)
      .invoke(event)
      .catch(() => again > 0 && world.scheduler.after(MINUTE, () => this.invoke(name, event, again - 1)));
  }
}
