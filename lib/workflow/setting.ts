import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledgeExecutions, acknowledgeMapRuns, executionsOf, mapRunsOf } from '../private/executions';

/** What a `Setting` joins. */
export interface SettingProps {
  /** The function that sets the speed. */
  readonly handler: lambda.Function;
  /** The workflow whose maps it changes. */
  readonly rollout: sfn.StateMachine;
}

/** Lets a function change how many children the maps of a workflow run at a time. */
export class Setting extends Construct {
  constructor(scope: Construct, id: string, { handler, rollout }: SettingProps) {
    super(scope, id);
    const policy = new iam.Policy(this, 'Policy', {
      roles: [handler.role as iam.IRole],
      statements: [
        new iam.PolicyStatement({ actions: ['states:ListMapRuns'], resources: [executionsOf(rollout)] }),
        new iam.PolicyStatement({ actions: ['states:UpdateMapRun'], resources: [mapRunsOf(rollout)] }),
      ],
    });
    acknowledgeExecutions(policy, rollout);
    acknowledgeMapRuns(policy, rollout);
  }
}
