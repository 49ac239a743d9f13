import { compile, type Plan } from '../../lambda/core/plan';
import { planOf } from '../migration/plan';
import type { Stage } from '../migration/stage';
import type { Timing } from '../migration/timing';
import { refusal } from '../private/refuse';

/** The plan of a reindex: answers are compared in shadow, and every other stage asks the new index. Refuses one that moves nobody. */
export function reindexPlan(owner: string, stages: Stage[], timing: Timing): Plan {
  const plan = planOf(stages, timing);
  const moved = plan.stages.map((stage) => ({ ...stage, goal: stage.goal === 'shadow' ? stage.goal : ('target' as const) }));
  const moving = new Set(compile(moved, 'reindex').map(({ stage }) => stage));
  const idle = moved.findIndex((_, index) => !moving.has(index));
  if (idle >= 0) {
    throw refusal(owner, `stages[${idle}]`, 'must move somebody: what it names asks the new index already', moved[idle]?.name);
  }
  return { kind: 'reindex', ...plan, stages: moved };
}
