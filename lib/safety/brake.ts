import { Duration, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { MigrationMetrics } from '../monitoring/migration-metrics';
import { EncryptedQueue } from '../private/encrypted-queue';
import { acknowledgeExecutions, executionsOf } from '../private/executions';
import { createAlarm } from './alarm-factory';
import type { BrakeTopic } from './brake-topic';
import { type BoundTrigger, takesBack } from './triggers';

/** What a `Brake` joins. */
export interface BrakeProps {
  readonly topic: BrakeTopic;
  /** The alarms, with what each asks for. */
  readonly triggers: BoundTrigger[];
  /** The function that hears alarms. */
  readonly handler: lambda.Function;
  /** The workflow that it starts. */
  readonly rollback: sfn.StateMachine;
  /** The workflow that it takes back when it died. */
  readonly rollout: sfn.StateMachine;
  readonly metrics: MigrationMetrics;
}

/**
 * An alarm that goes off starts the rollback workflow, whether or not the rollout workflow is alive, or pauses the run. Every minute the brake
 * looks for itself, too: at alarms that still stand, whose notification may have been lost, and at a rollout that ended
 * without giving the lease up, because somebody stopped it.
 */
export class Brake extends Construct {
  /** Alarms that the brake could not hear are kept here. */
  readonly deadLetterQueue: sqs.Queue;
  /** Goes off when a rollback ended without having arrived. */
  readonly rollbackStuck: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: BrakeProps) {
    super(scope, id);
    this.deadLetterQueue = new EncryptedQueue(this, 'Unheard', props.topic.key, { retentionPeriod: Duration.days(14) });
    props.topic.letPublish('sns.amazonaws.com');
    Validations.of(this.deadLetterQueue).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'It is itself a dead-letter queue.' });
    props.topic.topic.addSubscription(new LambdaSubscription(props.handler, { deadLetterQueue: this.deadLetterQueue }));
    props.handler.configureAsyncInvoke({
      onFailure: new SqsDestination(this.deadLetterQueue),
      maxEventAge: Duration.hours(6),
      retryAttempts: 2,
    });
    new events.Rule(this, 'Look', {
      description: 'The brake looks at alarms that stand and at whether the rollout is alive',
      schedule: events.Schedule.rate(Duration.minutes(1)),
      targets: [
        new LambdaFunction(props.handler, {
          event: events.RuleTargetInput.fromObject({ look: true }),
          retryAttempts: 0,
          maxEventAge: Duration.minutes(1),
        }),
      ],
    });
    this.rollbackStuck = createAlarm(this, 'RollbackStuck', {
      metric: props.metrics.rollbackStuck(),
      threshold: 1,
      comparison: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      ...{ windows: 1, breaching: 1, failOnMissing: false },
      description: 'A rollback ended before traffic was back, and keeps the lease: look at its execution, then start another.',
    });
    props.handler.addEnvironment('ROLLBACK_STATE_MACHINE_ARN', props.rollback.stateMachineArn);
    props.handler.addEnvironment(
      'TRIGGER_MODES',
      props.triggers
        .filter(takesBack)
        .map(({ mode }) => mode)
        .join(','),
    );
    props.rollback.grantStartExecution(props.handler);
    props.handler.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['states:DescribeExecution'],
        resources: [executionsOf(props.rollback), executionsOf(props.rollout)],
      }),
    );
    for (const workflow of [props.rollback, props.rollout]) acknowledgeExecutions(props.handler.role as iam.IRole, workflow);
  }
}
