import { Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { CHANGES } from '../../lambda/core/operator-configuration';
import type { RolloutLedger } from '../ledger/rollout-ledger';
import { acknowledgeBelow, acknowledgeWildcard } from '../private/acknowledge';
import { executionsOf } from '../private/executions';
import { constructOf } from '../private/grantee';
import type { TrafficShift } from '../traffic/traffic-shift';

/** What there is to see of a change. */
export interface Observed {
  readonly source: dynamodb.ITable;
  readonly target: dynamodb.ITable;
  readonly ledger: RolloutLedger;
  readonly traffic: TrafficShift;
  /** All workflows of the change. */
  readonly workflows: sfn.StateMachine[];
  /** Where changes wait that were not carried over. */
  readonly queues: sqs.IQueue[];
}

/** Allows whatever `status` looks at: no items of the tables. */
export function allowObservation(grantee: iam.IGrantable, observed: Observed): iam.Grant {
  const { source, target, ledger, traffic, workflows, queues } = observed;
  const tables = [...new Set([source.tableArn, target.tableArn])];
  const machines = workflows.map(({ stateMachineArn }) => stateMachineArn);
  const executions = workflows.map((workflow) => executionsOf(workflow));
  // Names of all changes of the account and Region: their parameters hold nothing else.
  const changes = Stack.of(traffic).formatArn({ service: 'ssm', resource: 'parameter', resourceName: CHANGES.slice(1) });
  const grants = [
    ledger.grants.read(grantee),
    traffic.grants.watch(grantee),
    to(grantee, ['states:DescribeStateMachine', 'states:ListExecutions'], machines),
    to(grantee, ['states:DescribeExecution', 'states:GetExecutionHistory', 'states:ListMapRuns'], executions),
    to(grantee, ['dynamodb:DescribeTable'], tables),
    // None has permissions per resource (Service Authorization Reference, "Amazon CloudWatch").
    to(grantee, ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData', 'cloudwatch:GetMetricStatistics'], ['*']),
    to(grantee, ['ssm:GetParameter', 'ssm:GetParametersByPath'], [changes, `${changes}/*`]),
    ...queues.map(({ queueArn }) => to(grantee, ['sqs:GetQueueAttributes'], [queueArn])),
  ];
  explain(grantee, executions, changes);
  return grants.reduce((all, grant) => all.combine(grant));
}

function to(grantee: iam.IGrantable, actions: string[], resourceArns: string[]): iam.Grant {
  return iam.Grant.addToPrincipal({ grantee, actions, resourceArns });
}

function explain(grantee: iam.IGrantable, executions: string[], parameters: string): void {
  const scope = constructOf(grantee);
  if (!scope) return;
  for (const arn of executions) acknowledgeBelow(scope, arn, '', 'Executions of one workflow, whose names are made at run time.');
  acknowledgeBelow(scope, parameters, '/*', 'The command line finds changes by their parameters, which hold names only.');
  acknowledgeWildcard(scope, 'Resource::*', 'CloudWatch alarm descriptions and metric data have no permissions per resource.');
}
