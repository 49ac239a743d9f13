import { CfnOutput, Names, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../../lambda/core/names';
import type { Plan } from '../../lambda/core/plan';
import { Answers } from '../gates/answers';
import { approversOf } from '../gates/approval';
import { allowMetricData, checksOf, gatesOf } from '../gates/gate-parts';
import { RolloutLedger } from '../ledger/rollout-ledger';
import { MigrationDashboard } from '../monitoring/migration-dashboard';
import { MigrationMetrics } from '../monitoring/migration-metrics';
import { SampleSchedule } from '../monitoring/sample-schedule';
import { sha256 } from '../private/handler-code';
import { PoisonQueue } from '../replication/poison-queue';
import { Replication } from '../replication/replication';
import { Brake } from '../safety/brake';
import { BrakeTopic } from '../safety/brake-topic';
import { Takeover } from '../safety/takeover';
import { Trigger } from '../safety/trigger';
import { Triggers, validateTriggers } from '../safety/triggers';
import { Seed } from '../traffic/seed';
import { TrafficShift } from '../traffic/traffic-shift';
import { Workflows } from '../workflow/workflows';
import { backfillSettings } from './backfill-options';
import { CLIENT_VARIABLE, type ClientConfiguration } from './client-configuration';
import { MigrationGrants } from './migration-grants';
import { MigrationTasks } from './migration-tasks';
import { planOf, validatePlan } from './plan';
import type { StagedMigrationProps } from './staged-migration-props';
import { keysOf } from './table-facts';
import { alarmEnvironment, taskEnvironment } from './task-environment';
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
    const { source, target, transform, stages } = props;
    const owner = `StagedMigration '${this.node.path}'`;
    const risks = props.risks ?? [];
    const own = props.triggers ?? [Trigger.divergence(), Trigger.replicationLag()];
    const triggers = [...own, ...risks.map(({ _trigger }) => _trigger)];
    const timing = props.timing ?? Timing.standard();
    validateTriggers(owner, triggers);
    validateStages(owner, stages, risks);
    validateTables(owner, source, target);
    const backfill = backfillSettings(owner, props.backfill);
    const legacyKeys = keysOf(owner, 'source', source, props.sourceKeys);
    const targetKeys = keysOf(owner, 'target', target, props.targetKeys);
    const plan: Plan = planOf(stages, timing);
    validatePlan(owner, plan);
    checkTablesLater(this, source, target);
    adviseOnStages(this, stages);

    const logRetention = props.logRetention ?? RetentionDays.ONE_MONTH;
    const metricNamespace = props.metricNamespace ?? METRIC_NAMESPACE;
    this.migrationId = Names.uniqueResourceName(this, { maxLength: 100, separator: '-' });
    this.ledger = props.ledger ?? new RolloutLedger(this, 'Ledger');
    this.traffic = new TrafficShift(this, 'Traffic', { deployments: stages.map(({ deployment }) => deployment) });
    this.metrics = new MigrationMetrics(metricNamespace, this.migrationId);
    this.clientConfiguration = {
      migration: this.migrationId,
      metricNamespace,
      application: this.traffic.applicationId,
      environment: this.traffic.environmentId,
      profile: this.traffic.profileId,
      legacyTable: source.tableName,
      targetTable: target.tableName,
      legacyKeys,
      targetKeys,
      inFlight: plan.inFlight,
    };
    new CfnOutput(this, 'ClientConfiguration', { value: this.configurationText() });

    const poisonQueue = new PoisonQueue(this, 'Poison');
    const givenUpQueue = new PoisonQueue(this, 'GivenUp');
    this.poisonQueue = poisonQueue;
    this.givenUpQueue = givenUpQueue;
    const planText = JSON.stringify(plan);
    const resources = {
      migration: this.migrationId,
      source,
      target,
      ledger: this.ledger,
      traffic: this.traffic,
      poisonQueue,
      givenUpQueue,
    };
    const gates = stages.map((stage) => gatesOf(stage, risks));
    const tasks = new MigrationTasks(this, 'Tasks', {
      ...resources,
      approvers: approversOf(gates.flat()),
      companions: { transform: transform._code, plan: planText },
      environment: taskEnvironment({
        ...resources,
        client: this.clientConfiguration,
        ...{ stages, backfill, metricNamespace },
        ...{ transformSha256: transform.sha256, planSha256: sha256(planText) },
      }),
      logRetention,
    });
    this.redrive = tasks.redrive;
    const topic = new BrakeTopic(this, 'Alarms', { encryptionKey: this.ledger.encryptionKey });
    const watched = { metrics: this.metrics, source, target, deadLetters: [poisonQueue, givenUpQueue], replicators: tasks };
    const { bound, monitors } = new Triggers(this, 'Triggers', triggers, watched, topic);
    this.alarms = bound.map(({ alarm }) => alarm);
    tasks.tellOfAlarms(alarmEnvironment({ triggers: bound, monitors, traffic: this.traffic }));
    for (const { _parts } of gates.flat()) {
      _parts.observed?.grant?.(tasks.observe);
      if (_parts.observed?.isMetric) allowMetricData(tasks.sample);
    }
    const forward = { streamArn: source.tableStreamArn as string, handler: tasks.forward, givenUpQueue };
    const reverse = { streamArn: target.tableStreamArn as string, handler: tasks.reverse, givenUpQueue };
    new Replication(this, 'Forward', forward);
    new Replication(this, 'Reverse', reverse);
    new Seed(this, 'Seed', { handler: tasks.seed, traffic: this.traffic });
    new SampleSchedule(this, 'Sample', { sample: tasks.sample });

    const workflows = new Workflows(this, 'Workflows', {
      ...{ tasks, plan, logRetention, tick: timing.tick, maxConcurrency: backfill.maxConcurrency },
      deployments: stages.map(({ deployment }) => deployment.duration.toSeconds()),
      checks: gates.map((each) => checksOf(each, this.metrics)),
      hypotheses: risks.map(({ id, statement, owner }, index) => ({
        ...{ id, statement, owner },
        alarm: bound[own.length + index]?.alarm.alarmName as string,
      })),
    });
    this.stateMachine = workflows.rollout;
    this.rollbackStateMachine = workflows.rollback;
    const { rollout, rollback } = workflows;
    const { metrics } = this;
    const brake = new Brake(this, 'Brake', { topic, triggers: bound, handler: tasks.brake, rollout, rollback, metrics });
    this.rollbackStuck = brake.rollbackStuck;
    new Answers(this, 'Answers', { handlers: [tasks.askApproval, ...Object.values(tasks.approve)], workflow: rollout });
    new Answers(this, 'Resumption', { handlers: [tasks.awaitResume, tasks.resume], workflow: workflows.shift });
    new Takeover(this, 'Takeover', { handler: tasks.takeover, workflows: [workflows.rollout, workflows.rollback] });
    this.grants = new MigrationGrants(source, target, this.traffic, workflows.rollout, workflows.rollback, tasks);
    this.approvals = tasks.approve;
    this.pause = tasks.pause;
    this.resume = tasks.resume;
    this.dashboard = new MigrationDashboard(this, 'Sight', {
      ...{
        title: this.migrationId,
        metrics: this.metrics,
        alarms: [...this.alarms, this.rollbackStuck],
        poisonQueue,
        givenUpQueue,
      },
    }).dashboard;
  }

  /** The environment variable with which the client finds the migration, such as for a Lambda function of the application. */
  clientEnvironment(): { [name: string]: string } {
    return { [CLIENT_VARIABLE]: this.configurationText() };
  }

  private configurationText(): string {
    return Stack.of(this).toJsonString(this.clientConfiguration);
  }
}
