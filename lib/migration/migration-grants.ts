import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { RolloutLedger } from '../ledger/rollout-ledger';
import { refusal } from '../private/refuse';
import type { TrafficShift } from '../traffic/traffic-shift';
import { allowOnTable, allowQueriesOf, READ, WRITE } from './table-access';

/** The certificates of a migration. */
interface Certified {
  /** Id of the migration. */
  readonly migration: string;
  readonly ledger: RolloutLedger;
  readonly key?: kms.IKey;
}

/** The functions with which somebody decides, or looks. */
export interface OperatorFunctions {
  /** By name of the approver. */
  readonly approve: { readonly [approver: string]: lambda.IFunction };
  /** Pauses the rollout. */
  readonly pause: lambda.IFunction;
  /** Resumes it. */
  readonly resume: lambda.IFunction;
  /** Only where items change. */
  readonly trace?: lambda.IFunction;
  /** Sets how hard the workers of a rollout work. */
  readonly set: lambda.IFunction;
}

/** Permissions on a `StagedMigration`. */
export class MigrationGrants {
  /** @internal */
  constructor(
    private readonly source: dynamodb.ITable,
    private readonly target: dynamodb.ITable,
    private readonly traffic: TrafficShift,
    private readonly stateMachine: sfn.StateMachine,
    private readonly rollbackStateMachine: sfn.StateMachine,
    private readonly ending: sfn.StateMachine,
    private readonly functions: OperatorFunctions,
    private readonly asksOnly: boolean,
    private readonly certified: Certified,
  ) {}

  /** To start the rollout and watch it. */
  start(grantee: iam.IGrantable): iam.Grant {
    return this.stateMachine.grantStartExecution(grantee).combine(this.stateMachine.grantRead(grantee));
  }

  /** To take traffic back and watch that. */
  rollback(grantee: iam.IGrantable): iam.Grant {
    return this.rollbackStateMachine.grantStartExecution(grantee).combine(this.rollbackStateMachine.grantRead(grantee));
  }

  /** To end the change for good and watch that: the way back is gone then. */
  complete(grantee: iam.IGrantable): iam.Grant {
    return this.ending.grantStartExecution(grantee).combine(this.ending.grantRead(grantee));
  }

  /** To decide on stages under the name of an approver of `Gate.approval()`. */
  approve(grantee: iam.IGrantable, approver: string): iam.Grant {
    const { approve } = this.functions;
    const handler = approve[approver];
    if (handler) return invoke(grantee, handler);
    throw refusal('MigrationGrants', 'approver', `must be one of ${Object.keys(approve).join(', ') || 'none'}`, approver);
  }

  /** To pause the rollout, by `StagedMigration.pause`. */
  pause(grantee: iam.IGrantable): iam.Grant {
    return invoke(grantee, this.functions.pause);
  }

  /** To resume it, by `StagedMigration.resume`: traffic may move further then. */
  resume(grantee: iam.IGrantable): iam.Grant {
    return invoke(grantee, this.functions.resume);
  }

  /** To set how hard its workers work, by `StagedMigration.set`. */
  set(grantee: iam.IGrantable): iam.Grant {
    return invoke(grantee, this.functions.set);
  }

  /**
   * To be told the journey of a document, by `StagedMigration.trace`: keys, and values where they are asked for.
   * @throws for a `StagedReindex`, which changes no document
   */
  trace(grantee: iam.IGrantable): iam.Grant {
    const { trace } = this.functions;
    if (trace) return invoke(grantee, trace);
    throw refusal('MigrationGrants', 'trace', 'must be asked of a change of items: a reindex changes none');
  }

  /**
   * To read and to verify the certificates of the runs that complete, as `Gate.promotion()` of another environment does: give it an
   * `AccountPrincipal`, or the role there. The key and the ledger have to be made in this app: policies of imported ones stay as
   * they are.
   * @throws without `certificateKey`
   */
  verifyCertificates(grantee: iam.IGrantable): iam.Grant {
    const { migration, ledger, key } = this.certified;
    if (!key)
      throw refusal('MigrationGrants', 'certificateKey', 'must be given to the migration: without it no run is certified');
    return ledger.grants.certificates(grantee, migration).combine(key.grant(grantee, 'kms:Verify'));
  }

  /**
   * What an application needs that uses the client: the routing table, and both tables, also in one transaction; of a `StagedReindex` the
   * queries of the table and its indexes.
   */
  client(grantee: iam.IGrantable): iam.Grant {
    if (this.asksOnly) return this.traffic.grants.read(grantee).combine(allowQueriesOf(grantee, this.source));
    const actions = [...READ, ...WRITE];
    return this.traffic.grants
      .read(grantee)
      .combine(allowOnTable(grantee, this.source, actions))
      .combine(allowOnTable(grantee, this.target, actions));
  }
}

function invoke(grantee: iam.IGrantable, fn: lambda.IFunction): iam.Grant {
  return iam.Grant.addToPrincipal({ grantee, actions: ['lambda:InvokeFunction'], resourceArns: [fn.functionArn] });
}
