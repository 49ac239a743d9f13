import { Token } from 'aws-cdk-lib';
import { gatesOf } from '../gates/gate-parts';
import type { Stage } from '../migration/stage';
import { isFull, validateStages } from '../migration/validate-stages';
import { refusal } from '../private/refuse';
import type { Risk } from '../safety/risk';

/** Refuses stages and gates that have nothing to measure where both models are in one table. */
export function validateAmendment(owner: string, stages: Stage[], risks: Risk[]): void {
  if (Token.isUnresolved(stages)) return;
  validateStages(owner, stages, risks);
  stages.forEach(({ name, goal }, index) => {
    if (goal.position === 'dual-target' || goal.position === 'target') return;
    throw refusal(
      owner,
      `stages[${index}]`,
      `must write keys in the new form: there is no '${goal.position}' in one table`,
      name,
    );
  });
  const last = stages.at(-1);
  if (!last || !isFull(last))
    throw refusal(owner, 'stages', 'must end with Stage.full(): the table has one form in the end', last?.name);
  for (const stage of stages) {
    gatesOf(stage, risks).forEach(({ id, _parts }, index) => {
      if (!_parts.comparison && !_parts.queries && !_parts.observed?.comparesReads) return;
      throw refusal(
        `Stage '${stage.name}'`,
        `gates[${index}]`,
        'must have something to measure: there is one table, and nothing to compare',
        id,
      );
    });
  }
}
