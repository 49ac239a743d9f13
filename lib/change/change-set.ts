import type { Duration } from 'aws-cdk-lib';
import type { StagedAmendment } from '../amendment/staged-amendment';
import type { StagedMigration } from '../migration/staged-migration';
import type { StagedReindex } from '../reindex/staged-reindex';
import type { StagedChange } from './staged-change';

/** How a change is a part of a plan. */
export interface ChangeSetOptions {
  /**
   * Time for which the change is complete and its way back stays open, before it is closed; takes the place of the change's own.
   * 0 to 90 days.
   * @default - the `reverseWindow` of the change
   */
  readonly reverseWindow?: Duration;
}

/** A slice of a `ChangePlan`: one staged change. */
export class ChangeSet {
  /** Moves items to another table, under other keys, one item to any number. */
  static rehydrate(change: StagedMigration, options: ChangeSetOptions = {}): ChangeSet {
    return new ChangeSet(change, options);
  }

  /** Changes items in place, under their keys. */
  static amend(change: StagedAmendment, options: ChangeSetOptions = {}): ChangeSet {
    return new ChangeSet(change, options);
  }

  /** Moves queries to another index. */
  static reindex(change: StagedReindex, options: ChangeSetOptions = {}): ChangeSet {
    return new ChangeSet(change, options);
  }

  private constructor(
    /** What is changed. */
    readonly change: StagedChange,
    { reverseWindow }: ChangeSetOptions,
  ) {
    if (reverseWindow) change._parts.reverseWindow.become(`ChangeSet of '${change.node.path}'`, reverseWindow);
  }

  /** @internal */
  get _window(): Duration {
    return this.change._parts.reverseWindow.duration;
  }
}
