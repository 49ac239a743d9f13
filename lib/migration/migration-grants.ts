import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { TrafficShift } from '../traffic/traffic-shift';
import { allowOnTable, READ, WRITE } from './table-access';

/** Permissions on a `StagedMigration`. */
export class MigrationGrants {
  /** @internal */
  constructor(
    private readonly source: dynamodb.ITable,
    private readonly target: dynamodb.ITable,
    private readonly traffic: TrafficShift,
    private readonly stateMachine: sfn.StateMachine,
    private readonly rollbackStateMachine: sfn.StateMachine,
  ) {}

  /** To start the rollout and watch it. */
  start(grantee: iam.IGrantable): iam.Grant {
    return this.stateMachine.grantStartExecution(grantee).combine(this.stateMachine.grantRead(grantee));
  }

  /** To take traffic back and watch that. */
  rollback(grantee: iam.IGrantable): iam.Grant {
    return this.rollbackStateMachine.grantStartExecution(grantee).combine(this.rollbackStateMachine.grantRead(grantee));
  }

  /** What an application needs that uses the client: the routing table, and both tables, also in one transaction. */
  client(grantee: iam.IGrantable): iam.Grant {
    const actions = [...READ, ...WRITE];
    return this.traffic.grants
      .read(grantee)
      .combine(allowOnTable(grantee, this.source, actions))
      .combine(allowOnTable(grantee, this.target, actions));
  }
}
