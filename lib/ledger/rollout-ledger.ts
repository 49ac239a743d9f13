import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { encryptBelow, requireEncryptionKey } from '../private/customer-key';
import { EventPublisher } from './event-publisher';
import { LedgerGrants } from './ledger-grants';

/** Sketches are of use until their pass is over. */
const SKETCHES = Duration.days(14);

/** Properties of a `RolloutLedger`. */
export interface RolloutLedgerProps {
  /**
   * The key of all that is stored or queued: the table and the archive, and, of every change that is recorded here, its queues, its topic,
   * its logs and the histories of its executions. Symmetric. The policy of an imported key has to let CloudWatch, CloudWatch Logs and
   * SNS use it, and EventBridge where it carries alarms; synthesis says with what.
   * @default - a key of its own, which rotates
   */
  readonly encryptionKey?: kms.IKey;
  /**
   * What becomes of the table, its key and the archive when the stack is deleted.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Whether DynamoDB refuses to delete the table.
   * @default - true, unless `removalPolicy` is DESTROY
   */
  readonly deletionProtection?: boolean;
  /**
   * Whether a function of its own empties the archive when the stack is deleted; otherwise CloudFormation keeps an archive that
   * is not empty, and says so. Only with `removalPolicy` DESTROY.
   * @default false
   */
  readonly autoDeleteObjects?: boolean;
  /**
   * Where each entry of the audit trail is told of, as docs/events.md says.
   * @default - the default event bus of the account
   */
  readonly eventBus?: events.IEventBus;
  /**
   * How long the log of what publishes the events is kept.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
}

/**
 * The record of one or more migrations: who runs them, which transform they began with, how far each slice has come,
 * and every decision with its reason. Evidence is append-only and hash-chained by whoever writes it.
 *
 * A DynamoDB table on demand with point-in-time recovery, and a bucket, both under a customer-managed key. Each entry becomes an event
 * on EventBridge, through the stream of the table.
 */
export class RolloutLedger extends Construct {
  /** The table; partition key `pk`, sort key `sk`. */
  readonly table: dynamodb.ITable;
  /**
   * What is too large for the table, by kind and id of the migration: `differences/`, lists of what differed, and `sketches/`, which
   * expire after 14 days; and `certificates/`, signed, for other environments.
   */
  readonly archive: s3.IBucket;
  /** The key of the table and the archive, and of all else that a change of this ledger stores or queues. */
  readonly encryptionKey: kms.IKey;
  /** Permissions on the ledger. */
  readonly grants: LedgerGrants;
  /** The bus on which each entry of the audit trail is an event. */
  readonly eventBus: events.IEventBus;
  /**
   * Where the positions of entries are that the bus did not take within six hours: they are in the ledger, but nobody was told. Empty
   * while all is well; give it an alarm if somebody depends on the events.
   */
  readonly unpublished: sqs.IQueue;

  constructor(scope: Construct, id: string, props: RolloutLedgerProps = {}) {
    super(scope, id);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    if (props.encryptionKey) requireEncryptionKey(`RolloutLedger '${this.node.path}'`, 'encryptionKey', props.encryptionKey);
    this.encryptionKey =
      props.encryptionKey ??
      new kms.Key(this, 'Key', { description: 'Ledger of DynamoDB rollouts', enableKeyRotation: true, removalPolicy });
    this.table = new dynamodb.Table(this, 'Table', {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.encryptionKey,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      stream: dynamodb.StreamViewType.NEW_IMAGE,
      deletionProtection: props.deletionProtection ?? removalPolicy !== RemovalPolicy.DESTROY,
      removalPolicy,
    });
    this.archive = this.bucket(removalPolicy, props.autoDeleteObjects ?? false);
    this.grants = new LedgerGrants(this.table, this.encryptionKey, this.archive);
    this.eventBus = props.eventBus ?? events.EventBus.fromEventBusName(this, 'DefaultBus', 'default');
    this.unpublished = new EventPublisher(this, 'Events', {
      ...{ table: this.table, encryptionKey: this.encryptionKey, eventBus: this.eventBus },
      logRetention: props.logRetention ?? RetentionDays.ONE_MONTH,
    }).givenUp;
    encryptBelow(this, this.encryptionKey);
  }

  private bucket(removalPolicy: RemovalPolicy, autoDeleteObjects: boolean): s3.IBucket {
    const bucket = new s3.Bucket(this, 'Archive', {
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: this.encryptionKey,
      bucketKeyEnabled: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [{ prefix: 'sketches/', expiration: SKETCHES }],
      removalPolicy,
      autoDeleteObjects,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Tasks of migrations alone read and write here, and CloudTrail has their calls.',
    });
    return bucket;
  }
}
