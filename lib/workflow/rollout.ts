import type { Duration } from 'aws-cdk-lib';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Expectations } from '../../lambda/core/hypothesis';
import { Backfill } from './backfill';
import { Begin } from './begin';
import { Completion } from './completion';
import { Machine } from './machine';
import { Preflight } from './preflight';
import { Reconciliation } from './reconciliation';
import { ReplicationProof } from './replication-proof';
import { StageFragment, type StageMachines, type WorkflowStage } from './stage';
import { TakeBack } from './take-back';
import type { WorkflowTasks } from './tasks';

/** What a `Rollout` joins. */
export interface RolloutProps {
  readonly tasks: WorkflowTasks;
  readonly stages: WorkflowStage[];
  readonly expected: Expectations;
  readonly maxConcurrency: number;
  readonly inFlight: Duration;
  readonly shift: sfn.StateMachine;
  readonly bake: sfn.StateMachine;
  readonly comparison: sfn.StateMachine;
  readonly rollback: sfn.StateMachine;
  readonly logRetention: logs.RetentionDays;
}

/** The rollout workflow, from the lease to completion. */
export class Rollout extends Construct {
  /** The workflow. Start it with `{ "reason": "..." }`, or with `{}`. */
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, props: RolloutProps) {
    super(scope, id);
    const { tasks, shift, bake, comparison, rollback, logRetention } = props;
    const compares = props.stages.some((stage) => stage.comparison);
    const takeBack = new TakeBack(this, 'TakeBack', rollback);
    this.stateMachine = new Machine(this, 'Machine', {
      definition: this.definition(props, { shift, bake, comparison, otherwise: takeBack }, takeBack),
      comment: 'Rolls a DynamoDB table out to a new model',
      logRetention,
      calls: [
        ...[tasks.begin, tasks.preflight, tasks.prove, tasks.planSlices, tasks.backfill],
        ...[tasks.sketch, tasks.differences, tasks.reconcile, tasks.sumSlices],
        ...[tasks.compatibility, tasks.askApproval, tasks.window, tasks.queries, tasks.evidence, tasks.finish],
      ],
      runs: [shift, bake, ...(compares ? [comparison] : [])],
    });
  }

  private definition(props: RolloutProps, machines: StageMachines, takeBack: TakeBack): sfn.Chain {
    const { tasks, maxConcurrency, inFlight } = props;
    const slices = sfn.JsonPath.numberAt('$.preflight.slices');
    const afterBegin = [
      new Preflight(this, 'Preflight', tasks, queriesOf(props.stages)),
      new ReplicationProof(this, 'ReplicationProof', tasks),
      new Backfill(this, 'Backfill', tasks, { maxConcurrency, inFlight }),
      new Reconciliation(this, 'Reconciliation', tasks, { maxConcurrency, inFlight, slices, otherwise: takeBack }),
      ...props.stages.map((stage) => new StageFragment(this, `Stage${stage.index}`, tasks, machines, stage)),
    ];
    const completion = new Completion(this, 'Completion', tasks, props.expected);
    const rest = afterBegin.slice(1).reduce((chain, phase) => chain.next(phase), sfn.Chain.start(afterBegin[0] as Preflight));
    catchAll(rest.next(completion), takeBack);
    return sfn.Chain.start(new Begin(this, 'Begin', tasks)).next(rest);
  }
}

/** Names of the queries that some stage asks. */
function queriesOf(stages: WorkflowStage[]): string[] {
  return [...new Set(stages.flatMap(({ queries }) => queries?.names ?? []))];
}

/** Every failure from here on takes traffic back. */
function catchAll(chain: sfn.Chain, takeBack: TakeBack): void {
  const ownStates = new Set(takeBack.node.findAll());
  for (const state of sfn.State.findReachableStates(chain.startState)) {
    if (ownStates.has(state)) continue;
    if (state instanceof sfn.TaskStateBase || state instanceof sfn.DistributedMap) {
      state.addCatch(takeBack, { errors: ['States.ALL'], resultPath: '$.failure' });
    }
  }
}
