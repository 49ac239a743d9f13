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
          "States.Format('Gate reconciliation of stage {}: the tables differ: {}. The list is in the archive of the ledger, under differences/.', $.stage, States.JsonToString($.sum))",
      },
      resultPath: '$.failure',
    });
    differ.next(new sfn.Choice(this, 'Only told?').when(Condition.booleanEquals('$.observeOnly', true), told).otherwise(failed));
    const reconciliation = new Reconciliation(this, 'Compare', tasks, {
      ...{ maxConcurrency, inFlight, slices: JsonPath.numberAt('$.slices'), otherwise: failed },
      compareOnly: { of: JsonPath.stringAt('$.stage'), different: differ },
    });
    this.stateMachine = new Machine(this, 'Machine', {
      definition: reconciliation.next(new sfn.Succeed(this, 'Equal')),
      comment: 'Compares both tables of a DynamoDB rollout in full',
      logRetention,
      calls: [tasks.planSlices, tasks.sketch, tasks.differences, tasks.reconcile, tasks.sumSlices],
    });
  }
}
