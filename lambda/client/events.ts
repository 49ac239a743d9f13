import type { Position } from '../core/position';
import type { PlainItem } from './transform';

/** A sampled read whose other side said something else, twice, while nothing changed. Lag is not a mismatch. */
export interface MismatchEvent {
  /** Tells the events apart. */
  readonly type: 'mismatch';
  /** In the new model. */
  readonly key: PlainItem;
  /** Of the legacy item whose group it is. */
  readonly legacyKey: PlainItem;
  /** Where the key stood when it was read. */
  readonly position: Position;
  /** `content`: both sides claim the same version. `version`: one side has stood at another version all the time. */
  readonly differs: 'content' | 'version';
}

/** A write was refused with `Diverged`: the two tables hold one version with different contents. */
export interface DivergedEvent {
  /** Tells the events apart. */
  readonly type: 'diverged';
  /** In the new model. */
  readonly key: PlainItem;
  /** Of the legacy item whose group it is. */
  readonly legacyKey: PlainItem;
}

/** A sampled question to which two indexes gave another answer, twice, and in the same way. Lag is not a mismatch. */
export interface AnswerMismatchEvent {
  /** Tells the events apart. */
  readonly type: 'answer-mismatch';
  /** Name of the query. */
  readonly query: string;
  /** What was asked. */
  readonly params: PlainItem;
  /** Items that the old index alone answers with. */
  readonly legacyOnly: number;
  /** Items that the new index alone answers with. */
  readonly targetOnly: number;
  /** Neighbours in the one answer that stand the other way round in the other. */
  readonly outOfOrder: number;
  /** Names of the attributes in which items that are nearly the same differ. */
  readonly attributes: readonly string[];
}

/** A comparison could not be made. The read that it belongs to was answered. */
export interface ComparisonFailedEvent {
  /** Tells the events apart. */
  readonly type: 'comparison-failed';
  /** Name of the query, where it was one. `key` has its params then. */
  readonly query?: string;
  /** In the new model. */
  readonly key: PlainItem;
  /** Why it could not be made. */
  readonly error: unknown;
}

/** What the client tells its owner beside answers and errors. */
export type RolloutEvent = MismatchEvent | AnswerMismatchEvent | DivergedEvent | ComparisonFailedEvent;
