import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, type ITable, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Cohort, Gate, Stage, StagedMigration, Transform, Trigger } from 'cdk-dynamodb-rollout';
import type { Construct } from 'constructs';

/** Properties of the stack that moves the orders. */
export interface SplitSingleTableProps extends StackProps {
  /** The single table, with a stream of new and old images and point-in-time recovery. */
  readonly single: ITable;
  /** The application. It reads and writes orders through the client, and all else in the single table as before. */
  readonly application: LambdaFunction;
}

/** Moves the orders out of a single table into one of their own. Everything else stays. */
export class SplitSingleTable extends Stack {
  readonly change: StagedMigration;

  constructor(scope: Construct, id: string, props: SplitSingleTableProps) {
    super(scope, id, props);
    const { single, application } = props;

    // It stays when the migration is taken out of the stack.
    const orders = new Table(this, 'Orders', {
      partitionKey: { name: 'customerId', type: AttributeType.STRING },
      sortKey: { name: 'orderId', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });

    this.change = new StagedMigration(this, 'MoveOrders', {
      source: single,
      target: orders,
      transform: Transform.fromEntry(join(__dirname, 'transform.ts')),
      stages: [
        Stage.shadow({ sample: 10, bake: Duration.days(1), gates: [Gate.queries(['ordersOfCustomer'])] }),
        Stage.pilot({ cohort: Cohort.keys(['CUSTOMER#internal']), bake: Duration.hours(4) }),
        Stage.percent(10, { bake: Duration.days(1) }),
        Stage.full({ bake: Duration.days(7), gates: [Gate.reconciliation()] }),
      ],
      triggers: [Trigger.divergence(), Trigger.replicationLag({ max: Duration.seconds(60) })],
    });

    this.change.grants.client(application);
    for (const [name, value] of Object.entries(this.change.clientEnvironment())) application.addEnvironment(name, value);
  }
}
