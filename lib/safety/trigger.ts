import { Duration, Names, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { MigrationMetrics } from '../monitoring/migration-metrics';
import { refusal, requireBetween, requireWhole } from '../private/refuse';
import { createAlarm } from './alarm-factory';
import { burnAlarm, type ErrorBudget } from './burn-rate';
import { Rollback } from './rollback';
import type { TriggerKind } from './trigger-kinds';

/** Options of every trigger. */
export interface TriggerOptions {
  /**
   * How traffic goes back when the alarm goes off. With `Rollback.pause()` it stays where it is, and goes no further.
   * @default - `Rollback.soft()`, which no reader or writer notices; for `Trigger.divergence()`, where the target is wrong, `Rollback.fenced()`
   */
  readonly rollback?: Rollback;
}

/** Options of the triggers that make an alarm of their own. */
export interface TriggerAlarmOptions extends TriggerOptions {
  /**
   * The newest windows that are looked at. A window is a minute, or one period of the metric that is given. 1 to 100.
   * @default - 1 for divergence, 3 for lag and dead letters, 5 otherwise
   */
  readonly windows?: number;
  /**
   * How many of them must be beyond the threshold. Below `windows` a blip sets nothing off and a flapping metric does. 1 to `windows`.
   * @default - 1 for dead letters, whose count may come late; otherwise 3, or all where `windows` is less
   */
  readonly breaching?: number;
  /**
   * True where a window without data counts as one beyond the threshold; otherwise it counts as good. There is no third way:
   * AppConfig takes a release back when an alarm has insufficient data.
   * @default false
   */
  readonly failOnMissing?: boolean;
  /**
   * Why it matters, for whoever is woken: part of the alarm's description.
   * @default - none
   */
  readonly reason?: string;
  /**
   * Tells triggers of one migration apart, and names the alarm's construct.
   * @default - the kind of the trigger
   */
  readonly id?: string;
}

/** Options of `Trigger.replicationLag()`, `Trigger.forwardLag()` and `Trigger.reverseLag()`. */
export interface ReplicationLagOptions extends TriggerAlarmOptions {
  /**
   * The lag that is still good. At least one second.
   * @default Duration.seconds(60)
   */
  readonly max?: Duration;
}

/** Options of `Trigger.deadLetters()`. */
export interface DeadLettersOptions extends TriggerAlarmOptions {
  /**
   * Changes that may wait. At least 0.
   * @default 0
   */
  readonly max?: number;
}

/** Options of `Trigger.throttling()`. */
export interface ThrottlingOptions extends TriggerAlarmOptions {
  /**
   * Throttled events a minute that are still good, over reads and writes of both tables. At least 0. The backfill slows down by
   * being throttled, so on tables with provisioned capacity it makes some of its own.
   */
  readonly max: number;
}

/** Options of `Trigger.shadowMismatch()`. */
export interface ShadowMismatchOptions extends TriggerAlarmOptions {
  /**
   * Percent of the compared reads that may differ. 0 to 100.
   * @default 0
   */
  readonly maxPercent?: number;
  /**
   * Compared reads in a window from which on their share says something. 1 to a billion.
   * @default 100
   */
  readonly minReads?: number;
}

/** Options of `Trigger.metric()`. Give one of the bounds. */
export interface MetricTriggerOptions extends TriggerAlarmOptions {
  /**
   * A value above this is beyond the threshold.
   * @default - no upper bound
   */
  readonly atMost?: number;
  /**
   * A value below this is beyond the threshold.
   * @default - no lower bound
   */
  readonly atLeast?: number;
}

/** Options of `Trigger.errorRate()`. */
export interface ErrorRateOptions extends TriggerAlarmOptions {
  /** Failed requests; their sum is taken. Without data there were none. */
  readonly errors: cloudwatch.Metric;
  /** All requests; their sum is taken. */
  readonly requests: cloudwatch.Metric;
  /** Percent of the requests that may fail. 0 to 100. */
  readonly maxPercent: number;
}

/** Options of `Trigger.anomaly()`. */
export interface AnomalyOptions extends TriggerAlarmOptions {
  /**
   * Width of the expected band, in standard deviations. Above 0.
   * @default 2
   */
  readonly band?: number;
}

/** Options of `Trigger.burnRate()`. */
export interface BurnRateOptions extends TriggerOptions {
  /** Failed requests. */
  readonly errors: cloudwatch.Metric;
  /** All requests. */
  readonly requests: cloudwatch.Metric;
  /** Percent of the requests that must succeed, such as 99.9. At least 93.1, as no budget of a lower one can burn 14.4 times as fast; below 100. */
  readonly objective: number;
  /**
   * Why it matters.
   * @default - none
   */
  readonly reason?: string;
  /**
   * Tells triggers of one migration apart.
   * @default BurnRate
   */
  readonly id?: string;
}

/** The functions that carry changes from table to table. */
export interface Replicators {
  /** From the source to the target. */
  readonly forward: lambda.IFunction;
  /** From the target to the source. */
  readonly reverse: lambda.IFunction;
}

/** What triggers are made of.
 * @internal
 */
export interface TriggerContext {
  readonly metrics: MigrationMetrics;
  readonly source: dynamodb.ITable;
  readonly target: dynamodb.ITable;
  /** Where changes wait that were not carried over. */
  readonly deadLetters: sqs.IQueue[];
  /** The functions that carry changes over; undefined where both models are in one table. */
  readonly replicators?: Replicators;
  /** True where clients compare answers of both sides. */
  readonly comparesReads: boolean;
}

const SUM = { statistic: 'Sum' };
const MINUTE = { period: Duration.minutes(1) };
const { GREATER_THAN_THRESHOLD, LESS_THAN_THRESHOLD } = cloudwatch.ComparisonOperator;

/** What takes traffic back by itself, or stops it from going further: an alarm, and what it asks for. */
export abstract class Trigger {
  /** Any item that stands differently on both sides though nothing is under way. */
  static divergence(options: TriggerAlarmOptions = {}): Trigger {
    return new MetricTrigger('divergence', withDefaults(options, 1, Rollback.fenced()), ({ metrics }) => ({
      metric: metrics.divergence(),
      ...above(0),
      what: 'Legacy and target items differ though nothing is under way.',
    }));
  }

  /** Changes that reach the other side too late, by heartbeats of ours in the direction of the authority. */
  static replicationLag(options: ReplicationLagOptions = {}): Trigger {
    const max = lagOf('Trigger.replicationLag()', options, 'lag is not measured while a routing table spreads');
    const watched = ({ metrics }: TriggerContext) => ({
      metric: metrics.replicationLag(),
      ...above(max.toSeconds()),
      what: 'Changes reach the other table too late.',
    });
    return new MetricTrigger('replicationLag', withDefaults(options, 3), betweenTables('Trigger.replicationLag()', watched));
  }

  /**
   * Records of the legacy table's stream that reach the replicator too late: the age of the last one of each batch. Where
   * nothing is delivered there is no age, which counts as good: a table that nobody writes to has no lag. An event source that
   * has stopped has none either, so this goes beside `Trigger.replicationLag()`, whose heartbeats notice that.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html `IteratorAge`
   */
  static forwardLag(options: ReplicationLagOptions = {}): Trigger {
    return iteratorAge('forwardLag', 'Trigger.forwardLag()', options, 'forward');
  }

  /** The same for the target table's stream. */
  static reverseLag(options: ReplicationLagOptions = {}): Trigger {
    return iteratorAge('reverseLag', 'Trigger.reverseLag()', options, 'reverse');
  }

  /** Changes that were not carried over and wait for somebody, in the poison queue or in that of batches given up. */
  static deadLetters(options: DeadLettersOptions = {}): Trigger {
    const max = countOf('Trigger.deadLetters()', options);
    return new MetricTrigger(
      'deadLetters',
      { ...withDefaults(options, 3), breaching: options.breaching ?? 1 },
      ({ deadLetters }) => ({
        metric: sumOf(deadLetters.map((queue) => queue.metricApproximateNumberOfMessagesVisible(MINUTE))),
        ...above(max),
        what: 'Changes were not carried over to the other table.',
      }),
    );
  }

  /**
   * Reads or writes of either table that DynamoDB throttles: events a minute. A table that is never throttled has no such metric,
   * and an alarm on nothing else would keep its first state, which is no data; so what the migration measures each minute is
   * part of the expression.
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
   */
  static throttling(options: ThrottlingOptions): Trigger {
    const max = countOf('Trigger.throttling()', options);
    return new MetricTrigger('throttling', options, ({ metrics, source, target }) => ({
      metric: sumOf(
        [...new Set([source, target])].flatMap((table) =>
          ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) => table.metric(name, { ...MINUTE, ...SUM })),
        ),
        metrics.divergence(),
      ),
      ...above(max),
      what: 'DynamoDB throttles the tables.',
    }));
  }

  /**
   * Reads of real traffic whose other side says something else, in percent of those that clients compare. Clients tell of them
   * as `ConnectOptions.metrics` says; where none are compared, none differ.
   */
  static shadowMismatch(options: ShadowMismatchOptions = {}): Trigger {
    const { maxPercent = 0, minReads = 100 } = options;
    requireBetween('Trigger.shadowMismatch()', 'maxPercent', maxPercent, 0, 100);
    requireWhole('Trigger.shadowMismatch()', 'minReads', minReads, 1, 1_000_000_000);
    const watched = ({ metrics }: TriggerContext) => ({
      metric: new cloudwatch.MathExpression({
        expression: `IF(reads >= ${minReads}, 100 * FILL(mismatches, 0) / reads, 0)`,
        usingMetrics: { reads: metrics.shadowReads(), mismatches: metrics.shadowMismatch() },
        ...MINUTE,
      }),
      ...above(maxPercent),
      what: `More than ${maxPercent} percent of the compared reads differ.`,
    });
    return new MetricTrigger('shadowMismatch', options, comparingReads(watched));
  }

  /** A metric of yours against a fixed bound, such as the 99th percentile of a latency. */
  static metric(metric: cloudwatch.IMetric, options: MetricTriggerOptions): Trigger {
    const { atMost, atLeast } = options;
    if ((atMost === undefined) === (atLeast === undefined)) {
      throw refusal('Trigger.metric()', 'the bound', 'must be one of atMost and atLeast');
    }
    const bound = atMost === undefined ? { comparison: LESS_THAN_THRESHOLD, threshold: atLeast as number } : above(atMost);
    const name = metric.toMetricConfig().metricStat?.metricName ?? 'expression';
    return new MetricTrigger('metric', options, () => ({ metric, ...bound, what: `${name} is beyond its bound.` }));
  }

  /** Failed requests of the application, in percent. Without requests nothing failed. */
  static errorRate(options: ErrorRateOptions): Trigger {
    const { errors, requests, maxPercent } = options;
    requireBetween('Trigger.errorRate()', 'maxPercent', maxPercent, 0, 100);
    const expression = '100 * FILL(errors, 0) / requests';
    const metric = new cloudwatch.MathExpression({
      expression,
      usingMetrics: { errors: errors.with(SUM), requests: requests.with(SUM) },
      ...MINUTE,
    });
    return new MetricTrigger('errorRate', options, () => ({
      metric,
      ...above(maxPercent),
      what: `More than ${maxPercent} percent of the requests fail.`,
    }));
  }

  /** A metric above what CloudWatch expects of it, by the past of up to two weeks. */
  static anomaly(metric: cloudwatch.IMetric, options: AnomalyOptions = {}): Trigger {
    const band = options.band ?? 2;
    if (!Token.isUnresolved(band) && !(band > 0)) throw refusal('Trigger.anomaly()', 'band', 'must be above 0', band);
    return new AnomalyTrigger(metric, band, options);
  }

  /**
   * The error budget burns too fast: 14.4 times as fast as it may over an hour and five minutes, or 6 times over six hours and
   * half an hour. The long window says that it matters, the short one that it still goes on.
   * @see https://sre.google/workbook/alerting-on-slos/#6-multiwindow-multi-burn-rate-alerts
   */
  static burnRate(options: BurnRateOptions): Trigger {
    const { objective } = options;
    if (!Token.isUnresolved(objective) && !(objective >= 93.1 && objective < 100)) {
      throw refusal('Trigger.burnRate()', 'objective', 'must be a percentage of at least 93.1 and below 100', objective);
    }
    return new BurnRateTrigger(options);
  }

  /**
   * An alarm of your own. It must treat missing data as good or as bad and have its actions enabled, because AppConfig
   * monitors it unless it only pauses: preflight looks. An alarm of the same stack gets an action more; one from elsewhere is heard through
   * EventBridge and stays as it is.
   */
  static alarm(alarm: cloudwatch.IAlarm, options: TriggerOptions = {}): Trigger {
    return new AlarmTrigger(alarm, options.rollback ?? Rollback.soft());
  }

  protected constructor(
    /**
     * Which of the factories made it.
     * @internal
     */
    readonly _kind: TriggerKind,
    /** Tells triggers of one migration apart. */
    readonly id: string,
    /** How traffic goes back. */
    readonly rollback: Rollback,
  ) {}

  /**
   * The error budget that it watches, if it is one.
   * @internal
   */
  get _budget(): ErrorBudget | undefined {
    return undefined;
  }

  /**
   * The alarm, made where it does not exist yet.
   * @internal
   */
  abstract _alarm(scope: Construct, context: TriggerContext): cloudwatch.IAlarm;

  /**
   * What an alarm means, why it matters, and what it does.
   * @internal
   */
  protected _descriptionOf(what: string, reason: string | undefined): string {
    const does = this.rollback.mode === 'pause' ? 'Pauses the rollout.' : 'Takes traffic back to the legacy table.';
    return [what, reason, does].filter((text) => text).join(' ');
  }
}

