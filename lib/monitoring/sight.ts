import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Kind } from '../../lambda/core/position';
import type { BoundTrigger } from '../safety/triggers';
import type { MigrationMetrics } from './migration-metrics';

/** A function that reads a stream. */
export interface StreamReader {
  /** `forward`, `reverse` or `census`. */
  readonly name: string;
  readonly handler: lambda.IFunction;
}

/** What there is to see of a change. */
export interface Sight {
  readonly kind: Kind;
  readonly metrics: MigrationMetrics;
  readonly source: dynamodb.ITable;
  /** The same table where one is changed in place. */
  readonly target: dynamodb.ITable;
  readonly triggers: BoundTrigger[];
  /** Alarms that take nothing back: a rollback that did not arrive, a reverse window that ends. */
  readonly calls: cloudwatch.IAlarm[];
  readonly readers: StreamReader[];
  /** Where changes wait that could not be carried over, where any are carried. */
  readonly poisonQueue?: sqs.IQueue;
  /** Where batches wait that were given up, where a stream is read. */
  readonly givenUpQueue?: sqs.IQueue;
}
