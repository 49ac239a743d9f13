import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { MigrationMetrics } from '../monitoring/migration-metrics';
import { refusal } from '../private/refuse';
import type { BrakeTopic } from './brake-topic';
import type { Trigger } from './trigger';

/** Alarms that an AppConfig environment can monitor (AWS AppConfig API, CreateEnvironment: Monitors). */
const MAX_TRIGGERS = 5;

/** An alarm and the way back that it asks for. */
export interface BoundTrigger {
  readonly alarm: cloudwatch.IAlarm;
  /** `soft`, `fenced` or `immediate`. */
  readonly mode: string;
}

/** Refuses too many triggers, and one that is there twice. */
export function validateTriggers(owner: string, triggers: Trigger[]): void {
  if (triggers.length > MAX_TRIGGERS) {
    throw refusal(
      owner,
      'triggers',
      `must be at most ${MAX_TRIGGERS}: an AppConfig environment monitors no more. Join alarms of yours in a composite alarm`,
      triggers.length,
    );
  }
  triggers.forEach(({ id }, index) => {
    if (triggers.findIndex((other) => other.id === id) === index) return;
    throw refusal(owner, `triggers[${index}]`, 'must not be there twice', id);
  });
}

/** The alarms of a migration, each connected to the brake. */
export class Triggers extends Construct {
  /** In the order given. */
  readonly bound: BoundTrigger[];

  constructor(scope: Construct, id: string, triggers: Trigger[], metrics: MigrationMetrics, topic: BrakeTopic) {
    super(scope, id);
    this.bound = triggers.map((trigger) => {
      const alarm = trigger._alarm(this, metrics);
      topic.listenTo(alarm, trigger.id);
      return { alarm, mode: trigger.rollback.mode };
    });
  }
}