/** What an alarm of ours looks at. */
interface Watched {
  readonly metric: cloudwatch.IMetric;
  readonly threshold: number;
  readonly comparison: cloudwatch.ComparisonOperator;
  /** One sentence. */
  readonly what: string;
}

class MetricTrigger extends Trigger {
  private readonly windows: number;
  private readonly breaching: number;

  constructor(
    kind: TriggerKind,
    private readonly options: TriggerAlarmOptions,
    private readonly watched: (context: TriggerContext) => Watched,
  ) {
    super(kind, options.id ?? `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`, options.rollback ?? Rollback.soft());
    this.windows = options.windows ?? 5;
    this.breaching = options.breaching ?? Math.min(3, this.windows);
    requireWindows(this.id, this.windows, this.breaching);
  }

  _alarm(scope: Construct, context: TriggerContext): cloudwatch.IAlarm {
    const { what, ...watched } = this.watched(context);
    const { windows, breaching, options } = this;
    const description = this._descriptionOf(what, options.reason);
    return createAlarm(scope, this.id, {
      ...{ ...watched, windows, breaching, description, failOnMissing: options.failOnMissing ?? false },
    });
  }
}

class AnomalyTrigger extends Trigger {
  constructor(
    private readonly metric: cloudwatch.IMetric,
    private readonly band: number,
    private readonly options: AnomalyOptions,
  ) {
    super('anomaly', options.id ?? 'Anomaly', options.rollback ?? Rollback.soft());
  }

