import { compile, type Plan, type StageSpec } from '../../lambda/core/plan';
import type { Position } from '../../lambda/core/position';
import { refusal } from '../private/refuse';
import type { Stage } from './stage';
import type { Timing } from './timing';

/**
 * The plan that lies beside the handlers. Ids of deployment strategies are not known at synth: `strategy` is the index
 * into the handlers' variable STAGE_STRATEGIES.
 */
export function planOf(stages: Stage[], timing: Timing): Plan {
  return {
    stages: stages.map(specOf),
    lease: timing.lease.toSeconds(),
    poll: timing.poll.toSeconds(),
    inFlight: timing.inFlight.toSeconds(),
  };
}

function specOf(stage: Stage, index: number): StageSpec {
  return {
    name: stage.name,
    cohort: stage.cohort._spec,
    goal: stage.goal.position as Position,
    sample: stage.sample,
    bake: stage.bake.toSeconds(),
    strategy: `${index}`,
  };
}

/** Compiles the stages and refuses one that moves nobody. */
export function validatePlan(owner: string, plan: Plan): void {
  const steps = compile(plan.stages);
  plan.stages.forEach(({ name, goal }, index) => {
    if (steps.some(({ stage }) => stage === index)) return;
    throw refusal(owner, `stages[${index}]`, `must move somebody: whom it names is already in '${goal}' or further`, name);
  });
}
