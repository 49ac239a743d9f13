import { RolloutError } from '../core/errors';
import type { Goal } from '../core/traffic';
import type { TrafficPorts } from './ports';

/**
 * A run goes through the plan that it began with: its steps are counted, and a changed plan would count others.
 * The way back needs no plan.
 * @throws PlanChanged
 */
export async function requireSamePlan({ ledger, planSha256 }: TrafficPorts, run: string, goal: Goal): Promise<void> {
  if (goal.kind !== 'stage') return;
  const note = await ledger.note('plan');
  if (note?.run === run && note.sha256 === planSha256) return;
  throw new RolloutError(
    'PlanChanged',
    `Run ${run} began with the plan ${note?.run === run ? note.sha256 : '(none recorded)'}, and the stack now has ${planSha256}. ` +
      'Stages cannot change under way: deploy the former stages to go on, or roll back and start again.',
    { run, began: note?.sha256, now: planSha256 },
  );
}
