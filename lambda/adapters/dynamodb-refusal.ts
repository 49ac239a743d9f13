import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { RolloutError } from '../core/errors';
import { keyOf, keyText } from '../core/item';
import type { Schemas } from '../core/model';
import type { Write } from '../core/ports';

/** Why a write was not done: a condition failed, another transaction was in the way, or there is no capacity just now. */
export type Refusal = 'condition' | 'conflict' | 'throttled';

/** Codes after which the same request may succeed. Amazon DynamoDB API, TransactWriteItems and BatchStatementError. */
export const TRANSIENT: ReadonlySet<string> = new Set([
  'InternalServerError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'ThrottlingError',
]);

/**
 * Why a transaction was refused. A failed condition comes first: whoever reads again may have something else to write.
 * Anything that is no refusal is thrown: also TransactionInProgressException, whose transaction may still be done.
 * @throws GroupTooLarge, TransformFailed with the key
 */
export function refusalOf(error: unknown, writes: readonly Write[], schemas: Schemas): Refusal {
  if ((error as Error).name === 'TransactionConflictException') return 'conflict';
  if (isInvalid(error)) throw invalid(keysOf(writes, schemas), (error as Error).message, error);
  if (!(error instanceof TransactionCanceledException)) throw error;
  const reasons = error.CancellationReasons ?? [];
  const has = (code: string) => reasons.some(({ Code }) => Code === code);
  if (has('ConditionalCheckFailed')) return 'condition';
  const wrong = reasons.findIndex(({ Code }) => Code === 'ValidationError');
  if (wrong >= 0) throw invalid(keysOf(writes.slice(wrong, wrong + 1), schemas), reasons[wrong]?.Message ?? '', error);
  if (has('TransactionConflict')) return 'conflict';
  if (reasons.some(({ Code }) => TRANSIENT.has(Code ?? ''))) return 'throttled';
  throw error;
}

/** The text of the key that a write is about. */
export function keyTextOf(write: Write, schemas: Schemas): string {
  return keyText(write.do === 'put' ? keyOf(write.item, schemas[write.side]) : write.key);
}

/** What DynamoDB will never take, as an error that names the key. */
export function invalid(key: string, why: string, cause?: unknown): RolloutError {
  if (/size|4 ?MB/i.test(why)) return tooLarge(`The write of ${key} is too large: ${why}`, key, cause);
  const text = `DynamoDB refused the write of ${key}: ${why} Mend the transform or the item, then try again.`;
  return new RolloutError('TransformFailed', text, { key }, cause);
}

/** An item or a group over a limit of DynamoDB. */
export function tooLarge(what: string, key: string, cause?: unknown): RolloutError {
  const limits = 'An item has at most 400 KB, a group at most 99 target items and 4 MB together.';
  return new RolloutError('GroupTooLarge', `${what} ${limits} Mend the item or the transform.`, { key }, cause);
}

/** A condition failed, but not on the first try, whose answer was lost. */
export function outcomeUnknown(key: string, cause: unknown): RolloutError {
  return new RolloutError(
    'OutcomeUnknown',
    `The answer to the write of ${key} was lost, and when it was sent again another version stood there: it may have been done ` +
      'and overwritten, or not done. Read the item before you write again.',
    { key },
    cause,
  );
}

function isInvalid(error: unknown): boolean {
  return (error as Error).name === 'ValidationException';
}

function keysOf(writes: readonly Write[], schemas: Schemas): string {
  return writes
    .slice(0, 3)
    .map((write) => `${keyTextOf(write, schemas)} (${write.side})`)
    .join(' and ');
}
