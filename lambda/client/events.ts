import type { Position } from '../core/position';
import type { PlainItem } from './transform';

/** A sampled read whose other side said something else, twice, while nothing changed. Lag is not a mismatch. */
export interface MismatchEvent {
  readonly type: 'mismatch';
  readonly key: PlainItem;
  readonly legacyKey: PlainItem;
  readonly position: Position;
  /** `content`: both sides claim the same version. `version`: one side has stood at another version all the time. */
  readonly differs: 'content' | 'version';
}

/** A write was refused with `Diverged`: the two tables hold one version with different contents. */
export interface DivergedEvent {
  readonly type: 'diverged';
  readonly key: PlainItem;
  readonly legacyKey: PlainItem;
}

/** A comparison could not be made. The read that it belongs to was answered. */
export interface ComparisonFailedEvent {
  readonly type: 'comparison-failed';
  readonly key: PlainItem;
  readonly error: unknown;
}

/** What the client tells its owner beside answers and errors. */
export type RolloutEvent = MismatchEvent | DivergedEvent | ComparisonFailedEvent;