  _alarm(scope: Construct): cloudwatch.IAlarm {
    const { windows = 5, failOnMissing, reason } = this.options;
    const breaching = this.options.breaching ?? Math.min(3, windows);
    requireWindows(this.id, windows, breaching);
    return new cloudwatch.AnomalyDetectionAlarm(scope, this.id, {
      ...{ metric: this.metric, stdDevs: this.band, evaluationPeriods: windows, datapointsToAlarm: breaching },
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD,
      treatMissingData: failOnMissing ? cloudwatch.TreatMissingData.BREACHING : cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription: this._descriptionOf('A metric is above what is expected of it.', reason),
    });
  }
}

class BurnRateTrigger extends Trigger {
  constructor(private readonly options: BurnRateOptions) {
    super('burnRate', options.id ?? 'BurnRate', options.rollback ?? Rollback.soft());
  }

  override get _budget(): ErrorBudget {
    return this.options;
  }

  _alarm(scope: Construct): cloudwatch.IAlarm {
    const { objective, reason } = this.options;
    const what = `The error budget of ${objective} percent burns too fast.`;
    return burnAlarm(scope, this.id, { ...this.options, description: this._descriptionOf(what, reason) });
  }
}

class AlarmTrigger extends Trigger {
  constructor(
    private readonly alarm: cloudwatch.IAlarm,
    rollback: Rollback,
  ) {
    super('alarm', `Alarm-${Names.nodeUniqueId(alarm.node)}`, rollback);
  }

