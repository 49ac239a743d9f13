import { Duration } from 'aws-cdk-lib';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { GateSpec } from '../../lambda/core/gate';
import type { HookSpec } from '../../lambda/core/hook';
import type { Hypothesis } from '../../lambda/core/hypothesis';
import type { Plan, StageSpec } from '../../lambda/core/plan';
import { Bake, MAX_TICKS } from './bake';
import type { Phases } from './phases';
import { RollbackWorkflow } from './rollback';
import { Rollout } from './rollout';
import { Shift } from './shift';
import type { StageChecks, WorkflowStage } from './stage';
import type { StageTasks } from './tasks';

/** Looks at one deployment: an execution has 25,000 events at most, and each look takes about ten. */
const MAX_LOOKS = 200;

/** What `Workflows` are made of. */
export interface WorkflowsProps {
  readonly tasks: StageTasks;
  /** What the change does around its stages. */
  readonly phases: Phases;
  readonly plan: Plan;
  /** How long a deployment of each stage takes, in seconds, by index. */
  readonly deployments: number[];
  /** What decides each stage, by index. */
  readonly checks?: StageChecks[];
  /** What a run is expected not to do. */
  readonly hypotheses?: Hypothesis[];
  /** What may refuse the completion. */
  readonly beforeCompletion?: HookSpec[];
  /** Time between two observations. */
  readonly tick: Duration;
  readonly logRetention: logs.RetentionDays;
}

/** The workflows of a change: rollout and rollback, and what they are made of. */
export class Workflows extends Construct {
  /** Rolls out. */
  readonly rollout: sfn.StateMachine;
  /** Takes back. */
  readonly rollback: sfn.StateMachine;
  /** Moves traffic, for both of them. */
  readonly shift: sfn.StateMachine;
  /** Compares both tables in full, where there are two. */
  readonly comparison?: sfn.StateMachine;

  constructor(scope: Construct, id: string, props: WorkflowsProps) {
    super(scope, id);
    const { tasks, phases, plan, logRetention } = props;
    const expected = { hypotheses: props.hypotheses ?? [], stages: plan.stages.length };
    const shift = new Shift(this, 'Shift', tasks, logRetention, phases.prove).stateMachine;
    this.shift = shift;
    const bake = new Bake(this, 'Bake', tasks, logRetention).stateMachine;
    const comparison = phases.comparison?.(this, logRetention);
    this.comparison = comparison;
    const indexComparison = phases.indexComparison?.(this, logRetention);
    this.rollback = new RollbackWorkflow(this, 'Rollback', {
      ...{ tasks, phases, shift, logRetention, expected },
      look: Duration.seconds(plan.poll),
      gates: metricsOf(props.checks ?? []),
    }).stateMachine;
    this.rollout = new Rollout(this, 'Rollout', {
      ...{ tasks, phases, shift, bake, comparison, indexComparison, logRetention, expected },
      rollback: this.rollback,
      beforeCompletion: props.beforeCompletion ?? [],
      stages: plan.stages.map((stage, index) => workflowStage(stage, index, props)),
    }).stateMachine;
  }
}

/** The metrics that decide some stage, each once. */
function metricsOf(checks: StageChecks[]): GateSpec[] {
  const metrics = checks.flatMap(({ gates = [] }) => gates.filter(({ kind }) => kind === 'metric'));
  return [...new Map(metrics.map((gate) => [JSON.stringify(gate), gate])).values()];
}

/** A long bake is observed less often, and a long deployment looked at less often, so that no history grows too long. */
function workflowStage(
  { name, bake }: StageSpec,
  index: number,
  { plan, deployments, checks, tick }: WorkflowsProps,
): WorkflowStage {
  const every = Math.max(tick.toSeconds(), Math.ceil(bake / MAX_TICKS));
  const look = Math.max(plan.poll, Math.ceil((deployments[index] ?? 0) / MAX_LOOKS));
  return {
    name,
    index,
    look: Duration.seconds(look),
    tick: Duration.seconds(every),
    ticks: Math.max(1, Math.ceil(bake / every)),
    ...checks?.[index],
  };
}
