import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Gate } from '../gates/gate';
import { refusal, requireText } from '../private/refuse';
import type { Rollback } from './rollback';
import { Trigger } from './trigger';

/** What a hypothesis is measured by. Give one of the bounds. */
export interface HypothesisOptions {
  /** What is measured; one datum a period. */
  readonly metric: IMetric;
  /** The hypothesis holds while the metric is no higher. */
  readonly atMost?: number;
  /** The hypothesis holds while the metric is no lower. */
  readonly atLeast?: number;
  /** Who answers for it, such as a team: 1 to 100 characters. */
  readonly owner: string;
  /**
   * How traffic goes back when it breaks. With `Rollback.pause()` the rollout is paused, and the gate of the stage only observes.
   * @default Rollback.soft()
   */
  readonly rollback?: Rollback;
  /**
   * The newest windows, of one period each, that are looked at. 1 to 100.
   * @default 5
   */
  readonly windows?: number;
  /**
   * So many windows beyond the bound break it. 1 to `windows`.
   * @default - 3, or all where `windows` is less
   */
  readonly breaching?: number;
  /**
   * Tells hypotheses apart, in the ledger and in the names of alarms: letters, digits and `-`, a letter first, up to 40.
   * @default - the name of the metric, with `Risk-` before it
   */
  readonly id?: string;
}

const ID = /^[A-Za-z][A-Za-z0-9-]{0,39}$/;

/**
 * What a migration is expected not to do, as a statement that can be wrong. It becomes a trigger, which takes traffic back (or
 * pauses the rollout) when it breaks, and a gate of every stage that bakes long enough to measure it. At the end of each run the ledger says of each whether it
 * held (`hypotheses`).
 */
export class Risk {
  /** A statement such as `Pages show cities within 200 ms at the 99th percentile`, 1 to 300 characters, and what it is measured by. */
  static hypothesis(statement: string, options: HypothesisOptions): Risk {
    return new Risk(statement, options);
  }

  /** Tells hypotheses apart. */
  readonly id: string;
  /** Who answers for it. */
  readonly owner: string;
  /** @internal */
  readonly _trigger: Trigger;
  /** @internal */
  readonly _gate: Gate;

  private constructor(
    /** What is expected. */
    readonly statement: string,
    options: HypothesisOptions,
  ) {
    const name = options.metric.toMetricConfig().metricStat?.metricName ?? 'Expression';
    this.id = options.id ?? `Risk-${name.replace(/[^A-Za-z0-9-]/g, '')}`;
    this.owner = options.owner;
    const owner = `Risk '${this.id}'`;
    if (!ID.test(this.id)) throw refusal(owner, 'id', 'must be 1 to 40 letters, digits and hyphens, a letter first', this.id);
    requireText(owner, 'statement', statement, 300);
    requireText(owner, 'owner', options.owner, 100);
    const { metric, atMost, atLeast, windows, breaching, rollback } = options;
    const measured = { id: this.id, atMost, atLeast, windows, breaching };
    this._trigger = Trigger.metric(metric, {
      ...measured,
      rollback,
      reason: `It was expected: ${statement} (${options.owner}).`,
    });
    this._gate = Gate.metric(metric, { ...measured, observeOnly: rollback?.mode === 'pause' });
  }
}
