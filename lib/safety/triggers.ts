import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { refusal } from '../private/refuse';
import type { BrakeTopic } from './brake-topic';
import type { Trigger, TriggerContext } from './trigger';

/** Alarms that an AppConfig environment can monitor (AWS AppConfig API, CreateEnvironment: Monitors). */
const MAX_MONITORS = 5;

/** Their names are in the environment of each function, which holds 4 KB (AWS Lambda Developer Guide, "Quotas"). */
const MAX_TRIGGERS = 15;

/** An alarm and what it asks for. */
export interface BoundTrigger {
  readonly trigger: Trigger;
  readonly alarm: cloudwatch.IAlarm;
  /** `soft`, `fenced`, `immediate` or `pause`. */
  readonly mode: string;
}

/** True for a trigger that takes traffic back, and does not only pause the rollout. */
export function takesBack({ mode }: BoundTrigger): boolean {
  return mode !== 'pause';
}

/** Refuses too many triggers, and one that is there twice. */
export function validateTriggers(owner: string, triggers: Trigger[]): void {
  if (triggers.length > MAX_TRIGGERS) {
    throw refusal(
      owner,
      'triggers',
      `must be at most ${MAX_TRIGGERS}. Join alarms of yours in a composite alarm`,
      triggers.length,
    );
  }
  triggers.forEach(({ id }, index) => {
    if (triggers.findIndex((other) => other.id === id) === index) return;
    throw refusal(owner, `triggers[${index}]`, 'must not be there twice: give one of them another id', id);
  });
}

/** The alarms of a migration, each connected to the brake. */
export class Triggers extends Construct {
  /** In the order given. */
  readonly bound: BoundTrigger[];
  /**
   * What AppConfig monitors: the alarms that take back, or one that goes off with any of them where they are too many. AppConfig
   * takes a deployment back by itself when a monitor goes off, so an alarm that only pauses is none of them.
   */
  readonly monitors: cloudwatch.IAlarm[];

  constructor(scope: Construct, id: string, triggers: Trigger[], context: TriggerContext, topic: BrakeTopic) {
    super(scope, id);
    this.bound = triggers.map((trigger) => {
      const alarm = trigger._alarm(this, context);
      topic.listenTo(alarm, trigger.id);
      return { trigger, alarm, mode: trigger.rollback.mode };
    });
    const alarms = this.bound.filter(takesBack).map(({ alarm }) => alarm);
    this.monitors = alarms.length <= MAX_MONITORS ? alarms : [this.any(alarms)];
  }

  private any(alarms: cloudwatch.IAlarm[]): cloudwatch.IAlarm {
    const rules = alarms.map((alarm) => cloudwatch.AlarmRule.fromAlarm(alarm, cloudwatch.AlarmState.ALARM));
    return new cloudwatch.CompositeAlarm(this, 'Any', {
      alarmRule: cloudwatch.AlarmRule.anyOf(...rules),
      alarmDescription:
        'Some trigger that takes traffic back has gone off. AppConfig monitors this one: it takes no more than five.',
    });
  }
}
