import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { alarmGate } from './alarm';
import { approvalGate } from './approval';
import { compatibilityGate } from './compatibility';
import type {
  ApprovalOptions,
  CompatibilityOptions,
  GateOptions,
  IndexCoherenceOptions,
  LatencyOptions,
  MetricGateOptions,
  PromotionOptions,
  QueriesOptions,
  ReconciliationGateOptions,
  ShadowReadsOptions,
  WindowOptions,
} from './gate-options';
import type { GateParts } from './gate-parts';
import { indexCoherenceGate } from './index-coherence';
import { latencyGate } from './latency';
import { metricGate } from './metric';
import { probeGate } from './probe';
import { promotionGate } from './promotion';
import { queriesGate } from './queries';
import { shadowReadsGate } from './shadow-reads';
import { windowOf } from './window';

/**
 * A check that decides a stage: whether it begins, while it bakes, or at its end. While it bakes, in each observation, a gate is
 * successful, failed, inconclusive (nothing to measure) or error (the measurement failed), with a budget for each of the last two.
 * What it measured is evidence in the ledger.
 */
export class Gate {
  /** An alarm that must be OK, such as one of the application. Insufficient data is inconclusive. */
  static alarm(alarm: cloudwatch.IAlarm, options: GateOptions = {}): Gate {
    return new Gate(alarmGate(alarm, options));
  }

  /** A metric, or an expression of metrics, that must keep to a bound in most of the windows since the shift. */
  static metric(metric: cloudwatch.IMetric, options: MetricGateOptions): Gate {
    return new Gate(metricGate(metric, options));
  }

  /**
   * A function of yours gives the verdict, for synthetic tests and checks of other services. It gets
   * `{ run, stage, gate }` and answers `{ verdict, reason, evidence }` within half a minute: `verdict` is `successful`, `failed`
   * or `inconclusive`, `reason` one sentence, `evidence` anything that fits in 2,000 characters of JSON.
   */
  static probe(handler: lambda.IFunction, options: GateOptions = {}): Gate {
    return new Gate(probeGate(handler, options));
  }

  /**
   * Reads of real traffic, compared by the clients with the other side in `shadow` and `dual-target`: at most so many percent
   * may differ, counted from the shift of the stage on. Clients tell of them as `ConnectOptions.metrics` says.
   */
  static shadowReads(options: ShadowReadsOptions = {}): Gate {
    return new Gate(shadowReadsGate(options));
  }

  /**
   * Reads of the target against reads of legacy, of the same data in the same moment: what clients compare in `shadow` and
   * `dual-target`, since the shift. Fails when the share of the target's reads above the percentile of legacy, and a margin, is
   * greater than chance explains. At ten compared reads a second it says so within ten minutes.
   */
  static latency(options: LatencyOptions = {}): Gate {
    return new Gate(latencyGate(options));
  }

  /**
   * Both tables are compared in full after the bake, at the cost of one scan of each: nothing may differ once replication is
   * prompt. Nothing is repaired; what differs is listed in the archive of the ledger, with keys, tokens and names of attributes, and
   * counted in the ledger; where too much differs to be listed the ledger has the first of each two thousand items. The budgets say nothing to it: a comparison goes on until it is done.
   */
  static reconciliation(options: ReconciliationGateOptions = {}): Gate {
    return new Gate({ id: 'reconciliation', comparison: { observeOnly: options.observeOnly ?? false } });
  }

  /**
   * A global secondary index of the target table, or of the one table that is changed, holds what its table says, after the bake: an
   * entry for each item that has its key, with the projected attributes, and none besides. It costs one scan of each; what differs is
   * looked at for a minute, the table consistently, so that neither a live change nor the lag of the index counts. `GateFailed` with the
   * first entries in the ledger and all of them in its archive. An item whose key has another type than the index declares is told as a
   * missing entry: DynamoDB leaves it out silently. `NotMeasured` where the index is not there or not ACTIVE, and where an index key
   * has more than 50 MB of entries, among which one cannot be looked up.
   */
  static indexCoherence(index: string, options: IndexCoherenceOptions = {}): Gate {
    return new Gate(indexCoherenceGate(index, options));
  }

  /**
   * Queries of the application have the same answer on both sides, after the bake, when the target is live: those of these names in
   * `queries` of `defineTransform`, each with params from a sample of legacy items. The two answers are not of one moment, so what
   * differs is looked at six times within three minutes, and only what differs each time fails the gate: `GateFailed` with the
   * pattern, the legacy item that the params are of, and what differs, without values. A query that DynamoDB refuses, for want of
   * an index, is `QueryFailed`; that no item gives params, `NotMeasured`. Preflight refuses a name that the transform does not have.
   */
  static queries(names: string[], options: QueriesOptions = {}): Gate {
    return new Gate(queriesGate(names, options));
  }

  /**
   * Items of the legacy table fit the transform when the stage begins: keys and types, `down(up(item))` is the item, `up` gives the
   * same twice, no item grows too large. What is near the limit, numbers of more digits than a double holds, and attributes that
   * come in several types are evidence, and end no stage. Preflight looks at a hundred items in this way, and the backfill at the
   * way back of every item: this gate is for what came since, and for a board to read.
   */
  static compatibility(options: CompatibilityOptions = {}): Gate {
    return new Gate(compatibilityGate(options));
  }

  /**
   * The stage begins only when this transform, by its SHA-256, completed a run in another environment, such as staging, so many days
   * ago at most: each run there that completes is certified (`StagedMigrationProps.certificateKey`). The certificate is read from the
   * bucket there and verified with the key there, whose owner allows both with `grants.verifyCertificates()`; in the ledger it is
   * evidence, with the verdicts of the stages there. None, one that is too old, of another transform or migration, or not signed
   * with the key ends the stage with `GateFailed`. It comes before everything else: give it to the first stage.
   *
   * A rollback there after the run completed does not take the certificate back: delete the object.
   */
  static promotion(options: PromotionOptions): Gate {
    return new Gate(promotionGate(options));
  }

  /**
   * The stage begins only when enough of those who are named have approved it, each through a function of its own
   * (`StagedMigration.approvals`, `grants.approve()`), with a reason. Until then the rollout waits, which costs nothing, and the
   * triggers stay armed. A rejection takes traffic back, and so does time that has run out. It comes before `Gate.window()`.
   */
  static approval(options: ApprovalOptions): Gate {
    return new Gate(approvalGate(options));
  }

  /**
   * The stage begins only within a window of time, such as business hours, and while all of the change calendars are OPEN, if any
   * are given; until then the rollout waits, which costs nothing, and the triggers stay armed. Once begun a stage goes on, and a
   * rollback never waits. A calendar that cannot be read for half an hour ends the stage with `CalendarUnavailable`.
   */
  static window(options: WindowOptions = {}): Gate {
    return new Gate({ id: 'window', window: windowOf('Gate.window()', options) });
  }

  /** Tells the gates of one stage apart. */
  readonly id: string;

  private constructor(
    /** @internal */
    readonly _parts: GateParts,
  ) {
    this.id = _parts.id;
  }
}
