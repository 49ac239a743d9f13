import { Duration, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Bound, GateSpec } from '../../lambda/core/gate';
import type { WindowSpec } from '../../lambda/core/window';
import type { MigrationMetrics } from '../monitoring/migration-metrics';
import { refusal, requireBetween, requireWhole } from '../private/refuse';
import { type MetricQueries, queriesOf } from './metric-queries';

/** Ids fit for an entry of the ledger. */
const ID = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}$/;

/** Until CloudWatch has what was measured in a window. */
const SETTLED = Duration.minutes(1);

const MINUTE = Duration.minutes(1);

/** Options of every gate. */
export interface GateOptions {
  /**
   * Tells the gates of one stage apart, in the ledger and in messages: letters, digits, space, `.`, `_` and `-`, up to 60.
   * @default - the id of the alarm or of the function, or the name of the metric
   */
  readonly id?: string;
  /**
   * True for a gate that records what it would have done, and ends no stage.
   * @default false
   */
  readonly observeOnly?: boolean;
  /**
   * Evaluations in a row that may be inconclusive, because there is no data, before the stage ends with `NotMeasured`. 0 to
   * 1000. An observation with an inconclusive gate does not count for the bake.
   * @default 10
   */
  readonly inconclusiveBudget?: number;
  /**
   * Evaluations in a row in which the measurement itself may fail before the stage ends with `NotMeasured`. 0 to 1000.
   * @default 3
   */
  readonly errorBudget?: number;
}

/** Options of `Gate.shadowReads()`. */
export interface ShadowReadsOptions extends GateOptions {
  /**
   * Percent of the compared reads that may differ. 0 to 100.
   * @default 0
   */
  readonly maxMismatch?: number;
  /**
   * Compared reads before the gate says successful; until then it is inconclusive. 1 to a billion.
   * @default 1000
   */
  readonly minSamples?: number;
}

/** A day of the week. */
export enum Weekday {
  SUNDAY = 0,
  MONDAY = 1,
  TUESDAY = 2,
  WEDNESDAY = 3,
  THURSDAY = 4,
  FRIDAY = 5,
  SATURDAY = 6,
}

/** Options of `Gate.window()`. */
export interface WindowOptions {
  /**
   * IANA name of the time zone of all the others, such as `Europe/Berlin`.
   * @default UTC
   */
  readonly timeZone?: string;
  /**
   * The days on which it is open. At least one.
   * @default - Monday to Friday
   */
  readonly days?: Weekday[];
  /**
   * When it opens, `HH:MM`.
   * @default 09:00
   */
  readonly from?: string;
  /**
   * When it shuts, `HH:MM`, later than `from`; `24:00` is midnight.
   * @default 17:00
   */
  readonly to?: string;
  /**
   * Dates on which it stays shut, `YYYY-MM-DD`, such as the days of a sale.
   * @default - none
   */
  readonly blackouts?: string[];
}

/** Options of `Gate.reconciliation()`. */
export interface ReconciliationGateOptions {
  /**
   * True to list and to count what differs, and to end no stage.
   * @default false
   */
  readonly observeOnly?: boolean;
}

/** Options of `Gate.metric()`. Give one of the four bounds. */
export interface MetricGateOptions extends GateOptions {
  /** A value above this is beyond the bound. */
  readonly atMost?: number;
  /** A value below this is beyond the bound. */
  readonly atLeast?: number;
  /** A value more than so many percent above the average of the time before the run is beyond the bound. At least 0. */
  readonly maxPercentAboveBaseline?: number;
  /** A value more than so many percent below the average of the time before the run is beyond the bound. 0 to 100. */
  readonly maxPercentBelowBaseline?: number;
  /**
   * How much of the time before the run is the baseline. One period of the metric to 14 days.
   * @default Duration.hours(1)
   */
  readonly baseline?: Duration;
  /**
   * Windows that are looked at in each observation, the newest ones that began after the shift. A window is one period of the
   * metric. 1 to 100.
   * @default 5
   */
  readonly windows?: number;
  /**
   * So many windows beyond the bound fail the gate. 1 to `windows`.
   * @default 3
   */
  readonly breaching?: number;
  /**
   * True where a window without data is beyond the bound. Otherwise it says nothing; no data at all is inconclusive, never good.
   * @default false
   */
  readonly failOnMissing?: boolean;
}

/**
 * A check that decides a stage while it bakes, in each observation: successful, failed, inconclusive (nothing to measure) or
 * error (the measurement failed), with a budget for each of the last two. What it measured is evidence in the ledger.
 */
export abstract class Gate {
  /** An alarm that must be OK, such as one of the application. Insufficient data is inconclusive. */
  static alarm(alarm: cloudwatch.IAlarm, options: GateOptions = {}): Gate {
    return new AlarmGate(options.id ?? alarm.node.id, alarm.alarmName, options);
  }

  /** A metric, or an expression of metrics, that must keep to a bound in most of the windows since the shift. */
  static metric(metric: cloudwatch.IMetric, options: MetricGateOptions): Gate {
    const config = metric.toMetricConfig();
    return new MetricGate(options.id ?? config.metricStat?.metricName ?? 'expression', metric, options);
  }

