import { Duration, Names } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { MigrationMetrics } from '../monitoring/migration-metrics';
import { refusal } from '../private/refuse';
import { createAlarm } from './alarm-factory';
import { Rollback } from './rollback';

/** Options of every trigger. */
export interface TriggerOptions {
  /**
   * How traffic goes back when the alarm goes off.
   * @default - `Rollback.soft()`, which no reader or writer notices; for `Trigger.divergence()`, where the target is wrong, `Rollback.fenced()`
   */
  readonly rollback?: Rollback;
}

/** Options of `Trigger.replicationLag()`. */
export interface ReplicationLagOptions extends TriggerOptions {
  /**
   * The lag that is still good. At least one second. Three minutes in a row above it set the alarm off.
   * @default Duration.seconds(60)
   */
  readonly max?: Duration;
}

/** What takes traffic back by itself: an alarm, and the way back that it asks for. */
export abstract class Trigger {
  /** Any item that stands differently on both sides though nothing is under way. */
  static divergence(options: TriggerOptions = {}): Trigger {
    return new DivergenceTrigger('Divergence', options.rollback ?? Rollback.fenced());
  }

  /** Changes that reach the other side too late. */
  static replicationLag(options: ReplicationLagOptions = {}): Trigger {
    const max = options.max ?? Duration.seconds(60);
    if (!max.isUnresolved() && max.toSeconds() < 1) {
      throw refusal('Trigger.replicationLag()', 'max', 'must be at least one second', max);
    }
    return new ReplicationLagTrigger(max, options.rollback ?? Rollback.soft());
  }

  /**
   * An alarm of your own, such as errors of the application. It must treat missing data as not breaching and have its
   * actions enabled, because AppConfig monitors it: preflight looks. An alarm of the same stack gets an action more;
   * one from elsewhere is heard through EventBridge and stays as it is.
   */
  static alarm(alarm: cloudwatch.IAlarm, options: TriggerOptions = {}): Trigger {
    return new AlarmTrigger(alarm, options.rollback ?? Rollback.soft());
  }

  protected constructor(
    /** Tells triggers of one migration apart. */
    readonly id: string,
    /** How traffic goes back. */
    readonly rollback: Rollback,
  ) {}

  /**
   * The alarm, made where it does not exist yet.
   * @internal
   */
  abstract _alarm(scope: Construct, metrics: MigrationMetrics): cloudwatch.IAlarm;
}

class DivergenceTrigger extends Trigger {
  constructor(id: string, rollback: Rollback) {
    super(id, rollback);
  }

  _alarm(scope: Construct, metrics: MigrationMetrics): cloudwatch.IAlarm {
    return createAlarm(scope, this.id, {
      metric: metrics.divergence(),
      threshold: 1,
      comparison: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      minutes: 1,
      description: 'Legacy and target items differ though nothing is under way. Takes traffic back to the legacy table.',
    });
  }
}

class ReplicationLagTrigger extends Trigger {
  constructor(
    private readonly max: Duration,
    rollback: Rollback,
  ) {
    super('ReplicationLag', rollback);
  }

  _alarm(scope: Construct, metrics: MigrationMetrics): cloudwatch.IAlarm {
    return createAlarm(scope, this.id, {
      metric: metrics.replicationLag(),
      threshold: this.max.toSeconds(),
      comparison: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      minutes: 3,
      description: 'Changes reach the other table too late. Takes traffic back to the legacy table.',
    });
  }
}

class AlarmTrigger extends Trigger {
  constructor(
    private readonly alarm: cloudwatch.IAlarm,
    rollback: Rollback,
  ) {
    super(`Alarm-${Names.nodeUniqueId(alarm.node)}`, rollback);
  }

  _alarm(): cloudwatch.IAlarm {
    return this.alarm;
  }
}
