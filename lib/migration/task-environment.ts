import { Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { ReverseWindow } from '../change/reverse-window';
import type { RolloutLedger } from '../ledger/rollout-ledger';
import { type BoundTrigger, takesBack } from '../safety/triggers';
import type { TrafficShift } from '../traffic/traffic-shift';
import type { BackfillOptions } from './backfill-options';
import type { ClientConfiguration } from './client-configuration';
import type { Stage } from './stage';

/** What the handlers are told. */
export interface TaskEnvironmentProps {
  readonly client: ClientConfiguration;
  readonly metricNamespace: string;
  readonly source: dynamodb.ITable;
  readonly target: dynamodb.ITable;
  readonly ledger: RolloutLedger;
  readonly traffic: TrafficShift;
  readonly stages: Stage[];
  readonly poisonQueue?: sqs.IQueue;
  readonly givenUpQueue?: sqs.IQueue;
  readonly backfill: Required<BackfillOptions>;
  readonly reverseWindow: ReverseWindow;
  readonly transformSha256: string;
  readonly planSha256: string;
}

/** The environment variables that all handlers have, but those about alarms. Contract between `lib` and `lambda/adapters/environment`. */
export function taskEnvironment(props: TaskEnvironmentProps): { [name: string]: string } {
  const { client, source, target, traffic, backfill } = props;
  return {
    ROLLOUT_MIGRATION: client.migration,
    LEGACY_TABLE: client.legacyTable,
    TARGET_TABLE: client.targetTable,
    LEGACY_KEYS: client.legacyKeys.join(','),
    TARGET_KEYS: client.targetKeys.join(','),
    APPCONFIG_APPLICATION: client.application,
    APPCONFIG_ENVIRONMENT: client.environment,
    APPCONFIG_PROFILE: client.profile,
    METRIC_NAMESPACE: props.metricNamespace,
    ...(source.tableStreamArn ? { LEGACY_STREAM_ARN: source.tableStreamArn } : {}),
    ...(target.tableStreamArn ? { TARGET_STREAM_ARN: target.tableStreamArn } : {}),
    LEDGER_TABLE: props.ledger.table.tableName,
    ARCHIVE_BUCKET: props.ledger.archive.bucketName,
    APPCONFIG_IMMEDIATE_STRATEGY: traffic.immediateStrategyId,
    STAGE_STRATEGIES: Stack.of(traffic).toJsonString(props.stages.map(({ deployment }) => traffic.strategyIdOf(deployment))),
    ...(props.poisonQueue ? { POISON_QUEUE_URL: props.poisonQueue.queueUrl } : {}),
    ...(props.givenUpQueue ? { GIVEN_UP_QUEUE_URL: props.givenUpQueue.queueUrl } : {}),
    REVERSE_WINDOW: props.reverseWindow.seconds,
    TRANSFORM_SHA256: props.transformSha256,
    PLAN_SHA256: props.planSha256,
    MAX_WRITE_UNITS: `${backfill.maxWriteUnits}`,
    MAX_CONCURRENCY: `${backfill.maxConcurrency}`,
    ITEMS_PER_SLICE: `${backfill.itemsPerSlice}`,
  };
}

/** What the handlers are told of alarms. */
export interface AlarmEnvironmentProps {
  readonly triggers: BoundTrigger[];
  /** Alarms that AppConfig monitors. */
  readonly monitors: cloudwatch.IAlarm[];
  readonly traffic: TrafficShift;
}

/**
 * The environment variables of all handlers but the replicators, which alarms may be about: a function that names an alarm cannot be
 * made before it, nor the alarm before the function.
 */
export function alarmEnvironment({ triggers, monitors, traffic }: AlarmEnvironmentProps): { [name: string]: string } {
  const namesOf = (some: BoundTrigger[]) => some.map(({ alarm }) => alarm.alarmName).join(',');
  return {
    TRIGGER_ALARMS: namesOf(triggers.filter(takesBack)),
    PAUSE_ALARMS: namesOf(triggers.filter((trigger) => !takesBack(trigger))),
    MONITOR_ALARM_ARNS: monitors.map(({ alarmArn }) => alarmArn).join(','),
    MONITOR_ROLE_ARN: monitors.length > 0 ? traffic.monitorRole.roleArn : '',
  };
}
