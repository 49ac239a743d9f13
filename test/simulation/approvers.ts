import { APPROVAL } from './definitions';
import type { LambdaFunction } from './lambda-function';
import type { Random } from './random';
import type { World } from './world';

const MINUTE = 60_000;

/** Times that somebody tries to be heard. */
const ATTEMPTS = 10;

/** Those who have to agree to a stage. They take their time, say it again when it was not heard, and some are too early. */
export class Approvers {
  constructor(
    private readonly world: World,
    private readonly random: Random,
  ) {
    world.stepFunctions.asked = (question) => {
      const { stage } = question as { stage?: string };
      if (stage !== undefined) this.hear(stage);
    };
  }

  private hear(stage: string): void {
    for (const approver of APPROVAL.approvers) {
      const { world, random } = this;
      const decision = world.dice.happens('rejects', 0.02, random, approver) ? 'reject' : 'approve';
      this.say(approver, { stage, decision, reason: 'simulation' }, ATTEMPTS);
      if (random.chance(0.2)) this.say(approver, { stage: 'another', decision: 'reject', reason: 'by mistake' }, 0);
    }
  }

  private say(approver: string, decision: { stage: string; decision: string; reason: string }, again: number): void {
    const { world, random } = this;
    world.scheduler.after(random.between(1000, 3 * MINUTE), () =>
      (world.functions[`approve-${approver}`] as LambdaFunction)
        .invoke(decision)
        .catch(() => again > 0 && this.say(approver, decision, again - 1)),
    );
  }
}
