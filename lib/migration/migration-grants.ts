import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { refusal } from '../private/refuse';
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
    private readonly approvals: { readonly [approver: string]: lambda.IFunction },
  ) {}

  /** To start the rollout and watch it. */
  start(grantee: iam.IGrantable): iam.Grant {
    return this.stateMachine.grantStartExecution(grantee).combine(this.stateMachine.grantRead(grantee));
  }

  /** To take traffic back and watch that. */
  rollback(grantee: iam.IGrantable): iam.Grant {
    return this.rollbackStateMachine.grantStartExecution(grantee).combine(this.rollbackStateMachine.grantRead(grantee));
  }

  /** To decide on stages under the name of an approver of `Gate.approval()`. */
  approve(grantee: iam.IGrantable, approver: string): iam.Grant {
    const handler = this.approvals[approver];
    if (handler)
      return iam.Grant.addToPrincipal({ grantee, actions: ['lambda:InvokeFunction'], resourceArns: [handler.functionArn] });
    throw refusal('MigrationGrants', 'approver', `must be one of ${Object.keys(this.approvals).join(', ') || 'none'}`, approver);
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
