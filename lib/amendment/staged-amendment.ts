import { Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { RolloutLedger } from '../ledger/rollout-ledger';
import { backfillSettings } from '../migration/backfill-options';
import { CLIENT_VARIABLE, type ClientConfiguration } from '../migration/client-configuration';
import { Foundation } from '../migration/foundation';
import type { MigrationGrants } from '../migration/migration-grants';
import { keysOf } from '../migration/table-facts';
import { Timing } from '../migration/timing';
import { adviseOnRecovery, validateStream } from '../migration/validate-tables';
import type { MigrationMetrics } from '../monitoring/migration-metrics';
import { requireSigningKey } from '../private/signing-key';
import { PoisonQueue } from '../replication/poison-queue';
import { Replication } from '../replication/replication';
import { Trigger } from '../safety/trigger';
import { validateTriggers } from '../safety/triggers';
import type { TrafficShift } from '../traffic/traffic-shift';
import { amendmentPhases } from '../workflow/phases';
import { amendmentPlan } from './amendment-plan';
import { AmendmentTasks } from './amendment-tasks';
import type { StagedAmendmentProps } from './staged-amendment-props';
import { validateAmendment } from './validate-amendment';

/**
 * Changes the items of a live DynamoDB table in place, under their keys, in stages, and takes the change back by itself when an alarm
 * or a check says so. No write is lost, forwards or backwards.
 *
 * The client understands items of both forms at any time; a stage decides whose keys are written in the new one. When all are, the
 * items that nobody wrote since follow, each on the condition that it is still as it was read. The way back is one release, after
 * which every item is stored in the old form again. Code that reads or writes the table without the client understands the old form
 * only. The first stage waits until writes without it have ceased; nobody sees readers.
 *
 * Deploying it changes nothing. Start the rollout by starting `stateMachine`.
 */
export class StagedAmendment extends Construct {
  /** Names the amendment in metrics and in the ledger. Made of the construct's path: moving it begins a new record. */
  readonly migrationId: string;
  /** The rollout workflow. Start it with `{ "reason": "..." }`, or with `{}`. */
  readonly stateMachine: sfn.IStateMachine;
  /** The rollback workflow. Start it with `{ "reason": "..." }`, or with `{}`. */
  readonly rollbackStateMachine: sfn.IStateMachine;
  /** Where runs, checkpoints and evidence are recorded. */
  readonly ledger: RolloutLedger;
  /** The AppConfig pieces that carry the routing table. */
  readonly traffic: TrafficShift;
  /** The alarms that take traffic back, in the order of `triggers`. */
  readonly alarms: cloudwatch.IAlarm[];
  /**
   * Goes off when a rollback ended without having arrived, and keeps the lease: somebody has to look. Give it an action that
   * wakes whoever is on call.
   */
  readonly rollbackStuck: cloudwatch.Alarm;
  /** Batches of the stream that could not be counted for hours. While one is there, no stage passes. */
  readonly givenUpQueue: sqs.IQueue;
  /** The function of each approver of `Gate.approval()`, by name, as of a `StagedMigration`. */
  readonly approvals: { [approver: string]: lambda.IFunction };
  /** The function that pauses the rollout, as of a `StagedMigration`. */
  readonly pause: lambda.IFunction;
  /** The function that resumes it. */
  readonly resume: lambda.IFunction;
  /** The page that shows the amendment. */
  readonly dashboard: cloudwatch.Dashboard;
  /** Permissions to start, to roll back, and to be a client. */
  readonly grants: MigrationGrants;
  /** What the amendment measures. */
  readonly metrics: MigrationMetrics;
  /** What an application needs to know. Also an output of the stack, as JSON. */
  readonly clientConfiguration: ClientConfiguration;

  constructor(scope: Construct, id: string, props: StagedAmendmentProps) {
    super(scope, id);
    const { table, transform, stages, risks = [], certificateKey } = props;
    const owner = `StagedAmendment '${this.node.path}'`;
    const triggers = props.triggers ?? [Trigger.divergence()];
    const timing = props.timing ?? Timing.standard();
    validateTriggers(owner, [...triggers, ...risks.map(({ _trigger }) => _trigger)]);
    validateAmendment(owner, stages, risks);
    validateStream(owner, 'table', table, 'the count of writers without the client');
    if (certificateKey) requireSigningKey(owner, 'certificateKey', certificateKey);
    const backfill = backfillSettings(owner, props.backfill);
    const keys = keysOf(owner, 'table', table, props.tableKeys);
    const plan = amendmentPlan(owner, stages, timing, props.earlier ?? []);
    adviseOnRecovery(this, 'table', table);

    const givenUpQueue = new PoisonQueue(this, 'GivenUp');
    const foundation = new Foundation(this, {
      ...{ source: table, target: table, sourceKeys: keys, targetKeys: keys },
      ...{ transform, stages, plan, timing, triggers, risks, backfill, givenUpQueue, certificateKey },
      ...{ ledger: props.ledger, logRetention: props.logRetention, metricNamespace: props.metricNamespace },
    });
    const tasks = new AmendmentTasks(this, 'Tasks', foundation.tasks);
    new Replication(this, 'Census', { streamArn: table.tableStreamArn as string, handler: tasks.census, givenUpQueue });
    const bounds = { maxConcurrency: backfill.maxConcurrency, inFlight: timing.inFlight };
    const complete = foundation.complete(tasks, amendmentPhases(tasks, bounds, timing.quiet));
    this.migrationId = foundation.migrationId;
    this.stateMachine = complete.rollout;
    this.rollbackStateMachine = complete.rollback;
    this.ledger = foundation.ledger;
    this.traffic = foundation.traffic;
    this.alarms = complete.alarms;
    this.rollbackStuck = complete.rollbackStuck;
    this.givenUpQueue = givenUpQueue;
    this.approvals = tasks.approve;
    this.pause = tasks.pause;
    this.resume = tasks.resume;
    this.dashboard = complete.dashboard;
    this.grants = complete.grants;
    this.metrics = foundation.metrics;
    this.clientConfiguration = foundation.clientConfiguration;
  }

  /** The environment variable with which the client finds the amendment, such as for a Lambda function of the application. */
  clientEnvironment(): { [name: string]: string } {
    return { [CLIENT_VARIABLE]: Stack.of(this).toJsonString(this.clientConfiguration) };
  }
}
