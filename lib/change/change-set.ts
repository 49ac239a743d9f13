import { Duration } from 'aws-cdk-lib';
import type { StagedAmendment } from '../amendment/staged-amendment';
import type { StagedMigration } from '../migration/staged-migration';
import { requireBetween } from '../private/refuse';
import type { StagedReindex } from '../reindex/staged-reindex';
import type { StagedChange } from './staged-change';

/** How a change is verified once it is complete. */
export interface ChangeSetOptions {
  /**
   * Time for which the change is complete and its way back stays open, before it is closed. 0 to 90 days.
   * @default Duration.days(7)
   */
  readonly window?: Duration;
}

/** Days that a window may last: an execution of a plan with all of its changes ends after a year. */
const LONGEST_WINDOW = 90;

/** A slice of a `ChangePlan`: one staged change, with a window of its own. */
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

  /** @internal */
  readonly _window: Duration;

  private constructor(
    /** What is changed. */
    readonly change: StagedChange,
    { window = Duration.days(7) }: ChangeSetOptions,
  ) {
    const days = window.isUnresolved() ? 0 : window.toSeconds() / 86_400;
    requireBetween(`ChangeSet of '${change.node.path}'`, 'window', days, 0, LONGEST_WINDOW);
    this._window = window;
  }
}
