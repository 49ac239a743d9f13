import { Duration, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledgeExecutions, executionsOf } from '../private/executions';
import type { BrakeTopic } from './brake-topic';
import type { BoundTrigger } from './triggers';

/** What a `Brake` joins. */
export interface BrakeProps {
  readonly topic: BrakeTopic;
  /** The alarms, with the way back that each asks for. */
  readonly triggers: BoundTrigger[];
  /** The function that hears alarms. */
  readonly handler: lambda.Function;
  /** The workflow that it starts. */
  readonly rollback: sfn.StateMachine;
}

/** An alarm that goes off starts the rollback workflow, whether or not the rollout workflow is alive. */
export class Brake extends Construct {
  /** Alarms that the brake could not hear are kept here. */
  readonly deadLetterQueue: sqs.Queue;

  constructor(scope: Construct, id: string, props: BrakeProps) {
    super(scope, id);
    this.deadLetterQueue = new sqs.Queue(this, 'Unheard', {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.deadLetterQueue).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'It is itself a dead-letter queue.' });
    props.topic.topic.addSubscription(new LambdaSubscription(props.handler, { deadLetterQueue: this.deadLetterQueue }));
    props.handler.addEnvironment('ROLLBACK_STATE_MACHINE_ARN', props.rollback.stateMachineArn);
    const modes = Object.fromEntries(props.triggers.map(({ alarm, mode }) => [alarm.alarmName, mode]));
    props.handler.addEnvironment('BRAKE_MODES', Stack.of(this).toJsonString(modes));
    props.rollback.grantStartExecution(props.handler);
    props.handler.addToRolePolicy(
      new iam.PolicyStatement({ actions: ['states:DescribeExecution'], resources: [executionsOf(props.rollback)] }),
    );
    acknowledgeExecutions(props.handler.role as iam.IRole, props.rollback);
  }
}
