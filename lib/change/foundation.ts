import { CfnOutput, Names, Stack, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { HookSpec } from '../../lambda/core/hook';
import { METRIC_NAMESPACE } from '../../lambda/core/names';
import type { OperatorConfiguration } from '../../lambda/core/operator-configuration';
import type { CohortSpec, Plan } from '../../lambda/core/plan';
import type { Position } from '../../lambda/core/position';
import { Answers } from '../gates/answers';
import { approversOf, isSeparate } from '../gates/approval';
import type { Gate } from '../gates/gate';
import { allowMetricData, checksOf, gatesOf } from '../gates/gate-parts';
import { allowPromotions } from '../gates/promotion';
import { allowCalendars } from '../gates/window';
import { type Hook, validateHooks } from '../hooks/hook';
import type { RolloutLedger } from '../ledger/rollout-ledger';
import { type BackfillOptions, backfillSettings } from '../migration/backfill-options';
import type { ClientConfiguration } from '../migration/client-configuration';
import { MigrationGrants } from '../migration/migration-grants';
import type { Stage } from '../migration/stage';
import type { StageTaskFunctions, StageTasksProps } from '../migration/stage-task-functions';
import { alarmEnvironment, taskEnvironment } from '../migration/task-environment';
import { allowCertificates, allowIndex, allowQueries } from '../migration/task-permissions';
import { Timing } from '../migration/timing';
import type { Transform } from '../migration/transform';
import { checkIndexesLater } from '../migration/validate-tables';
import { MigrationDashboard } from '../monitoring/migration-dashboard';
import { MigrationMetrics } from '../monitoring/migration-metrics';
import { SampleSchedule } from '../monitoring/sample-schedule';
import { type Manifest, manifestTrigger } from '../operations/manifest';
import { Operations } from '../operations/operations';
import { encryptBelow } from '../private/customer-key';
import { sha256 } from '../private/handler-code';
import { requireText } from '../private/refuse';
import { requireSigningKey } from '../private/signing-key';
import type { Replication } from '../replication/replication';
import { Brake } from '../safety/brake';
import { BrakeTopic } from '../safety/brake-topic';
import type { Risk } from '../safety/risk';
import { Takeover } from '../safety/takeover';
import type { Replicators, Trigger } from '../safety/trigger';
import { type BoundTrigger, Triggers, validateTriggers } from '../safety/triggers';
import { WindowAlarms } from '../safety/window-alarms';
import { Seed } from '../traffic/seed';
import { TrafficShift } from '../traffic/traffic-shift';
import { Ending } from '../workflow/ending';
import type { Phases } from '../workflow/phases';
import { Setting } from '../workflow/setting';
import { Workflows } from '../workflow/workflows';
import { type Drill, drilled, isDrill } from './drill';
import { ReverseWindow } from './reverse-window';
import type { StagedChangeProps } from './staged-change-props';

/** The common properties of a change, checked, with defaults. */
export interface ChangeSettings {
  readonly transform: Transform;
  readonly stages: Stage[];
  readonly timing: Timing;
  readonly triggers: Trigger[];
  readonly risks: Risk[];
  /** Who answers for the change. */
  readonly owner?: string;
  readonly beforeCompletion: Hook[];
  readonly backfill: Required<BackfillOptions>;
  readonly reverseWindow: ReverseWindow;
  /** Signs certificates of completed runs. */
  readonly certificateKey?: kms.IKey;
  readonly ledger?: RolloutLedger;
  readonly logRetention?: RetentionDays;
  readonly metricNamespace?: string;
  /** Set where it is synthesised for a drill. */
  readonly drill?: Drill;
}

/** What a `Foundation` is made of, checked. */
export interface FoundationProps extends ChangeSettings {
  readonly source: dynamodb.ITable;
  readonly target: dynamodb.ITable;
  readonly sourceKeys: string[];
  readonly targetKeys: string[];
  readonly plan: Plan;
  /** The index that queries move to, where only queries move. */
  readonly index?: string;
  readonly ledger: RolloutLedger;
  /** Where changes go that can never be carried over, where any are carried. */
  readonly poisonQueue?: sqs.IQueue;
  /** Where batches of a stream go that nothing could be done with, where a stream is read. */
  readonly givenUpQueue?: sqs.IQueue;
}

/** What a change is made of in the end. */
export interface ChangeParts {
  readonly migrationId: string;
  readonly rollout: sfn.StateMachine;
  readonly rollback: sfn.IStateMachine;
  readonly ending: sfn.StateMachine;
  readonly reverseWindow: ReverseWindow;
  readonly ledger: RolloutLedger;
  readonly traffic: TrafficShift;
  readonly alarms: cloudwatch.IAlarm[];
  readonly rollbackStuck: cloudwatch.Alarm;
  readonly windowClosing: cloudwatch.Alarm;
  readonly windowOver: cloudwatch.Alarm;
  /** True where some stage is approved by somebody else than who starts the run. */
  readonly isSeparate: boolean;
  readonly approvals: { [approver: string]: lambda.IFunction };
  readonly pause: lambda.IFunction;
  readonly resume: lambda.IFunction;
  readonly set: lambda.IFunction;
  readonly close: lambda.IFunction;
  readonly trace?: lambda.IFunction;
  readonly dashboard: cloudwatch.Dashboard;
  readonly grants: MigrationGrants;
  readonly metrics: MigrationMetrics;
  readonly clientConfiguration: ClientConfiguration;
}

/** Checks what all changes have in common, and hurries a drill. `triggers`: those of a change that names none. */
export function changeSettings(scope: Construct, owner: string, props: StagedChangeProps, triggers: Trigger[]): ChangeSettings {
  const settings = {
    ...props,
    timing: props.timing ?? Timing.standard(),
    triggers: props.triggers ?? triggers,
    risks: props.risks ?? [],
    beforeCompletion: props.beforeCompletion ?? [],
    backfill: backfillSettings(owner, props.backfill),
    reverseWindow: new ReverseWindow(owner, { window: props.reverseWindow, warning: props.windowWarning }),
  };
  validateTriggers(owner, [...settings.triggers, ...settings.risks.map(({ _trigger }) => _trigger)]);
  if (props.owner !== undefined) requireText(owner, 'owner', props.owner, 100);
  validateHooks(owner, 'beforeCompletion', settings.beforeCompletion);
  if (props.certificateKey) requireSigningKey(owner, 'certificateKey', props.certificateKey);
  return isDrill(scope) ? drilled(scope, owner, settings) : settings;
}

/** What every staged change has, whatever it changes: ledger, routing table, triggers, gates; and, with its tasks, workflows and brake. */
export class Foundation {
  readonly migrationId: string;
  readonly ledger: RolloutLedger;
  readonly traffic: TrafficShift;
  readonly metrics: MigrationMetrics;
  readonly clientConfiguration: ClientConfiguration;
  /** What the functions of the tasks are made of. */
  readonly tasks: StageTasksProps;
  private readonly gates: Gate[][];
  /** Of all steps. */
  private readonly hooks: Hook[];
  private readonly isSeparate: boolean;
  private readonly logRetention: RetentionDays;

  /** @param scope the construct that the change is: all of this becomes part of it */
  constructor(
    private readonly scope: Construct,
    private readonly props: FoundationProps,
  ) {
    const { source, target, plan, stages, risks, transform, poisonQueue, givenUpQueue } = props;
    const metricNamespace = props.metricNamespace ?? METRIC_NAMESPACE;
    this.logRetention = props.logRetention ?? RetentionDays.ONE_MONTH;
    this.migrationId = Names.uniqueResourceName(scope, { maxLength: 100, separator: '-' });
    this.ledger = props.ledger;
    this.traffic = new TrafficShift(scope, 'Traffic', { deployments: stages.map(({ deployment }) => deployment) });
    this.metrics = new MigrationMetrics(metricNamespace, this.migrationId);
    this.clientConfiguration = this.configuration(metricNamespace);
    new CfnOutput(scope, 'ClientConfiguration', { value: Stack.of(scope).toJsonString(this.clientConfiguration) });
    this.gates = stages.map((stage) => gatesOf(stage, risks));
    this.hooks = [...stages.flatMap(({ hooks }) => hooks), ...props.beforeCompletion];
    this.isSeparate = isSeparate(this.gates.flat());
    checkIndexesLater(scope, target, this.gates.flat());
    const planText = JSON.stringify(this.isSeparate ? { ...plan, separate: true } : plan);
    const resources = {
      migration: this.migrationId,
      ledger: this.ledger,
      traffic: this.traffic,
      source,
      target,
      poisonQueue,
      givenUpQueue,
    };
    this.tasks = {
      ...resources,
      approvers: approversOf(this.gates.flat()),
      promoted: this.gates.flat().some(({ _parts }) => _parts.promotion),
      hooked: this.hooks.length > 0,
      indexed: this.gates.flat().some(({ _parts }) => _parts.index),
      certificateKey: props.drill ? undefined : props.certificateKey,
      companions: { transform: transform._code, plan: planText },
      environment: taskEnvironment({
        ...resources,
        client: this.clientConfiguration,
        ...{ stages, backfill: props.backfill, metricNamespace, reverseWindow: props.reverseWindow },
        ...{ transformSha256: transform.sha256, planSha256: sha256(planText) },
      }),
      logRetention: this.logRetention,
    };
  }

  /**
   * Triggers, workflows, brake and dashboard, once there are the functions. `reading`: what reads the streams; `replicators`: where
   * changes are carried over.
   */
  complete(tasks: StageTaskFunctions, phases: Phases, reading: Replication[], replicators?: Replicators): ChangeParts {
    const { scope, metrics, traffic, props } = this;
    const topic = new BrakeTopic(scope, 'Alarms', { encryptionKey: this.ledger.encryptionKey });
    const { bound, monitors } = this.triggers(topic, replicators);
    tasks.tellOfAlarms(alarmEnvironment({ triggers: bound, monitors, traffic }), replicators);
    this.allowGates(tasks);
    tasks.allowStopping(reading);
    new Seed(scope, 'Seed', { handler: tasks.seed, traffic });
    new SampleSchedule(scope, 'Sample', { sample: tasks.sample });
    const { rollout, rollback, shift, comparison } = this.workflows(tasks, phases, bound);
    const brake = new Brake(scope, 'Brake', { topic, triggers: bound, handler: tasks.brake, rollout, rollback, metrics });
    const ending = new Ending(scope, 'Ending', { close: tasks.close, comparison, logRetention: this.logRetention }).stateMachine;
    const { reverseWindow } = props;
    const { windowClosing, windowOver } = new WindowAlarms(scope, 'ReverseWindow', { metrics, reverseWindow });
    new Answers(scope, 'Answers', { handlers: [tasks.askApproval, ...Object.values(tasks.approve)], workflow: rollout });
    new Answers(scope, 'Resumption', { handlers: [tasks.awaitResume, tasks.resume], workflow: shift });
    new Setting(scope, 'Setting', { handler: tasks.set, rollout });
    new Takeover(scope, 'Takeover', { handler: tasks.takeover, workflows: [rollout, rollback] });
    const alarms = bound.map(({ alarm }) => alarm);
    const { source, target, plan, poisonQueue, givenUpQueue } = props;
    const { dashboard } = new MigrationDashboard(scope, 'Sight', {
      ...{ title: this.migrationId, kind: plan.kind ?? 'rehydrate', metrics, source, target, poisonQueue, givenUpQueue },
      ...{ triggers: bound, calls: [brake.rollbackStuck, windowClosing, windowOver] },
      readers: reading.map(({ node, handler }) => ({ name: node.id.toLowerCase(), handler })),
    });
    const configuration = this.operatorConfiguration(tasks, {
      workflows: {
        rollout: rollout.stateMachineArn,
        rollback: rollback.stateMachineArn,
        ending: ending.stateMachineArn,
        ...(comparison ? { comparison: comparison.stateMachineArn } : {}),
      },
      alarms: {
        triggers: alarms.map(({ alarmName }) => alarmName),
        ...{ stuck: brake.rollbackStuck.alarmName, windowClosing: windowClosing.alarmName, windowOver: windowOver.alarmName },
      },
      dashboard: dashboard.dashboardName,
    });
    new Operations(scope, 'Operations', { configuration, manifest: () => this.manifest(bound) });
    encryptBelow(scope, this.ledger.encryptionKey);
    return {
      ...{ migrationId: this.migrationId, ledger: this.ledger, traffic, metrics, clientConfiguration: this.clientConfiguration },
      ...{
        rollout,
        rollback,
        ending,
        reverseWindow,
        alarms,
        rollbackStuck: brake.rollbackStuck,
        windowClosing,
        windowOver,
        isSeparate: this.isSeparate,
      },
      ...{ approvals: { ...tasks.approve }, pause: tasks.pause, resume: tasks.resume, set: tasks.set },
      ...{ close: tasks.close, trace: tasks.trace },
      grants: new MigrationGrants({
        ...{ source, target, migration: this.migrationId, ledger: this.ledger, traffic },
        ...{ rollout, rollback, ending, comparison, functions: tasks, dashboardName: dashboard.dashboardName },
        ...{ asksOnly: plan.kind === 'reindex', certificateKey: props.certificateKey },
        workflows: scope.node.findAll().filter((child) => child instanceof sfn.StateMachine),
        queues: [poisonQueue, givenUpQueue].filter((queue) => queue !== undefined),
      }),
      dashboard,
    };
  }

  private triggers(topic: BrakeTopic, replicators?: Replicators): Triggers {
    const { source, target, plan, triggers, risks, poisonQueue, givenUpQueue } = this.props;
    const deadLetters = [poisonQueue, givenUpQueue].filter((queue) => queue !== undefined);
    const all = [...triggers, ...risks.map(({ _trigger }) => _trigger)];
    return new Triggers(
      this.scope,
      'Triggers',
      all,
      {
        ...{ metrics: this.metrics, source, target, deadLetters, replicators },
        comparesReads: plan.kind !== 'amend',
      },
      topic,
    );
  }

  /** What the gates ask of other services. */
  private allowGates(tasks: StageTaskFunctions): void {
    const { source, target, certificateKey, transform } = this.props;
    const gates = this.gates.flat();
    for (const { _parts } of gates) {
      _parts.observed?.grant?.(tasks.observe);
      if (_parts.observed?.isMetric) allowMetricData(tasks.sample);
      if (_parts.queries && tasks.queries) allowQueries(tasks.queries, [source, target]);
      if (_parts.index && tasks.indexCoherence) allowIndex(tasks.indexCoherence, target, _parts.index.index);
    }
    for (const hook of this.hooks) if (tasks.hook) hook._allow(tasks.hook);
    allowCalendars(tasks.window, gates);
    const promoted = { migration: this.migrationId, transformSha256: transform.sha256 };
    if (tasks.promotion) allowPromotions(tasks.promotion, gates, promoted);
    if (tasks.certify && certificateKey) allowCertificates(tasks.certify, certificateKey, this.ledger.archive, promoted);
  }

  private workflows(tasks: StageTaskFunctions, phases: Phases, bound: BoundTrigger[]): Workflows {
    const { plan, timing, stages, risks, triggers } = this.props;
    return new Workflows(this.scope, 'Workflows', {
      ...{ tasks, phases, plan, logRetention: this.logRetention, tick: timing.tick },
      deployments: stages.map(({ deployment }) => deployment.duration.toSeconds()),
      checks: this.gates.map((each, index) => ({ ...checksOf(each, this.metrics), hooks: hooksOf(stages[index]?.hooks) })),
      beforeCompletion: hooksOf(this.props.beforeCompletion),
      hypotheses: risks.map(({ id, statement, owner }, index) => ({
        ...{ id, statement, owner },
        alarm: bound[triggers.length + index]?.alarm.alarmName as string,
      })),
    });
  }

  /** `made`: what there is once all else is. */
  private operatorConfiguration(
    tasks: StageTaskFunctions,
    made: Pick<OperatorConfiguration, 'workflows' | 'alarms' | 'dashboard'>,
  ): OperatorConfiguration {
    const { ledger, traffic, props } = this;
    const { source, target, plan, poisonQueue, givenUpQueue } = props;
    const approve = Object.entries(tasks.approve).map(([name, { functionName }]) => [name, functionName]);
    return {
      ...{ format: 1, migration: this.migrationId, kind: plan.kind ?? 'rehydrate', stack: deployedStack(this.scope).stackName },
      stages: plan.stages.map(({ name }, index) => {
        const { gates: observed = [] } = checksOf(this.gates[index] ?? [], this.metrics);
        return { name, gates: observed.map(({ id }) => id) };
      }),
      ...made,
      functions: {
        ...{ pause: tasks.pause.functionName, resume: tasks.resume.functionName },
        ...(tasks.trace ? { trace: tasks.trace.functionName } : {}),
        set: tasks.set.functionName,
        ...(tasks.redrive ? { redrive: tasks.redrive.functionName } : {}),
        approve: Object.fromEntries(approve),
      },
      reverseWindow: props.reverseWindow.seconds,
      tables: { legacy: source.tableName, target: target.tableName },
      ledger: { table: ledger.table.tableName, archive: ledger.archive.bucketName },
      traffic: { application: traffic.applicationId, environment: traffic.environmentId, profile: traffic.profileId },
      queues: {
        ...(poisonQueue ? { poison: poisonQueue.queueUrl } : {}),
        ...(givenUpQueue ? { givenUp: givenUpQueue.queueUrl } : {}),
      },
      metricNamespace: this.clientConfiguration.metricNamespace,
    };
  }

  private manifest(bound: BoundTrigger[]): Manifest {
    const { scope, props, gates, metrics } = this;
    const { source, target, sourceKeys, targetKeys, plan, stages, risks, triggers, timing, backfill, owner, drill } = props;
    const watched = [...triggers, ...risks.map(({ _trigger }) => _trigger)];
    const stack = deployedStack(scope);
    return {
      ...{ format: 1, migration: this.migrationId, kind: plan.kind ?? 'rehydrate', plan, backfill, owner, drill },
      ...{ path: scope.node.path, stack: stack.stackName, region: Token.isUnresolved(stack.region) ? undefined : stack.region },
      index: props.index,
      tables: { legacy: { name: source.tableName, keys: sourceKeys }, target: { name: target.tableName, keys: targetKeys } },
      transformSha256: props.transform.sha256,
      stages: stages.map(({ name, sample, bake, deployment, owner }, index) => ({
        ...{ name, sample, bake: bake.toSeconds(), owner, checks: checksOf(gates[index] ?? [], metrics) },
        ...{ cohort: plan.stages[index]?.cohort as CohortSpec, goal: plan.stages[index]?.goal as Position },
        deployment: {
          ...{ growthType: deployment.growthType, growth: deployment.growth, minutes: deployment.duration.toMinutes() },
        },
      })),
      triggers: watched.map((trigger, index) => manifestTrigger(trigger, bound[index]?.alarm as cloudwatch.IAlarm)),
      risks: risks.map(({ id, statement, owner, _trigger }) => ({ id, statement, owner, rollback: _trigger.rollback.mode })),
      tick: timing.tick.toSeconds(),
    };
  }

  private configuration(metricNamespace: string): ClientConfiguration {
    const { source, target, sourceKeys, targetKeys, plan } = this.props;
    return {
      migration: this.migrationId,
      metricNamespace,
      application: this.traffic.applicationId,
      environment: this.traffic.environmentId,
      profile: this.traffic.profileId,
      legacyTable: source.tableName,
      targetTable: target.tableName,
      legacyKeys: sourceKeys,
      targetKeys,
      ...(plan.kind === 'amend' ? { inPlace: true, earlier: [...(plan.earlier ?? [])] } : {}),
      ...(plan.kind === 'reindex' ? { reindex: true } : {}),
      inFlight: plan.inFlight,
    };
  }
}

/** Hooks as the workflow is told of them. */
function hooksOf(hooks: Hook[] = []): HookSpec[] {
  return hooks.map(({ _spec }) => _spec);
}

/** The stack that is deployed: a nested one has a name only then. */
function deployedStack(scope: Construct): Stack {
  let stack = Stack.of(scope);
  while (stack.nestedStackParent) stack = stack.nestedStackParent;
  return stack;
}
