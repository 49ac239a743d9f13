import { compile, type Plan } from '../../lambda/core/plan';
import { planOf } from '../migration/plan';
import type { Stage } from '../migration/stage';
import type { Timing } from '../migration/timing';
import { refusal } from '../private/refuse';

/** The plan of an amendment: every stage writes keys in the new form. Refuses one that moves nobody. */
export function amendmentPlan(owner: string, stages: Stage[], timing: Timing, earlier: string[]): Plan {
  const plan = planOf(stages, timing);
  const inPlace = plan.stages.map((stage) => ({ ...stage, goal: 'target' as const }));
  const moving = new Set(compile(inPlace, 'amend').map(({ stage }) => stage));
  const idle = inPlace.findIndex((_, index) => !moving.has(index));
  if (idle >= 0) {
    const what = 'must move somebody: whom it names is written in the new form already';
    throw refusal(owner, `stages[${idle}]`, what, inPlace[idle]?.name);
  }
  return { kind: 'amend', earlier, ...plan, stages: inPlace };
}