  _alarm(): cloudwatch.IAlarm {
    return this.alarm;
  }
}

function withDefaults(options: TriggerAlarmOptions, windows: number, rollback = Rollback.soft()): TriggerAlarmOptions {
  return { ...options, windows: options.windows ?? windows, rollback: options.rollback ?? rollback };
}

function above(threshold: number) {
  return { comparison: GREATER_THAN_THRESHOLD, threshold };
}

/** As with throttling, a stream that never had a record has no such metric: what the migration measures is part of the expression. */
function iteratorAge(kind: TriggerKind, owner: string, options: ReplicationLagOptions, side: keyof Replicators): Trigger {
  const max = lagOf(owner, options, 'where nothing is delivered there is no age');
  const watched = ({ metrics, replicators }: TriggerContext) => ({
    metric: sumOf(
      [(replicators as Replicators)[side].metric('IteratorAge', { ...MINUTE, statistic: cloudwatch.Stats.MAXIMUM })],
      metrics.divergence(),
    ),
    ...above(max.toMilliseconds()),
    what: 'Records of a stream wait too long for replication.',
  });
  return new MetricTrigger(kind, withDefaults(options, 3), betweenTables(owner, watched));
}

function lagOf(owner: string, { max = Duration.seconds(60), failOnMissing }: ReplicationLagOptions, why: string): Duration {
  if (failOnMissing) throw refusal(owner, 'failOnMissing', `must be false: ${why}`);
  if (!max.isUnresolved() && max.toMilliseconds() < 1000) throw refusal(owner, 'max', 'must be at least one second', max);
  return max;
}

