import { Names, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct, IConstruct } from 'constructs';
import { acknowledgeInvocation, acknowledgeWildcard, logicalId } from '../private/acknowledge';

/** What a `Machine` runs. */
export interface MachineProps {
  readonly definition: sfn.IChainable;
  readonly comment: string;
  readonly logRetention: logs.RetentionDays;
  /** The functions that it calls. */
  readonly calls: lambda.IFunction[];
  /** The workflows that it runs and waits for. */
  readonly runs?: sfn.StateMachine[];
}

/** A standard workflow, traced, whose errors are logged. Its history, kept by Step Functions for 90 days, has the rest. */
export class Machine extends sfn.StateMachine {
  constructor(scope: Construct, id: string, props: MachineProps) {
    const logGroup = new logs.LogGroup(scope, `${id}Logs`, {
      // Log groups with this prefix do not fill up the resource policy of CloudWatch Logs (Step Functions Developer Guide, "Logging").
      logGroupName: `/aws/vendedlogs/states/${Names.uniqueResourceName(scope, { maxLength: 200 })}-${id}`,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    super(scope, id, {
      definitionBody: sfn.DefinitionBody.fromChainable(props.definition),
      comment: props.comment,
      stateMachineType: sfn.StateMachineType.STANDARD,
      tracingEnabled: true,
      logs: { destination: logGroup, level: sfn.LogLevel.ERROR, includeExecutionData: false },
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SF1',
      reason: 'The history of each execution holds every event for 90 days; the log is for errors.',
    });
    acknowledgeWildcard(this.role as iam.IRole, 'Resource::*', 'Log delivery and X-Ray have no permissions per resource.');
    for (const fn of props.calls) acknowledgeInvocation(this.role, fn);
    for (const machine of props.runs ?? []) acknowledgeExecutions(this.role, machine, ['*']);
    acknowledgeExecutions(this, this, [':*', '/*:*']);
  }
}

/** Executions of a workflow, its own children among them, have names that are made at run time. */
function acknowledgeExecutions(scope: IConstruct, machine: sfn.StateMachine, suffixes: string[]): void {
  const name = `{"Fn::Select":[6,{"Fn::Split":[":",{"Ref":"${logicalId(machine)}"}]}]}`;
  for (const suffix of suffixes) {
    acknowledgeWildcard(
      scope,
      `Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${name}${suffix}`,
      'Executions of one workflow of this migration, whose names are made at run time.',
    );
  }
}
