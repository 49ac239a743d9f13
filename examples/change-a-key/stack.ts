import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, type ITable, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Gate, Stage, StagedMigration, Transform, Trigger } from 'cdk-dynamodb-rollout';
import type { Construct } from 'constructs';

/** Properties of the stack that spreads the readings. */
export interface ChangeKeyProps extends StackProps {
  /** The table in use today, with a stream of new and old images and point-in-time recovery. */
  readonly legacy: ITable;
  /** The application. It reads and writes readings through the client. */
  readonly application: LambdaFunction;
}

/** Gives the readings another partition key, which takes another table: a key cannot be changed in place. */
export class ChangeKey extends Stack {
  readonly change: StagedMigration;

  constructor(scope: Construct, id: string, props: ChangeKeyProps) {
    super(scope, id, props);
    const { legacy, application } = props;

    // It stays when the migration is taken out of the stack.
    const readings = new Table(this, 'Readings', {
      partitionKey: { name: 'shard', type: AttributeType.STRING },
      sortKey: { name: 'at', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });

    this.change = new StagedMigration(this, 'SpreadReadings', {
      source: legacy,
      target: readings,
      transform: Transform.fromEntry(join(__dirname, 'transform.ts')),
      stages: [
        Stage.shadow({ sample: 10, bake: Duration.days(1) }),
        Stage.percent(5, {
          bake: Duration.hours(4),
          gates: [Gate.latency({ percentiles: [99], maxPercentAbove: 10 })],
          sample: 10,
        }),
        Stage.percent(50, { bake: Duration.days(1) }),
        Stage.full({ bake: Duration.days(7), gates: [Gate.reconciliation()] }),
      ],
      triggers: [
        Trigger.divergence(),
        Trigger.replicationLag({ max: Duration.seconds(60) }),
        Trigger.throttling({ max: 10, reason: 'A partition is too hot still.' }),
      ],
      // The old partitions are hot already: leave them room.
      backfill: { maxWriteUnits: 500, maxConcurrency: 10 },
    });

    this.change.grants.client(application);
    for (const [name, value] of Object.entries(this.change.clientEnvironment())) application.addEnvironment(name, value);
  }
}