  /**
   * A function of yours gives the verdict, for synthetic tests and checks of other services. It gets
   * `{ run, stage, gate }` and answers `{ verdict, reason, evidence }` within half a minute: `verdict` is `successful`, `failed`
   * or `inconclusive`, `reason` one sentence, `evidence` anything that fits in 2,000 characters of JSON.
   */
  static probe(handler: lambda.IFunction, options: GateOptions = {}): Gate {
    return new ProbeGate(options.id ?? handler.node.id, handler, options);
  }

  /**
   * Reads of real traffic, compared by the clients with the other side in `shadow` and `dual-target`: at most so many percent
   * may differ, counted from the shift of the stage on. Clients tell of them as `ConnectOptions.metrics` says.
   */
  static shadowReads(options: ShadowReadsOptions = {}): Gate {
    return new ShadowReadsGate(options);
  }

  /**
   * Both tables are compared in full after the bake, at the cost of one scan of each: nothing may differ once replication is
   * prompt. Nothing is repaired; what differs is listed in the archive of the ledger, with keys, tokens and names of attributes, and
   * counted in the ledger. The budgets say nothing to it: a comparison goes on until it is done.
   */
  static reconciliation(options: ReconciliationGateOptions = {}): Gate {
    return new ReconciliationGate(options);
  }

  /**
   * The stage begins only within a window of time, such as business hours; until then the rollout waits, which costs nothing, and the
   * triggers stay armed. Once begun a stage goes on, and a rollback never waits.
   */
  static window(options: WindowOptions = {}): Gate {
    return new WindowGate(options);
  }

  /** Tells the gates of one stage apart. */
  readonly id: string;
  /** @internal */
  protected readonly _common: Pick<GateSpec, 'id' | 'observeOnly' | 'inconclusiveBudget' | 'errorBudget'>;

  protected constructor(id: string, owner: string, options: GateOptions) {
    const { observeOnly = false, inconclusiveBudget = 10, errorBudget = 3 } = options;
    if (!Token.isUnresolved(id) && !ID.test(id)) {
      throw refusal(owner, 'id', 'must be 1 to 60 letters, digits, spaces, dots, underscores and hyphens', id);
    }
    requireWhole(owner, 'inconclusiveBudget', inconclusiveBudget, 0, 1000);
    requireWhole(owner, 'errorBudget', errorBudget, 0, 1000);
    this.id = id;
    this._common = { id, observeOnly, inconclusiveBudget, errorBudget };
  }

  /**
   * The shortest bake in which it has anything to measure.
   * @internal
   */
  get _leastBake(): Duration {
    return Duration.seconds(0);
  }

  /**
   * The window in which the stage may begin.
   * @internal
   */
  get _window(): WindowSpec | undefined {
    return undefined;
  }

  /**
   * True where it needs reads that clients compare.
   * @internal
   */
  get _comparesReads(): boolean {
    return false;
  }

  /**
   * What the observing function is told; undefined for a gate after the bake.
   * @internal
   */
  abstract _spec(metrics: MigrationMetrics): GateSpec | undefined;

  /**
   * The comparison after the bake that it asks for.
   * @internal
   */
  get _comparison(): { readonly observeOnly: boolean } | undefined {
    return undefined;
  }

  /**
   * Gives the observing function what it needs.
   * @internal
   */
  abstract _grant(observer: lambda.IFunction): void;
}

class AlarmGate extends Gate {
  constructor(
    id: string,
    private readonly alarm: string,
    options: GateOptions,
  ) {
    super(id, 'Gate.alarm()', options);
  }

  _spec(): GateSpec {
    return { kind: 'alarm', ...this._common, alarm: this.alarm };
  }

  /** Observing describes alarms anyway. */
  _grant(): void {}
}

class ProbeGate extends Gate {
  constructor(
    id: string,
    private readonly handler: lambda.IFunction,
    options: GateOptions,
  ) {
    super(id, 'Gate.probe()', options);
  }

  _spec(): GateSpec {
    return { kind: 'probe', ...this._common, functionName: this.handler.functionArn };
  }

  /** This function and no other version of it: `grantInvoke` would allow all. */
  _grant(observer: lambda.IFunction): void {
    observer.addToRolePolicy(
      new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.handler.functionArn] }),
    );
  }
}

class MetricGate extends Gate {
  private readonly bound: Bound;
  private readonly metric: MetricQueries;
  private readonly windows: number;
  private readonly breaching: number;
  private readonly failOnMissing: boolean;

  constructor(id: string, metric: cloudwatch.IMetric, options: MetricGateOptions) {
    const owner = 'Gate.metric()';
    super(id, owner, options);
    this.metric = queriesOf(owner, metric);
    this.bound = boundOf(owner, options, this.metric.period);
    this.windows = options.windows ?? 5;
    this.breaching = options.breaching ?? Math.min(3, this.windows);
    this.failOnMissing = options.failOnMissing ?? false;
    requireWhole(owner, 'windows', this.windows, 1, 100);
    requireWhole(owner, 'breaching', this.breaching, 1, this.windows);
  }

