import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

/**
 * What follows a failure after `Begin`: the rollback workflow is started and goes its own way, and the rollout fails
 * with the error that it had. A rollout that lost its lease was taken over already and starts nothing.
 * Expects `$.failure` with `Error` and, as Step Functions says, usually a `Cause`.
 */
export class TakeBack extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[] = [];

  constructor(scope: Construct, id: string, rollback: sfn.IStateMachine) {
    super(scope, id);
    const failed = new sfn.Fail(this, 'Failed', { errorPath: '$.failure.Error', causePath: '$.failure.Cause' });
    const start = new StepFunctionsStartExecution(this, 'Take traffic back', {
      stateMachine: rollback,
      associateWithParent: true,
      input: sfn.TaskInput.fromObject({
        run: sfn.JsonPath.stringAt('$.run'),
        mode: 'soft',
        reason: sfn.JsonPath.format('The rollout failed: {}', sfn.JsonPath.jsonToString(sfn.JsonPath.objectAt('$.failure'))),
      }),
      resultPath: sfn.JsonPath.DISCARD,
    });
    start.addRetry({ errors: ['States.ALL'], interval: Duration.seconds(2), maxAttempts: 20, maxDelay: Duration.minutes(2) });
    start.addCatch(failed, { errors: ['States.ALL'], resultPath: sfn.JsonPath.DISCARD });
    this.startState = new sfn.Choice(this, 'Taken over?').when(lostTheLease(), failed).otherwise(start.next(failed));
  }
}

/** In a nested workflow the name of the error is in the cause. */
function lostTheLease(): sfn.Condition {
  return sfn.Condition.or(
    sfn.Condition.stringEquals('$.failure.Error', 'LeaseLost'),
    sfn.Condition.and(sfn.Condition.isPresent('$.failure.Cause'), sfn.Condition.stringMatches('$.failure.Cause', '*LeaseLost*')),
  );
}
