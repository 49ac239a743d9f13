import type { TriggerMode } from '../../lambda/core/rollback';

/** How traffic goes back to the legacy table, if at all. All of them keep every acknowledged write. */
export class Rollback {
  /** The stages in reverse, one position at a time, behind the same barriers. No reader or writer notices. Slowest. */
  static soft(): Rollback {
    return new Rollback('soft');
  }

  /**
   * For a target that is wrong. Writes to keys that live on the target are refused with a retryable error until
   * replication has drained to legacy; the pause is bounded by the lease.
   */
  static fenced(): Rollback {
    return new Rollback('fenced');
  }

  /**
   * For a target that is down. Straight to legacy, without a pause. Until all clients have heard, a read may miss the
   * latest write; late writes to the target are merged or kept for the operator.
   */
  static immediate(): Rollback {
    return new Rollback('immediate');
  }

  /**
   * None by itself: the rollout is paused until somebody has looked. No key moves further forward before `StagedMigration.resume` is
   * invoked; observation, replication and the other triggers go on, and a rollback ends the pause. A release that is under way
   * goes on spreading: AppConfig can take one back, not hold it. For what may be harmless, and for what only a person can judge.
   */
  static pause(): Rollback {
    return new Rollback('pause');
  }

  /** `soft`, `fenced`, `immediate` or `pause`. */
  readonly mode: string;

  private constructor(mode: TriggerMode) {
    this.mode = mode;
  }
}
