import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledgeExecutions, executionsOf } from '../private/executions';

/** What a `Takeover` joins. */
export interface TakeoverProps {
  /** The functions that ask what executions do, and stop them. */
  readonly handler: lambda.Function;
  readonly workflows: sfn.StateMachine[];
}

/**
 * Lets a function look at and stop executions of workflows. A policy of its own, because one of these workflows calls the
 * function: were it part of the function's role, neither could be made before the other.
 */
export class Takeover extends Construct {
  constructor(scope: Construct, id: string, props: TakeoverProps) {
    super(scope, id);
    const policy = new iam.Policy(this, 'Policy', {
      roles: [props.handler.role as iam.IRole],
      statements: [
        new iam.PolicyStatement({
          actions: ['states:StopExecution', 'states:DescribeExecution'],
          resources: props.workflows.map((workflow) => executionsOf(workflow)),
        }),
      ],
    });
    for (const workflow of props.workflows) acknowledgeExecutions(policy, workflow);
  }
}
