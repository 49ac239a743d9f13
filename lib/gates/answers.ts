import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

/** What `Answers` join. */
export interface AnswersProps {
  /** The functions that answer. */
  readonly handlers: lambda.IFunction[];
  /** The workflow whose tasks wait. */
  readonly workflow: sfn.StateMachine;
}

/**
 * Lets functions answer tasks of a workflow that wait with a token. A policy of its own, because the workflow calls one of them:
 * were it part of the function's role, neither could be made before the other.
 */
export class Answers extends Construct {
  constructor(scope: Construct, id: string, { handlers, workflow }: AnswersProps) {
    super(scope, id);
    new iam.Policy(this, 'Policy', {
      roles: handlers.map(({ role }) => role as iam.IRole),
      statements: [
        new iam.PolicyStatement({
          actions: ['states:SendTaskSuccess', 'states:SendTaskFailure'],
          resources: [workflow.stateMachineArn],
        }),
      ],
    });
  }
}
