import { join } from 'node:path';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Gate, Stage, StagedReindex, Transform, Trigger } from 'cdk-dynamodb-rollout';
import type { Construct } from 'constructs';

/** Properties of the stack that adds the index. */
export interface AddIndexProps extends StackProps {
  /** Name of the table, which another stack or nobody's template has. */
  readonly tableName: string;
  /** The application. It asks its questions through the client, and reads and writes items as before. */
  readonly application: LambdaFunction;
}

/** Makes an index of a table, and moves the questions of an application to it. */
export class AddIndex extends Stack {
  readonly change: StagedReindex;

  constructor(scope: Construct, id: string, props: AddIndexProps) {
    super(scope, id, props);
    const { tableName, application } = props;

    this.change = new StagedReindex(this, 'OrdersByStatus', {
      table: Table.fromTableName(this, 'Orders', tableName),
      tableKeys: ['orderId'],
      index: 'byCustomerStatus',
      // For a table of this app: add the index to the construct of the table instead.
      create: {
        partitionKey: { name: 'customer', type: AttributeType.STRING },
        sortKey: { name: 'status', type: AttributeType.STRING },
      },
      transform: Transform.fromEntry(join(__dirname, 'transform.ts')),
      stages: [
        Stage.shadow({ sample: 10, bake: Duration.days(1), gates: [Gate.queries(['openOrders'])] }),
        Stage.percent(5, { bake: Duration.hours(4) }),
        Stage.percent(50, { bake: Duration.days(1) }),
        Stage.full({ bake: Duration.days(7), gates: [Gate.indexCoherence('byCustomerStatus')] }),
      ],
      triggers: [Trigger.shadowMismatch()],
    });

    this.change.grants.client(application);
    for (const [name, value] of Object.entries(this.change.clientEnvironment())) application.addEnvironment(name, value);
  }
}
