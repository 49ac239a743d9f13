import type { Duration } from 'aws-cdk-lib';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Machine } from './machine';
import { Reconciliation } from './reconciliation';
import type { WorkflowTasks } from './tasks';

const { Condition, JsonPath } = sfn;

/** Bounds of a comparison. */
export interface ComparisonProps {
  readonly maxConcurrency: number;
  readonly inFlight: Duration;
  readonly logRetention: logs.RetentionDays;
}

/**
 * Compares both tables in full for a stage, and repairs nothing. Input: `{ run, generation, slices, stage, observeOnly }`. It
 * fails with `GateFailed` where groups differ for good.
 */
export class Comparison extends Construct {
  /** The workflow. */
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, tasks: WorkflowTasks, props: ComparisonProps) {
    super(scope, id);
    const { maxConcurrency, inFlight, logRetention } = props;
    const failed = new sfn.Fail(this, 'Failed', { errorPath: '$.failure.Error', causePath: '$.failure.Cause' });
    const told = new sfn.Succeed(this, 'Told, and nothing else');
    const differ = new sfn.Pass(this, 'Tables differ', {
      parameters: {
        Error: 'GateFailed',
        'Cause.$':
          "States.Format('Gate reconciliation of stage {}: the tables differ: {}. The list, where they could be listed, is in the archive of the ledger under differences/; the first are in the ledger.', $.stage, States.JsonToString($.sum))",
      },
      resultPath: '$.failure',
    });
    const only = new sfn.Choice(this, 'Only told?').when(Condition.booleanEquals('$.observeOnly', true), told).otherwise(failed);
    differ.next(only);
    const reconciliation = new Reconciliation(this, 'Compare', tasks, {
      ...{ maxConcurrency, inFlight, slices: JsonPath.numberAt('$.slices'), otherwise: only },
      compareOnly: { of: JsonPath.stringAt('$.stage'), different: differ },
    });
    // What only observes ends no stage, whatever keeps it from observing.
    for (const state of sfn.State.findReachableStates(reconciliation.startState)) {
      if (state instanceof sfn.TaskStateBase || state instanceof sfn.DistributedMap) {
        state.addCatch(only, { errors: ['States.ALL'], resultPath: '$.failure' });
      }
    }
    this.stateMachine = new Machine(this, 'Machine', {
      definition: reconciliation.next(new sfn.Succeed(this, 'Equal')),
      comment: 'Compares both tables of a DynamoDB rollout in full',
      logRetention,
      calls: [tasks.planSlices, tasks.sketch, tasks.differences, tasks.reconcile, tasks.sumSlices],
    });
  }
}
