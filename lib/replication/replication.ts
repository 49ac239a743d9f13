import { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** What a `Replication` joins. */
export interface ReplicationProps {
  /** ARN of the stream whose changes are carried. */
  readonly streamArn: string;
  /** The function that carries them. It may already read the stream. */
  readonly handler: lambda.IFunction;
  /** Where the position of a batch goes that was given up: while it is there, replication is not proved. */
  readonly givenUpQueue: sqs.IQueue;
}

/**
 * One direction of replication: a stream and the function that carries its changes to the other table.
 *
 * - It starts at TRIM_HORIZON. Starting at LATEST, a mapping may skip records while it comes up (AWS Lambda Developer
 *   Guide, "Process DynamoDB records with Lambda"), and one that has to be made again in the middle of a run would skip
 *   what was written meanwhile. A record read twice, or a day late, changes nothing: it is only a hint, and the tables are the truth.
 * - One batch of a shard at a time. More would keep the order of each item, but not of the shard, and the proof that
 *   replication has drained rests on it: what was written before a canary has come out before the canary is gone.
 *   The handler works on the groups of a batch side by side.
 * - The handler itself sends records to the poison queue that can never be carried. What it hands back is repeated for
 *   up to six hours; the default of the event source is for ever, and one bad record would block its shard.
 */
export class Replication extends Construct {
  /** The event source mapping. */
  readonly mapping: lambda.EventSourceMapping;
  /** The function that carries the changes. */
  readonly handler: lambda.IFunction;

  constructor(scope: Construct, id: string, props: ReplicationProps) {
    super(scope, id);
    this.handler = props.handler;
    this.mapping = new lambda.EventSourceMapping(this, 'Mapping', {
      target: props.handler,
      eventSourceArn: props.streamArn,
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      batchSize: 500,
      parallelizationFactor: 1,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: 1000,
      maxRecordAge: Duration.hours(6),
      onFailure: new SqsDlq(props.givenUpQueue),
    });
  }
}
