import { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { HookSpec } from '../../lambda/core/hook';
import { allowInvocation } from '../private/invocation';
import { refusal, requireName, requireWhole } from '../private/refuse';
import { HookFailure } from './hook-failure';

/** Options of `Hook.lambda()`. */
export interface HookOptions {
  /**
   * Tells the hooks of one step apart, in the ledger and in messages: letters, digits, space, `.`, `_` and `-`, up to 60.
   * @default - the id of the function
   */
  readonly name?: string;
  /**
   * What it means that the hook gives no answer, though it was asked seven times over about two minutes.
   * @default HookFailure.refuse()
   */
  readonly onFailure?: HookFailure;
  /**
   * How long one answer may take. 1 to 60 seconds, whole ones. Not longer than the time-out of the function itself makes sense.
   * @default Duration.seconds(30)
   */
  readonly timeout?: Duration;
}

/** Hooks of one step: their task asks one after the other, each for as long as its time-out. */
const MOST = 5;

/**
 * Code of yours that may refuse a step of the rollout: before a stage moves traffic (`StageOptions.hooks`), or before the rollout is
 * complete (`StagedChangeProps.beforeCompletion`).
 */
export class Hook {
  /**
   * A function that is told of the step, as docs/events.md says, and answers `{ "allow": true | false, "reason": "..." }`. A refusal
   * ends the rollout like a gate that fails: traffic is taken back, and the reason is in the ledger. What has another shape is no
   * answer. It may be asked again though it answered, because the answer was lost: it has to be right twice.
   */
  static lambda(handler: lambda.IFunction, options: HookOptions = {}): Hook {
    return new Hook(handler, options);
  }

  /** Tells the hooks of one step apart. */
  readonly name: string;
  /** @internal */
  readonly _spec: HookSpec;

  private constructor(
    private readonly handler: lambda.IFunction,
    options: HookOptions,
  ) {
    const { name = handler.node.id, onFailure = HookFailure.refuse(), timeout = Duration.seconds(30) } = options;
    requireName('Hook.lambda()', 'name', name);
    const seconds = timeout.toSeconds({ integral: false });
    requireWhole('Hook.lambda()', 'timeout (in seconds)', seconds, 1, 60);
    this.name = name;
    this._spec = { name, functionName: handler.functionArn, timeout: seconds, onFailure: onFailure._effect };
  }

  /** @internal */
  _allow(caller: lambda.IFunction): void {
    allowInvocation(caller, this.handler);
  }
}

/** Refuses hooks of one step that cannot be told apart, or are too many. */
export function validateHooks(owner: string, prop: string, hooks: Hook[]): void {
  if (hooks.length > MOST) throw refusal(owner, prop, `must hold at most ${MOST}`, hooks.length);
  hooks.forEach(({ name }, index) => {
    if (hooks.findIndex((other) => other.name === name) === index) return;
    throw refusal(owner, `${prop}[${index}].name`, 'must be a name that no other hook of the step has', name);
  });
}
