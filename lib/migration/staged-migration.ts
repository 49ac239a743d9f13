import { Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Plan } from '../../lambda/core/plan';
import type { RolloutLedger } from '../ledger/rollout-ledger';
import type { MigrationMetrics } from '../monitoring/migration-metrics';
import { requireSigningKey } from '../private/signing-key';
import { PoisonQueue } from '../replication/poison-queue';
import { Replication } from '../replication/replication';
import { Trigger } from '../safety/trigger';
import { validateTriggers } from '../safety/triggers';
import type { TrafficShift } from '../traffic/traffic-shift';
import { migrationPhases } from '../workflow/phases';
import { backfillSettings } from './backfill-options';
import { CLIENT_VARIABLE, type ClientConfiguration } from './client-configuration';
import { Foundation } from './foundation';
import type { MigrationGrants } from './migration-grants';
import { MigrationTasks } from './migration-tasks';
import { planOf, validatePlan } from './plan';
import type { StagedMigrationProps } from './staged-migration-props';
import { keysOf } from './table-facts';
import { Timing } from './timing';
import { adviseOnStages, validateStages } from './validate-stages';
import { checkTablesLater, validateTables } from './validate-tables';

/**
 * Moves a live DynamoDB table to a new model in stages, observes each stage, and takes traffic back by itself when an
 * alarm or a check says so. No write is lost, forwards or backwards.
 *
 * Deploying it moves nothing. Start the rollout by starting `stateMachine`.
 */
export class StagedMigration extends Construct {
  /** Names the migration in metrics and in the ledger. Made of the construct's path: moving it begins a new record. */
  readonly migrationId: string;
  /** The rollout workflow. Start it with `{ "reason": "..." }`, or with `{}`. */
  readonly stateMachine: sfn.IStateMachine;
  /** The rollback workflow. Start it with `{ "mode": "soft" | "fenced" | "immediate", "reason": "..." }`, or with `{}` for soft. */
  readonly rollbackStateMachine: sfn.IStateMachine;
  /** Where runs, checkpoints and evidence are recorded. */
  readonly ledger: RolloutLedger;
  /** The AppConfig pieces that carry the routing table. */
  readonly traffic: TrafficShift;
  /** The alarms that take traffic back or pause the rollout, in the order of `triggers`. */
  readonly alarms: cloudwatch.IAlarm[];
  /**
   * Goes off when a rollback ended without having arrived, and keeps the lease: somebody has to look. Give it an action that
   * wakes whoever is on call.
   */
  readonly rollbackStuck: cloudwatch.Alarm;
  /** Changes that can never be carried to the other table as they are. */
  readonly poisonQueue: sqs.IQueue;
  /** Batches of changes that a replication function failed on for hours. While one is there, no traffic moves. */
  readonly givenUpQueue: sqs.IQueue;
  /** The function that settles the keys of both queues again: invoke it with `{}`. */
  readonly redrive: lambda.IFunction;
  /**
   * The function of each approver of `Gate.approval()`, by name. Invoke it with
   * `{ "stage": "<name>", "decision": "approve" | "reject", "reason": "...", "by": "<who>" }`, `by` being optional; it answers
   * with what is still missing.
   */
  readonly approvals: { [approver: string]: lambda.IFunction };
  /**
   * The function that pauses the rollout: invoke it with `{ "reason": "...", "by": "<who>" }`, `by` being optional. No key moves
   * further forward until somebody resumes it; a rollback ends the pause. It answers with the pauses that stand.
   */
  readonly pause: lambda.IFunction;
  /** The function that resumes it, whoever or whichever alarm paused it: invoke it in the same way. It answers with what still stands. */
  readonly resume: lambda.IFunction;
  /** The page that shows the migration. */
  readonly dashboard: cloudwatch.Dashboard;
  /** Permissions to start, to pause, to roll back, to decide, and to be a client. */
  readonly grants: MigrationGrants;
  /** What the migration measures. */
  readonly metrics: MigrationMetrics;
  /** What an application needs to know. Also an output of the stack, as JSON. */
  readonly clientConfiguration: ClientConfiguration;

  constructor(scope: Construct, id: string, props: StagedMigrationProps) {
    super(scope, id);
    const { source, target, transform, stages, certificateKey } = props;
    const owner = `StagedMigration '${this.node.path}'`;
    const risks = props.risks ?? [];
    const triggers = props.triggers ?? [Trigger.divergence(), Trigger.replicationLag()];
    const timing = props.timing ?? Timing.standard();
    validateTriggers(owner, [...triggers, ...risks.map(({ _trigger }) => _trigger)]);
    validateStages(owner, stages, risks);
    validateTables(owner, source, target);
    if (certificateKey) requireSigningKey(owner, 'certificateKey', certificateKey);
    const backfill = backfillSettings(owner, props.backfill);
    const sourceKeys = keysOf(owner, 'source', source, props.sourceKeys);
    const targetKeys = keysOf(owner, 'target', target, props.targetKeys);
    const plan: Plan = planOf(stages, timing);
    validatePlan(owner, plan);
    checkTablesLater(this, source, target);
    adviseOnStages(this, stages);

    const poisonQueue = new PoisonQueue(this, 'Poison');
    const givenUpQueue = new PoisonQueue(this, 'GivenUp');
    const foundation = new Foundation(this, {
      ...{
        source,
        target,
        sourceKeys,
        targetKeys,
        transform,
        stages,
        plan,
        timing,
        triggers,
        risks,
        backfill,
        poisonQueue,
        givenUpQueue,
        certificateKey,
      },
      ...{ ledger: props.ledger, logRetention: props.logRetention, metricNamespace: props.metricNamespace },
    });
    const tasks = new MigrationTasks(this, 'Tasks', foundation.tasks);
    const forward = { streamArn: source.tableStreamArn as string, handler: tasks.forward, givenUpQueue };
    const reverse = { streamArn: target.tableStreamArn as string, handler: tasks.reverse, givenUpQueue };
    new Replication(this, 'Forward', forward);
    new Replication(this, 'Reverse', reverse);
    const bounds = { maxConcurrency: backfill.maxConcurrency, inFlight: timing.inFlight };
    const complete = foundation.complete(tasks, migrationPhases(tasks, bounds), tasks);
    this.migrationId = foundation.migrationId;
    this.stateMachine = complete.rollout;
    this.rollbackStateMachine = complete.rollback;
    this.ledger = foundation.ledger;
    this.traffic = foundation.traffic;
    this.alarms = complete.alarms;
    this.rollbackStuck = complete.rollbackStuck;
    this.poisonQueue = poisonQueue;
    this.givenUpQueue = givenUpQueue;
    this.redrive = tasks.redrive;
    this.approvals = tasks.approve;
    this.pause = tasks.pause;
    this.resume = tasks.resume;
    this.dashboard = complete.dashboard;
    this.grants = complete.grants;
    this.metrics = foundation.metrics;
    this.clientConfiguration = foundation.clientConfiguration;
  }

  /** The environment variable with which the client finds the migration, such as for a Lambda function of the application. */
  clientEnvironment(): { [name: string]: string } {
    return { [CLIENT_VARIABLE]: this.configurationText() };
  }

  private configurationText(): string {
    return Stack.of(this).toJsonString(this.clientConfiguration);
  }
}
