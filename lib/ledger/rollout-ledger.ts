import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { LedgerGrants } from './ledger-grants';

/** Properties of a `RolloutLedger`. */
export interface RolloutLedgerProps {
  /**
   * What becomes of the table and its key when the stack is deleted.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Whether DynamoDB refuses to delete the table.
   * @default - true, unless `removalPolicy` is DESTROY
   */
  readonly deletionProtection?: boolean;
}

/**
 * The record of one or more migrations: who runs them, which transform they began with, how far each slice has come,
 * and every decision with its reason. Evidence is append-only and hash-chained by whoever writes it.
 *
 * A DynamoDB table on demand with point-in-time recovery, under a customer-managed key that rotates.
 */
export class RolloutLedger extends Construct {
  /** The table; partition key `pk`, sort key `sk`. */
  readonly table: dynamodb.ITable;
  /** The key of the table, also of the topic through which alarms reach the brake. */
  readonly encryptionKey: kms.IKey;
  /** Permissions on the ledger. */
  readonly grants: LedgerGrants;

  constructor(scope: Construct, id: string, props: RolloutLedgerProps = {}) {
    super(scope, id);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    this.encryptionKey = new kms.Key(this, 'Key', {
      description: 'Ledger of DynamoDB rollouts',
      enableKeyRotation: true,
      removalPolicy,
    });
    this.table = new dynamodb.Table(this, 'Table', {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.encryptionKey,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: props.deletionProtection ?? removalPolicy !== RemovalPolicy.DESTROY,
      removalPolicy,
    });
    this.grants = new LedgerGrants(this.table, this.encryptionKey);
  }
}
