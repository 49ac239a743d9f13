import { Duration, Validations } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { allowStream } from '../migration/table-access';
import { handlerFolder } from '../private/handler-folder';
import { TaskFunction } from '../private/task-function';

/** What an `EventPublisher` joins. */
export interface EventPublisherProps {
  /** The table of the ledger, with a stream. */
  readonly table: dynamodb.ITable;
  /** Key of the queue, and of the table. */
  readonly encryptionKey: kms.IKey;
  readonly eventBus: events.IEventBus;
  readonly logRetention: logs.RetentionDays;
}

/** Entries of the audit trail, and no other items of the table: they are only ever inserted. */
const ENTRIES = lambda.FilterCriteria.filter({
  eventName: lambda.FilterRule.isEqual('INSERT'),
  dynamodb: { Keys: { sk: { S: lambda.FilterRule.beginsWith('event#') } } },
});

/**
 * Puts each entry of a ledger's audit trail on an event bus, at least once. It reads the stream of the table, so that no task has
 * to publish, and a bus that takes nothing holds no rollout up.
 */
export class EventPublisher extends Construct {
  /** Where the positions of entries go that could not be published within six hours: shard and sequence numbers, no data. */
  readonly givenUp: sqs.Queue;

  constructor(scope: Construct, id: string, props: EventPublisherProps) {
    super(scope, id);
    const { table, encryptionKey, eventBus } = props;
    this.givenUp = this.queue(encryptionKey);
    const handler = new TaskFunction(this, 'Publish', {
      code: lambda.Code.fromAsset(handlerFolder('publish')),
      description: 'Tells EventBridge of the entries of a ledger',
      memorySize: 256,
      timeout: Duration.seconds(60),
      environment: { EVENT_BUS: eventBus.eventBusArn },
      logRetention: props.logRetention,
    });
    eventBus.grantPutEventsTo(handler);
    allowStream(handler, table);
    handler.addToRolePolicy(new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.givenUp.queueArn] }));
    const key = encryptionKey.grant(handler, 'kms:Decrypt', 'kms:GenerateDataKey');
    const mapping = new lambda.EventSourceMapping(this, 'Mapping', {
      target: handler,
      eventSourceArn: table.tableStreamArn as string,
      // Starting at LATEST, a mapping may skip records while it comes up.
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      filters: [ENTRIES],
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: 1000,
      maxRecordAge: Duration.hours(6),
      onFailure: { bind: () => ({ destination: this.givenUp.queueArn }) },
    });
    // Creating the mapping needs the permissions already.
    mapping.node.addDependency(key);
  }

  private queue(encryptionMasterKey: kms.IKey): sqs.Queue {
    const queue = new sqs.Queue(this, 'GivenUp', {
      encryption: sqs.QueueEncryption.KMS,
      encryptionMasterKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is itself the dead-letter queue of the events.',
    });
    return queue;
  }
}
