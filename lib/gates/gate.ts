import { Duration, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Bound, GateSpec } from '../../lambda/core/gate';
import type { WindowSpec } from '../../lambda/core/window';
import type { MigrationMetrics } from '../monitoring/migration-metrics';
import { refusal, requireBetween, requireWhole } from '../private/refuse';
import type {
  GateOptions,
  MetricGateOptions,
  ReconciliationGateOptions,
  ShadowReadsOptions,
  WindowOptions,
} from './gate-options';
import { type MetricQueries, queriesOf } from './metric-queries';
import { windowOf } from './window';

/** Ids fit for an entry of the ledger. */
const ID = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}$/;

/** Until CloudWatch has what was measured in a window. */
const SETTLED = Duration.minutes(1);

const MINUTE = Duration.minutes(1);

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

class WindowGate extends Gate {
  private readonly spec: WindowSpec;

  constructor(options: WindowOptions) {
    super('window', 'Gate.window()', {});
    this.spec = windowOf('Gate.window()', options);
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
