import { Token } from 'aws-cdk-lib';
import type { CohortSpec } from '../../lambda/core/plan';
import { refusal } from '../private/refuse';

/** Keys that a cohort may name: they travel in the routing table to every client. */
const MAX_KEYS = 100;

/** Whose keys a stage moves. Keys are routing keys: the legacy partition key as text, unless the transform says otherwise. */
export class Cohort {
  /** These routing keys, up to 100. */
  static keys(keys: string[]): Cohort {
    if (!Token.isUnresolved(keys) && (keys.length < 1 || keys.length > MAX_KEYS)) {
      throw refusal('Cohort.keys()', 'keys', `must hold 1 to ${MAX_KEYS} routing keys`, keys.length);
    }
    const bad = keys.find((key) => key === '');
    if (bad !== undefined) throw refusal('Cohort.keys()', 'keys', 'must not hold an empty text');
    return new Cohort({ kind: 'keys', keys: [...new Set(keys)] });
  }

  /** This share of all routing keys, from 0.01 to 100 percent: always the same ones, and those of a smaller share first. */
  static percent(percent: number): Cohort {
    if (!Token.isUnresolved(percent) && !(percent >= 0.01 && percent <= 100)) {
      throw refusal('Stage', 'percent', 'must be above 0 (one hundredth of a percent at least) and up to 100', percent);
    }
    return new Cohort({ kind: 'percent', percent });
  }

  /** Every key.
   * @internal
   */
  static _all(): Cohort {
    return new Cohort({ kind: 'all' });
  }

  private constructor(
    /** @internal */
    readonly _spec: CohortSpec,
  ) {}
}
