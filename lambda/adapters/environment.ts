import { RolloutError } from '../core/errors';
import type { KeySchema } from '../core/item';
import type { Schemas } from '../core/model';
import type { Side } from '../core/position';

export { loadModel, loadPlan } from './assets';

/** What the constructs tell every handler through its environment variables. */
export interface Settings {
  readonly migration: string;
  readonly tables: Readonly<Record<Side, string>>;
  readonly schemas: Schemas;
  readonly ledgerTable: string;
  readonly archiveBucket: string;
  readonly application: string;
  readonly environment: string;
  readonly profile: string;
  readonly immediateStrategy: string;
  /** Ids of the deployment strategies, by stage. */
  readonly stageStrategies: readonly string[];
  /** Names of the alarms that take traffic back, and of those that only pause the run. */
  readonly triggerAlarms: readonly string[];
  readonly pauseAlarms: readonly string[];
  readonly monitorAlarmArns: readonly string[];
  /** Undefined when AppConfig watches no alarm. */
  readonly monitorRoleArn: string | undefined;
  /** Undefined where no stream is read. */
  readonly givenUpQueueUrl: string | undefined;
  /** Undefined where no changes are carried. */
  readonly poisonQueueUrl: string | undefined;
  /** Seconds that the way back stays open after completion. */
  readonly reverseWindow: number;
  /** The index that goes when the change is closed. */
  readonly dropIndex: string | undefined;
  /** UUIDs of the event source mappings that read the streams. */
  readonly eventSources: readonly string[];
  readonly metricNamespace: string;
  readonly transformSha256: string;
  readonly planSha256: string;
  /** Write units a second over all workers; 0 for no limit. */
  readonly maxWriteUnits: number;
  readonly maxConcurrency: number;
  readonly itemsPerSlice: number;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads the settings. @throws InvalidConfiguration that names the variable */
export function settings(env: Variables = process.env): Settings {
  const text = (name: string) => required(env, name);
  return {
    migration: text('ROLLOUT_MIGRATION'),
    tables: { legacy: text('LEGACY_TABLE'), target: text('TARGET_TABLE') },
    schemas: { legacy: keys(env, 'LEGACY_KEYS'), target: keys(env, 'TARGET_KEYS') },
    ledgerTable: text('LEDGER_TABLE'),
    archiveBucket: text('ARCHIVE_BUCKET'),
    application: text('APPCONFIG_APPLICATION'),
    environment: text('APPCONFIG_ENVIRONMENT'),
    profile: text('APPCONFIG_PROFILE'),
    immediateStrategy: text('APPCONFIG_IMMEDIATE_STRATEGY'),
    stageStrategies: texts(env, 'STAGE_STRATEGIES'),
    triggerAlarms: list(env, 'TRIGGER_ALARMS'),
    pauseAlarms: list(env, 'PAUSE_ALARMS'),
    monitorAlarmArns: list(env, 'MONITOR_ALARM_ARNS'),
    monitorRoleArn: env.MONITOR_ROLE_ARN || undefined,
    givenUpQueueUrl: env.GIVEN_UP_QUEUE_URL || undefined,
    poisonQueueUrl: env.POISON_QUEUE_URL || undefined,
    reverseWindow: whole(env, 'REVERSE_WINDOW'),
    dropIndex: env.DROP_INDEX || undefined,
    eventSources: list(env, 'EVENT_SOURCES'),
    metricNamespace: text('METRIC_NAMESPACE'),
    transformSha256: text('TRANSFORM_SHA256'),
    planSha256: text('PLAN_SHA256'),
    maxWriteUnits: whole(env, 'MAX_WRITE_UNITS'),
    maxConcurrency: whole(env, 'MAX_CONCURRENCY'),
    itemsPerSlice: whole(env, 'ITEMS_PER_SLICE'),
  };
}

/** ARNs of the streams of both tables, for what reads them. @throws InvalidConfiguration */
export function streamArns(env: Variables = process.env): Readonly<Record<Side, string>> {
  return { legacy: required(env, 'LEGACY_STREAM_ARN'), target: required(env, 'TARGET_STREAM_ARN') };
}

/** The value of a variable that only some handlers have. @throws InvalidConfiguration when it is not set */
export function variable(name: string, env: Variables = process.env): string {
  return required(env, name);
}

function required(env: Variables, name: string): string {
  const value = env[name];
  if (value) return value;
  throw new RolloutError(
    'InvalidConfiguration',
    `The environment variable ${name} is not set. The constructs set it: deploy the stack again.`,
    { name },
  );
}

function list(env: Variables, name: string): string[] {
  return (env[name] ?? '').split(',').filter((entry) => entry !== '');
}

function keys(env: Variables, name: string): KeySchema {
  const names = required(env, name).split(',');
  if (names.length <= 2 && names.every((key) => key !== '')) return names as unknown as KeySchema;
  throw new RolloutError(
    'InvalidConfiguration',
    `${name} is ${env[name]}. It names one or two key attributes, partition key first.`,
  );
}

function whole(env: Variables, name: string): number {
  const number = Number(required(env, name));
  if (Number.isInteger(number) && number >= 0) return number;
  throw new RolloutError('InvalidConfiguration', `${name} is ${env[name]}. It is a whole number of 0 or more.`, { name });
}

function texts(env: Variables, name: string): string[] {
  try {
    const value: unknown = JSON.parse(env[name] || '[]');
    if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value;
  } catch {
    // Said below.
  }
  throw new RolloutError('InvalidConfiguration', `${name} is ${env[name]}. It is a JSON array of texts.`, { name });
}
