import { ArnFormat, Stack } from 'aws-cdk-lib';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { IConstruct } from 'constructs';
import { acknowledgeWildcard, logicalId } from './acknowledge';

/** ARN of all executions of a workflow: their names are made at run time. */
export function executionsOf(workflow: sfn.StateMachine): string {
  return Stack.of(workflow).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${workflow.stateMachineName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** ARN of all Map Runs of a workflow (Service Authorization Reference, "Actions, resources, and condition keys for AWS Step Functions"). */
export function mapRunsOf(workflow: sfn.StateMachine): string {
  return Stack.of(workflow).formatArn({
    service: 'states',
    resource: 'mapRun',
    resourceName: `${workflow.stateMachineName}/*:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** Says why `mapRunsOf` a workflow is in a policy. */
export function acknowledgeMapRuns(scope: IConstruct, workflow: sfn.StateMachine): void {
  acknowledgeWildcard(
    scope,
    `Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:mapRun:<${logicalId(workflow)}.Name>/*:*`,
    'Map Runs of one workflow, whose names are made at run time.',
  );
}

/** Says why `executionsOf` a workflow is in a policy. */
export function acknowledgeExecutions(scope: IConstruct, workflow: sfn.StateMachine): void {
  acknowledgeWildcard(
    scope,
    `Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<${logicalId(workflow)}.Name>:*`,
    'Executions of one workflow, whose names are made at run time.',
  );
}
