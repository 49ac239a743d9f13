import { join } from 'node:path';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Gate, Stage, StagedAmendment, Transform, Trigger } from 'cdk-dynamodb-rollout';
import type { Construct } from 'constructs';

/** Properties of the stack that amends the products. */
export interface AmendInPlaceProps extends StackProps {
  /** The table, with a stream of new and old images and point-in-time recovery. */
  readonly table: ITable;
  /** The application. It reads and writes products through the client. */
  readonly application: LambdaFunction;
}

/** Changes the products of a table where they are. */
export class AmendInPlace extends Stack {
  readonly change: StagedAmendment;

  constructor(scope: Construct, id: string, props: AmendInPlaceProps) {
    super(scope, id, props);
    const { table, application } = props;

    this.change = new StagedAmendment(this, 'Prices', {
      table,
      transform: Transform.fromEntry(join(__dirname, 'transform.ts')),
      stages: [
        Stage.percent(5, { bake: Duration.hours(4), gates: [Gate.compatibility({ sample: 1000 })] }),
        Stage.percent(50, { bake: Duration.days(1) }),
        Stage.full({ bake: Duration.days(1) }),
      ],
      triggers: [Trigger.divergence()],
    });

    this.change.grants.client(application);
    for (const [name, value] of Object.entries(this.change.clientEnvironment())) application.addEnvironment(name, value);
  }
}
