import { standingPauses } from '../../lambda/core/pause';
import { arnOf } from './executions';
import type { LambdaFunction } from './lambda-function';
import type { Operator } from './operator';
import type { Random } from './random';
import type { World } from './world';

const MINUTE = 60_000;

/** Whoever pauses the run, and whoever resumes it again. */
export class Pauser {
  constructor(
    private readonly world: World,
    private readonly operator: Operator,
    private readonly random: Random,
  ) {}

  begin(): void {
    const { scheduler, settings } = this.world;
    for (const { at, by, lasts } of settings.pauses) {
      scheduler.after(at, () => this.pause(by));
      scheduler.after(at + lasts, () => this.look());
    }
  }

  private pause(by: 'alarm' | 'operator'): void {
    const { world, operator } = this;
    world.tell(by, 'pauses the run');
    world.dice.injected.set('paused', (world.dice.injected.get('paused') ?? 0) + 1);
    if (by === 'operator') operator.invoke('pause', { reason: 'simulation', by: 'somebody' });
    else operator.alarm('pause');
  }

  /** Resumes the run if it is paused, and looks again as long as it runs: an alarm may be heard late. */
  private async look(isHeard = true): Promise<void> {
    const { world, random } = this;
    if (world.stepFunctions.all.get(arnOf('rollout', 'run-1'))?.status !== 'running') return;
    const lease = await world.ledger.lease();
    const isPaused = lease !== undefined && standingPauses(await world.ledger.events(), lease).length > 0;
    const resumed = isPaused || !isHeard ? this.resume() : Promise.resolve(true);
    world.scheduler.after(random.between(MINUTE, 3 * MINUTE), () => resumed.then((isHeard) => this.look(isHeard)));
  }

  private resume(): Promise<boolean> {
    const resume = this.world.functions.resume as LambdaFunction;
    return resume.invoke({ reason: 'simulation' }).then(
      () => true,
      () => false,
    );
  }
}
