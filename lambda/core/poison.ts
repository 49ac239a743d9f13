import { expected } from './group';
import { type Item, keyOf } from './item';
import type { Model } from './model';
import type { Side } from './position';
import type { Change, StreamRecord } from './replicate';
import { itemFromJson, itemToJson } from './wire-json';

/** Candidates that a message carries: with keys of at most 3 KB each, it stays below the 256 KB of an SQS message. */
const CANDIDATES = 50;

/** Characters of an error's text. */
const TEXT = 1000;

/** Errors that the next delivery of the same change meets again: waiting does not help, a person or a redrive does. */
const LASTING: readonly string[] = [
  'TransformFailed',
  'TransformImpure',
  'NotRepresentable',
  'GroupTooLarge',
  // DynamoDB refuses the request as such, for instance an item over 400 KB.
  'ValidationException',
  'ItemCollectionSizeLimitExceededException',
];

/** A change that can never be carried over as it is. */
export interface Poison {
  /** Where the change was made, and the key there. */
  readonly side: Side;
  readonly key: Item;
  readonly direction: 'forward' | 'reverse';
  /** Target keys that the old and the new image have, as far as `up` tells, at most 50. */
  readonly candidates: readonly Item[];
  readonly error: string;
  readonly cause: string;
}

/** A batch that the event source gave up on. It names positions in a stream, no keys. */
export interface GivenUp {
  readonly streamArn: string;
  readonly shardId: string;
  readonly startSequenceNumber: string;
  readonly endSequenceNumber: string;
  readonly batchSize: number;
}

/** A queue of texts. */
export interface Queue {
  send(text: string): Promise<void>;
  /** A few messages, hidden from others for a while; none when the queue is empty. */
  receive(): Promise<{ text: string; receipt: string }[]>;
  remove(receipt: string): Promise<void>;
  /** Lets others receive it again at once. */
  putBack(receipt: string): Promise<void>;
  /** About how many can be received now. */
  waiting(): Promise<number>;
  /** About how many there are, those that somebody works on included. */
  held(): Promise<number>;
}

/** Reads the records of a batch again; undefined when the stream no longer has all of them. */
export type ReadBatch = (batch: GivenUp) => Promise<StreamRecord[] | undefined>;

export function isLasting(error: unknown): error is Error {
  return error instanceof Error && LASTING.includes(error.name);
}

/** The message about a change that failed for good. */
export function poisonOf(model: Model, direction: Poison['direction'], change: Change, error: Error): Poison {
  const cause = error.cause instanceof Error ? ` (${error.cause.name}: ${error.cause.message})` : '';
  return {
    side: direction === 'forward' ? 'legacy' : 'target',
    key: change.key,
    direction,
    candidates: candidatesOf(model, direction, change),
    error: error.name,
    cause: `${error.message}${cause}`.slice(0, TEXT),
  };
}

export function encodePoison(poison: Poison): string {
  return JSON.stringify({ ...poison, key: itemToJson(poison.key), candidates: poison.candidates.map(itemToJson) });
}

/**
 * What a message of the queue says; undefined when it is neither ours nor the event source's.
 * Format of the latter: AWS Lambda Developer Guide, "Retain discarded records for a DynamoDB event source".
 */
export function decodePoison(text: string): { poison: Poison } | { givenUp: GivenUp } | undefined {
  const message = parsed(text);
  if (message.DDBStreamBatchInfo) {
    const { streamArn, shardId, startSequenceNumber, endSequenceNumber, batchSize } = message.DDBStreamBatchInfo as GivenUp;
    return { givenUp: { streamArn, shardId, startSequenceNumber, endSequenceNumber, batchSize } };
  }
  if (!message.key || (message.side !== 'legacy' && message.side !== 'target')) return undefined;
  const candidates = Array.isArray(message.candidates) ? message.candidates : [];
  const poison = { ...message, key: itemFromJson(message.key), candidates: candidates.map(itemFromJson) };
  return { poison: poison as unknown as Poison };
}

function candidatesOf(model: Model, direction: Poison['direction'], change: Change): Item[] {
  if (direction === 'reverse') return [change.key];
  const keys = [change.before, change.after].flatMap((image) => {
    try {
      return [...expected(model, image).values()].map((item) => keyOf(item, model.schemas.target));
    } catch {
      return []; // This may be the very image that `up` fails on.
    }
  });
  return keys.slice(0, CANDIDATES);
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
