import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { gatesOf } from '../gates/gate-parts';
import type { Stage } from '../migration/stage';
import { factsOf } from '../migration/table-facts';
import { isFull, validateStages } from '../migration/validate-stages';
import { refusal } from '../private/refuse';
import type { Risk } from '../safety/risk';
import type { StagedReindexProps } from './staged-reindex-props';

/** Refuses what a reindex cannot do. */
export function validateReindex(owner: string, { table, stages, index, create, drop }: StagedReindexProps, risks: Risk[]): void {
  if (drop !== undefined && drop === index) throw refusal(owner, 'drop', 'must be another index than the new one', drop);
  const { known } = factsOf(table);
  const instead = `only for imported tables: what a workflow does to ${table.node.path} would drift from its template`;
  if (known && create) throw refusal(owner, 'create', `is ${instead}. Add the index to the construct of the table`);
  if (known && drop !== undefined) {
    throw refusal(owner, 'drop', `is ${instead}. Take the index out of the construct of the table when the change is closed`);
  }
  if (Token.isUnresolved(stages)) return;
  validateStages(owner, stages, risks);
  validateGoals(owner, stages);
  for (const stage of stages) validateGates(stage, risks);
}

function validateGoals(owner: string, stages: Stage[]): void {
  stages.forEach(({ name, goal, cohort }, index) => {
    if (cohort._spec.kind === 'keys') {
      throw refusal(owner, `stages[${index}]`, 'must name a share, and no keys: it is questions that move', name);
    }
    if (goal.position !== 'dual-legacy') return;
    throw refusal(
      owner,
      `stages[${index}]`,
      "must ask one index or both: there is no 'dual-legacy' where nothing is written",
      name,
    );
  });
  const last = stages.at(-1);
  if (last && isFull(last)) return;
  throw refusal(owner, 'stages', 'must end with Stage.full(): one index answers in the end', last?.name);
}

function validateGates(stage: Stage, risks: Risk[]): void {
  gatesOf(stage, risks).forEach(({ id, _parts }, index) => {
    if (!_parts.comparison && !_parts.compatibility) return;
    throw refusal(`Stage '${stage.name}'`, `gates[${index}]`, 'must have something to measure: no item changes', id);
  });
}

/** Refuses an index that the table of the template does not have. Looks late: indexes may be added until synth. */
export function checkIndexLater(scope: IConstruct, { table, index }: StagedReindexProps): void {
  scope.node.addValidation({
    validate: () => {
      const { indexes } = factsOf(table);
      if (!indexes || Token.isUnresolved(index) || indexes.includes(index)) return [];
      const has = indexes.join(', ') || 'none';
      return [`index '${index}' is no index of ${table.node.path}: it has ${has}. Add it to the construct of the table.`];
    },
  });
}
