import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, type ITable, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Gate, Stage, StagedMigration, Transform, Trigger } from 'cdk-dynamodb-rollout';
import type { Construct } from 'constructs';

/** Properties of the stack that moves the customers. */
export interface MoveTableProps extends StackProps {
  /** The table in use today, with a stream of new and old images and point-in-time recovery. */
  readonly legacy: ITable;
  /** The application. It reads and writes customers through the client. */
  readonly application: LambdaFunction;
}

/** Moves all customers to a table of another key. */
export class MoveTable extends Stack {
  readonly change: StagedMigration;

  constructor(scope: Construct, id: string, props: MoveTableProps) {
    super(scope, id, props);
    const { legacy, application } = props;

    // It stays when the migration is taken out of the stack.
    const customers = new Table(this, 'Customers', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });

    this.change = new StagedMigration(this, 'MoveCustomers', {
      source: legacy,
      target: customers,
      transform: Transform.fromEntry(join(__dirname, 'transform.ts')),
      stages: [
        Stage.shadow({ sample: 10, bake: Duration.days(1) }),
        Stage.percent(5, { bake: Duration.hours(4) }),
        Stage.percent(50, { bake: Duration.days(1) }),
        Stage.full({ bake: Duration.days(7), gates: [Gate.reconciliation()] }),
      ],
      triggers: [Trigger.divergence(), Trigger.replicationLag({ max: Duration.seconds(60) })],
    });

    this.change.grants.client(application);
    for (const [name, value] of Object.entries(this.change.clientEnvironment())) application.addEnvironment(name, value);
  }
}