function countOf(owner: string, { max = 0 }: { max?: number }): number {
  if (!Token.isUnresolved(max) && !(max >= 0)) throw refusal(owner, 'max', 'must be at least 0', max);
  return max;
}

function requireWindows(id: string, windows: number, breaching: number): void {
  requireWhole(`Trigger '${id}'`, 'windows', windows, 1, 100);
  requireWhole(`Trigger '${id}'`, 'breaching', breaching, 1, windows);
}

/** What has no data counts as nothing. There is a sum wherever `present` has a value. */
function sumOf(metrics: cloudwatch.IMetric[], present?: cloudwatch.IMetric): cloudwatch.IMetric {
  const counted = Object.fromEntries(metrics.map((metric, n) => [`m${n}`, metric]));
  const usingMetrics = { ...counted, ...(present ? { present } : {}) };
  const expression = [...metrics.map((_, n) => `FILL(m${n}, 0)`), ...(present ? ['0 * present'] : [])].join(' + ');
  return new cloudwatch.MathExpression({ expression, usingMetrics, ...MINUTE });
}

/** There is nothing to compare where one table is amended in place. */
function comparingReads(watched: (context: TriggerContext) => Watched): (context: TriggerContext) => Watched {
  return (context) => {
    if (context.comparesReads) return watched(context);
    throw refusal(
      'Trigger.shadowMismatch()',
      'the table',
      'must be two, or have two indexes to ask: nothing is compared in place',
    );
  };
}

/** What is measured between two tables has nothing to say of one. */
function betweenTables(owner: string, watched: (context: TriggerContext) => Watched): (context: TriggerContext) => Watched {
  return (context) => {
    if (!context.replicators)
      throw refusal(owner, 'the table', 'must be two: nothing is carried over or compared where one is amended in place');
    return watched(context);
  };
}
