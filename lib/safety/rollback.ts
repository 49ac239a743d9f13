import type { RollbackMode } from '../../lambda/core/ledger';

/** How traffic goes back to the legacy table. All of them keep every acknowledged write. */
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

  /** `soft`, `fenced` or `immediate`. */
  readonly mode: string;

  private constructor(mode: RollbackMode) {
    this.mode = mode;
  }
}
