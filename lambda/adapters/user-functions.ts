import { RolloutError } from '../core/errors';
import { type Item, keyText } from '../core/item';
import { pure } from './purity';

/** Calls the functions of one transform and says which one failed, and at which key. */
export class UserFunctions {
  constructor(private readonly version: string) {}

  call<T>(name: string, key: Item, run: () => T): T {
    try {
      return pure(run);
    } catch (cause) {
      if (cause instanceof RolloutError && cause.name === 'TransformImpure') throw this.impure(name, key, cause);
      throw this.failed(name, key, cause);
    }
  }

  failed(name: string, key: Item, cause: unknown): RolloutError {
    const why = cause instanceof Error ? cause.message : String(cause);
    const what = `${name}() of transform ${this.version} failed at ${keyText(key)}: ${why}`;
    return this.error(
      'TransformFailed',
      `${what}${why.endsWith('.') ? '' : '.'} Mend the transform or the item, then try again.`,
      name,
      key,
      cause,
    );
  }

  private impure(name: string, key: Item, cause: Error): RolloutError {
    const what = `${name}() of transform ${this.version} ${cause.message} at ${keyText(key)}`;
    const why =
      'It runs again on retries and in both directions, and each time has to give the same. Take what it needs from the item.';
    return this.error('TransformImpure', `${what}. ${why}`, name, key, cause);
  }

  private error(error: 'TransformFailed' | 'TransformImpure', message: string, name: string, key: Item, cause: unknown) {
    return new RolloutError(error, message, { function: name, key: keyText(key) }, cause);
  }
}
