import type { HookFailureEffect } from '../../lambda/core/hook';

/** What it means that a hook gives no answer: it fails, takes too long, or answers something else than it should, again and again. */
export class HookFailure {
  /** It refuses: traffic is taken back. */
  static refuse(): HookFailure {
    return new HookFailure('refuse');
  }

  /** The rollout goes on without the answer, which the ledger says. For a hook that only informs, or helps. */
  static proceed(): HookFailure {
    return new HookFailure('proceed');
  }

  private constructor(
    /** @internal */
    readonly _effect: HookFailureEffect,
  ) {}
}
