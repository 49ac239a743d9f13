import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type ChangeParts, changeSettings, Foundation } from '../change/foundation';
import { StagedChange } from '../change/staged-change';
import { RolloutLedger } from '../ledger/rollout-ledger';
import { PoisonQueue } from '../replication/poison-queue';
import { Replication } from '../replication/replication';
import { Trigger } from '../safety/trigger';
import { migrationPhases } from '../workflow/phases';
import { MigrationTasks } from './migration-tasks';
import { planOf, validatePlan } from './plan';
import type { StagedMigrationProps } from './staged-migration-props';
import { keysOf } from './table-facts';
import { adviseOnStages, validateStages } from './validate-stages';
import { checkTablesLater, validateTables } from './validate-tables';

/**
 * Moves a live DynamoDB table to a new model in stages, observes each stage, and takes traffic back by itself when an
 * alarm or a check says so. No write is lost, forwards or backwards.
 *
 * Deploying it moves nothing. Start the rollout by starting `stateMachine`.
 */
export class StagedMigration extends StagedChange {
  /** Changes that can never be carried to the other table as they are. */
  readonly poisonQueue: sqs.IQueue;
  /** Batches of changes that a replication function failed on for hours. While one is there, no traffic moves. */
  readonly givenUpQueue: sqs.IQueue;
  /** The function that settles the keys of both queues again: invoke it with `{}`. */
  readonly redrive: lambda.IFunction;
  /** @internal */
  readonly _parts: ChangeParts;

  constructor(scope: Construct, id: string, props: StagedMigrationProps) {
    super(scope, id);
    const { source, target, stages } = props;
    const owner = `StagedMigration '${this.node.path}'`;
    const settings = changeSettings(this, owner, props, [Trigger.divergence(), Trigger.replicationLag()]);
    const { risks, timing } = settings;
    validateStages(owner, stages, risks);
    validateTables(owner, source, target);
    const sourceKeys = keysOf(owner, 'source', source, props.sourceKeys);
    const targetKeys = keysOf(owner, 'target', target, props.targetKeys);
    const plan = planOf(settings.stages, timing);
    validatePlan(owner, plan);
    checkTablesLater(this, source, target);
    adviseOnStages(this, stages);

    const ledger = settings.ledger ?? new RolloutLedger(this, 'Ledger', { logRetention: settings.logRetention });
    const poisonQueue = new PoisonQueue(this, 'Poison', ledger.encryptionKey);
    const givenUpQueue = new PoisonQueue(this, 'GivenUp', ledger.encryptionKey);
    const tables = { source, target, sourceKeys, targetKeys };
    const foundation = new Foundation(this, { ...settings, ...tables, plan, ledger, poisonQueue, givenUpQueue });
    const tasks = new MigrationTasks(this, 'Tasks', foundation.tasks);
    const forward = { streamArn: source.tableStreamArn as string, handler: tasks.forward, givenUpQueue };
    const reverse = { streamArn: target.tableStreamArn as string, handler: tasks.reverse, givenUpQueue };
    const replications = [new Replication(this, 'Forward', forward), new Replication(this, 'Reverse', reverse)];
    const bounds = { inFlight: timing.inFlight };
    this._parts = foundation.complete(tasks, migrationPhases(tasks, bounds), replications, tasks);
    this.poisonQueue = poisonQueue;
    this.givenUpQueue = givenUpQueue;
    this.redrive = tasks.redrive;
  }
}
