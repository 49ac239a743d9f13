import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { allowObservation, type Observed } from '../access/observation';
import { allowExecutions } from '../private/customer-key';
import { refusal } from '../private/refuse';
import { allowOnTable, allowQueriesOf, READ, WRITE } from './table-access';

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
  /** Where changes are carried from one table to another. */
  readonly redrive?: lambda.IFunction;
}

/** What permissions on a change are about. */
interface Granted extends Observed {
  /** Id of the change. */
  readonly migration: string;
  readonly rollout: sfn.StateMachine;
  readonly rollback: sfn.StateMachine;
  readonly ending: sfn.StateMachine;
  /** Where there are two tables to compare. */
  readonly comparison?: sfn.StateMachine;
  readonly functions: OperatorFunctions;
  readonly dashboardName: string;
  /** True where clients only ask queries. */
  readonly asksOnly: boolean;
  /** Signs certificates, if there are any. */
  readonly certificateKey?: kms.IKey;
}

/**
 * Permissions on a staged change. Each grantee may also be an `iam.ManagedPolicy`, to be attached by its name to a permission set of IAM
 * Identity Center. `RolloutRoles` has roles ready-made.
 */
export class MigrationGrants {
  /** @internal */
  constructor(private readonly granted: Granted) {}

  /** To start the rollout and watch it. */
  start(grantee: iam.IGrantable): iam.Grant {
    return this.startAndWatch(grantee, this.granted.rollout);
  }

  /** To take traffic back and watch that. */
  rollback(grantee: iam.IGrantable): iam.Grant {
    return this.startAndWatch(grantee, this.granted.rollback);
  }

  /** To end the change for good and watch that: the way back is gone then. */
  complete(grantee: iam.IGrantable): iam.Grant {
    return this.startAndWatch(grantee, this.granted.ending);
  }

  /** To decide on stages under the name of an approver of `Gate.approval()`. */
  approve(grantee: iam.IGrantable, approver: string): iam.Grant {
    const { approve } = this.granted.functions;
    const handler = approve[approver];
    if (handler) return invoke(grantee, handler);
    throw refusal('MigrationGrants', 'approver', `must be one of ${Object.keys(approve).join(', ') || 'none'}`, approver);
  }

  /** To pause the rollout, by `StagedMigration.pause`. */
  pause(grantee: iam.IGrantable): iam.Grant {
    return invoke(grantee, this.granted.functions.pause);
  }

  /** To resume it, by `StagedMigration.resume`: traffic may move further then. */
  resume(grantee: iam.IGrantable): iam.Grant {
    return invoke(grantee, this.granted.functions.resume);
  }

  /** To see how the change stands, as `status` does: names, ledger, executions, routing table, alarms, metrics. No items of the tables. */
  observe(grantee: iam.IGrantable): iam.Grant {
    return allowObservation(grantee, this.granted);
  }

  /** To look into everything that was written down, and to verify it: `observe`, the archive and the dashboard. No items of the tables. */
  audit(grantee: iam.IGrantable): iam.Grant {
    const { ledger, migration, dashboardName, traffic } = this.granted;
    const dashboard = Stack.of(traffic).formatArn({
      service: 'cloudwatch',
      region: '',
      resource: 'dashboard',
      resourceName: dashboardName,
    });
    return this.observe(grantee)
      .combine(ledger.grants.readArchive(grantee, migration))
      .combine(iam.Grant.addToPrincipal({ grantee, actions: ['cloudwatch:GetDashboard'], resourceArns: [dashboard] }));
  }

  /**
   * Whatever an operator does: start, take back, end, pause, resume, set, redrive, compare, trace, and see how it stands. Not to approve.
   */
  operate(grantee: iam.IGrantable): iam.Grant {
    const { rollout, rollback, ending, comparison, functions, ledger } = this.granted;
    const workflows = [rollout, rollback, ending, ...(comparison ? [comparison] : [])];
    const grants = [
      ...workflows.map((workflow) => workflow.grantStartExecution(grantee)),
      allowExecutions(grantee, ledger.encryptionKey),
      ...[functions.pause, functions.resume, functions.set].map((fn) => invoke(grantee, fn)),
      ...[functions.redrive, functions.trace].flatMap((fn) => (fn ? [invoke(grantee, fn)] : [])),
    ];
    return grants.reduce((all, grant) => all.combine(grant), this.observe(grantee));
  }

  /** To set how hard its workers work, by `StagedMigration.set`. */
  set(grantee: iam.IGrantable): iam.Grant {
    return invoke(grantee, this.granted.functions.set);
  }

  /**
   * To be told the journey of a document, by `StagedMigration.trace`: keys, and values where they are asked for.
   * @throws for a `StagedReindex`, which changes no document
   */
  trace(grantee: iam.IGrantable): iam.Grant {
    const { trace } = this.granted.functions;
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
    const { migration, ledger, certificateKey: key } = this.granted;
    if (!key)
      throw refusal('MigrationGrants', 'certificateKey', 'must be given to the migration: without it no run is certified');
    return ledger.grants.certificates(grantee, migration).combine(key.grant(grantee, 'kms:Verify'));
  }

  /**
   * What an application needs that uses the client: the routing table, and both tables, also in one transaction; of a `StagedReindex` the
   * queries of the table and its indexes.
   */
  client(grantee: iam.IGrantable): iam.Grant {
    const { source, target, traffic, asksOnly } = this.granted;
    if (asksOnly) return traffic.grants.read(grantee).combine(allowQueriesOf(grantee, source));
    const actions = [...READ, ...WRITE];
    return traffic.grants
      .read(grantee)
      .combine(allowOnTable(grantee, source, actions))
      .combine(allowOnTable(grantee, target, actions));
  }

  /** Histories are under the key of the ledger. */
  private startAndWatch(grantee: iam.IGrantable, workflow: sfn.StateMachine): iam.Grant {
    return workflow
      .grantStartExecution(grantee)
      .combine(workflow.grantRead(grantee))
      .combine(allowExecutions(grantee, this.granted.ledger.encryptionKey));
  }
}

function invoke(grantee: iam.IGrantable, fn: lambda.IFunction): iam.Grant {
  return iam.Grant.addToPrincipal({ grantee, actions: ['lambda:InvokeFunction'], resourceArns: [fn.functionArn] });
}