  override get _leastBake(): Duration {
    return this.metric.period.plus(SETTLED);
  }

  _spec(): GateSpec {
    const { bound, windows, breaching, failOnMissing, metric } = this;
    const { queries, period } = metric;
    return { kind: 'metric', ...this._common, queries, period: period.toSeconds(), bound, windows, breaching, failOnMissing };
  }

  _grant(observer: lambda.IFunction): void {
    allowMetricData(observer);
  }
}

class ShadowReadsGate extends Gate {
  private readonly maxMismatch: number;
  private readonly minSamples: number;

  constructor(options: ShadowReadsOptions) {
    const owner = 'Gate.shadowReads()';
    super(options.id ?? 'shadow reads', owner, options);
    this.maxMismatch = options.maxMismatch ?? 0;
    this.minSamples = options.minSamples ?? 1000;
    requireBetween(owner, 'maxMismatch', this.maxMismatch, 0, 100);
    requireWhole(owner, 'minSamples', this.minSamples, 1, 1_000_000_000);
  }

  override get _leastBake(): Duration {
    return MINUTE.plus(SETTLED);
  }

  override get _comparesReads(): boolean {
    return true;
  }

  _spec(metrics: MigrationMetrics): GateSpec {
    const { maxMismatch, minSamples } = this;
    const owner = 'Gate.shadowReads()';
    const { queries: reads } = queriesOf(owner, metrics.shadowReads({ period: MINUTE }));
    const { queries: mismatches } = queriesOf(owner, metrics.shadowMismatch({ period: MINUTE }));
    return { kind: 'shadow', ...this._common, reads, mismatches, maxMismatch, minSamples };
  }

  _grant(observer: lambda.IFunction): void {
    allowMetricData(observer);
  }
}

const { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY } = Weekday;
const WORKDAYS = [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY];

class WindowGate extends Gate {
  private readonly spec: WindowSpec;

  constructor({ timeZone = 'UTC', days = WORKDAYS, from = '09:00', to = '17:00', blackouts = [] }: WindowOptions) {
    const owner = 'Gate.window()';
    super('window', owner, {});
    if (!isTimeZone(timeZone)) throw refusal(owner, 'timeZone', 'must be the IANA name of a time zone', timeZone);
    if (days.length === 0) throw refusal(owner, 'days', 'must hold at least one day', days.length);
    const wrong = blackouts.find((date) => !/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(date)));
    if (wrong !== undefined) throw refusal(owner, 'blackouts', 'must hold dates of the form YYYY-MM-DD', wrong);
    this.spec = { timeZone, days, from: minutesOf(owner, 'from', from), to: minutesOf(owner, 'to', to), blackouts };
    if (this.spec.from >= this.spec.to) throw refusal(owner, 'from', `must be earlier than to, ${to}`, from);
  }

  override get _window(): WindowSpec {
    return this.spec;
  }

  _spec(): undefined {
    return undefined;
  }

  /** The observing function has no part in it. */
  _grant(): void {}
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

function minutesOf(owner: string, what: string, text: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text) ?? [];
  const all = Number(hours) * 60 + Number(minutes);
  if (!(all <= 24 * 60)) throw refusal(owner, what, 'must be a time of the form HH:MM', text);
  return all;
}

class ReconciliationGate extends Gate {
  constructor({ observeOnly }: ReconciliationGateOptions) {
    super('reconciliation', 'Gate.reconciliation()', { observeOnly });
  }

  override get _comparison() {
    return { observeOnly: this._common.observeOnly };
  }

  _spec(): undefined {
    return undefined;
  }

  /** The observing function has no part in it. */
  _grant(): void {}
}

/** GetMetricData has no permissions per metric. */
function allowMetricData(observer: lambda.IFunction): void {
  observer.addToRolePolicy(new iam.PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }));
}

function boundOf(owner: string, options: MetricGateOptions, period: Duration): Bound {
  const { atMost, atLeast, maxPercentAboveBaseline: above, maxPercentBelowBaseline: below } = options;
  const given = [atMost, atLeast, above, below].filter((bound) => bound !== undefined);
  if (given.length !== 1) {
    const names = 'atMost, atLeast, maxPercentAboveBaseline and maxPercentBelowBaseline';
    throw refusal(owner, 'the bound', `must be one of ${names}`, given.length);
  }
  if (atMost !== undefined) return { kind: 'at-most', value: atMost };
  if (atLeast !== undefined) return { kind: 'at-least', value: atLeast };
  const seconds = (options.baseline ?? Duration.hours(1)).toSeconds();
  requireBetween(owner, 'baseline (in seconds)', seconds, period.toSeconds(), Duration.days(14).toSeconds());
  if (above !== undefined) {
    if (!Token.isUnresolved(above) && !(above >= 0)) throw refusal(owner, 'maxPercentAboveBaseline', 'must be at least 0', above);
    return { kind: 'above-baseline', percent: above, seconds };
  }
  requireBetween(owner, 'maxPercentBelowBaseline', below as number, 0, 100);
  return { kind: 'below-baseline', percent: below as number, seconds };
}
