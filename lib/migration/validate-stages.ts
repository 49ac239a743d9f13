import { Token, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { CohortSpec } from '../../lambda/core/plan';
import { type Position, rankOf } from '../../lambda/core/position';
import type { Gate } from '../gates/gate';
import { gatesOf } from '../gates/gate-parts';
import { validateHooks } from '../hooks/hook';
import { refusal } from '../private/refuse';
import type { Risk } from '../safety/risk';
import type { Stage } from './stage';

/** Refuses stages that are no way from legacy to target. */
export function validateStages(owner: string, stages: Stage[], risks: Risk[] = []): void {
  if (Token.isUnresolved(stages)) return;
  if (stages.length === 0) throw refusal(owner, 'stages', 'must hold at least one stage', stages.length);
  validateNames(owner, stages);
  validateOrder(owner, stages);
  validatePercents(owner, stages);
  for (const stage of stages) validateGates(stage, gatesOf(stage, risks));
  for (const { name, hooks } of stages) validateHooks(`Stage '${name}'`, 'hooks', hooks);
  stages.forEach(validateComparedReads);
}

/** Clients compare in `shadow` and `dual-target` only, and as many of their reads as the stage says. */
function validateComparedReads(stage: Stage, index: number): void {
  const { name, sample, gates } = stage;
  const at = gates.findIndex((gate) => gate._parts.observed?.comparesReads);
  if (at < 0) return;
  const owner = `Stage '${name}'`;
  if (sample === 0) throw refusal(owner, `gates[${at}]`, 'must have something to measure: the stage compares no reads', sample);
  if (isFull(stage)) {
    throw refusal(
      owner,
      `gates[${at}]`,
      'must have something to measure: no reads are compared once all keys are in the target',
      index,
    );
  }
}

function validateGates({ name, bake }: Stage, gates: Gate[]): void {
  const owner = `Stage '${name}'`;
  gates.forEach(({ id, _parts }, index) => {
    if (gates.findIndex((other) => other.id === id) !== index) {
      throw refusal(owner, `gates[${index}].id`, 'must be an id that no other gate of the stage has', id);
    }
    const least = _parts.observed?.leastBake;
    if (least && !bake.isUnresolved() && bake.toSeconds() < least.toSeconds()) {
      throw refusal(
        owner,
        `gates[${index}]`,
        `must have something to measure: '${id}' needs a bake of ${least.toHumanString()}`,
        bake,
      );
    }
  });
}

function validateNames(owner: string, stages: Stage[]): void {
  stages.forEach(({ name }, index) => {
    if (stages.findIndex((other) => other.name === name) === index) return;
    throw refusal(owner, `stages[${index}].name`, 'must be a name that no other stage has', name);
  });
}

function validateOrder(owner: string, stages: Stage[]): void {
  const full = stages.findIndex(isFull);
  if (full >= 0 && full < stages.length - 1) {
    throw refusal(
      owner,
      `stages[${full + 1}]`,
      'must not follow Stage.full(), after which no key is left to move',
      stages[full + 1]?.name,
    );
  }
}

/** True for a stage that moves all keys for good. */
export function isFull({ cohort, goal }: Stage): boolean {
  return cohort._spec.kind === 'all' && goal.position === 'target';
}

/** A share grows from stage to stage, or goes further. */
function validatePercents(owner: string, stages: Stage[]): void {
  let last: { percent: number; goal: string } | undefined;
  stages.forEach(({ cohort, goal }, index) => {
    const percent = percentOf(cohort._spec);
    if (percent === undefined) return;
    if (last && percent < last.percent) {
      throw refusal(
        owner,
        `stages[${index}]`,
        `must not move a smaller share than the ${last.percent} percent before it`,
        percent,
      );
    }
    if (last && percent === last.percent && rankOf(goal.position as Position) <= rankOf(last.goal as Position)) {
      throw refusal(
        owner,
        `stages[${index}]`,
        `must move more than the ${last.percent} percent before it, or have a further goal`,
        percent,
      );
    }
    last = { percent, goal: goal.position };
  });
}

function percentOf(cohort: CohortSpec): number | undefined {
  return cohort.kind === 'percent' && !Token.isUnresolved(cohort.percent) ? cohort.percent : undefined;
}

/** Advice: without a full stage at the end, the migration stops half way. */
export function adviseOnStages(scope: IConstruct, stages: Stage[]): void {
  const last = stages.at(-1);
  if (!last || isFull(last)) return;
  Validations.of(scope).addWarning(
    'cdk-dynamodb-rollout:stagesWithoutFull',
    `The last of the stages, '${last.name}', leaves keys on the legacy table. Add Stage.full() to complete the migration.`,
  );
}
