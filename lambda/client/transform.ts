import type { QueryDefinition } from './query-definition';

/**
 * An item as application code sees it, as `@aws-sdk/util-dynamodb` reads it: text, numbers, booleans, null, `Uint8Array`,
 * `Set`, arrays and objects. A number that a double cannot hold exactly arrives as `NumberValue` and may be given back as it is.
 */
// biome-ignore lint/suspicious/noExplicitAny: the user's items have the user's own types
export type PlainItem = Record<string, any>;

/**
 * Our own items in the user's tables. A migration writes some, sees replication carry them to the other table, and
 * deletes them: so it knows that both directions work before the user's keys move. They come and go during the whole
 * run, so code that scans either table must be able to read them, or to leave them out.
 */
export interface CanaryDefinition<Legacy extends PlainItem = PlainItem> {
  /**
   * The n-th canary, a valid legacy item under a key that no user data has. `n` is a whole number from 0 to 2^40. Each has
   * partition keys of its own, in both tables, so that canaries come into every shard.
   */
  readonly item: (n: number) => NoInfer<Legacy>;
  /** The number of the canary with this legacy key, or undefined for the user's own keys. `number(key of item(n))` is `n`. */
  readonly number: (legacyKey: PlainItem) => number | undefined;
}

/**
 * How items of the legacy model become items of the target model and back. Every function is pure and synchronous: it may
 * not read a clock, randomness or anything outside its arguments, because it runs again on retries, in both directions, on
 * many machines, and each time has to give the same. `up` and the others are refused with `TransformImpure` when they
 * reach for `Date.now()`, `new Date()`, `Math.random()`, `performance` or `crypto`; what they throw comes out as
 * `TransformFailed` with the key.
 *
 * One legacy item and all target items made of it are a group. A group is read and written as one, in transactions.
 */
export interface TransformDefinition<Legacy extends PlainItem = PlainItem, Target extends PlainItem = PlainItem> {
  /**
   * Names this transform in the ledger, together with the checksum of its bundle. Change it whenever the functions
   * change: another bundle under a version that was begun is refused. 1 to 128 characters.
   */
  readonly version: string;
  /**
   * One legacy item to 0 to 99 target items, each with all its key attributes and a key of its own, together at most 4 MB
   * (Amazon DynamoDB API, TransactWriteItems: 100 actions, of which one checks the legacy item). Attributes that are
   * undefined are left out. The attribute `_rollout` is reserved.
   */
  readonly up: (legacy: NoInfer<Legacy>) => readonly NoInfer<Target>[];
  /**
   * All target items of one group, in any order, back to their legacy item; undefined when there is none. `down(up(x))`
   * is `x` for every item of the legacy table, or the rollout stops at it; and `up(down(y))` is `y` for every group that the
   * application may write until the rollout is complete, or the write is refused with `NotRepresentable`. The group may be a part
   * of what `up` makes, when the application deleted or has not yet written the rest.
   */
  readonly down: (targets: readonly NoInfer<Target>[]) => NoInfer<Legacy> | undefined;
  /** The legacy key to whose group a target key belongs. For each item of `up(x)` it gives the key of `x`. */
  readonly legacyKey: (targetKey: PlainItem) => PlainItem;
  /**
   * The key of the one target item that a legacy key leads to, where each legacy item becomes exactly one: the other way round of
   * `legacyKey`. With it `Transform.reversed()` makes the migration back.
   * @default none: the transform cannot be reversed
   */
  readonly targetKey?: (legacyKey: PlainItem) => PlainItem;
  /**
   * The text that decides with whom a legacy item moves: hashed into a bucket for percentages, compared with the keys of a cohort.
   * @default the value of the legacy partition key as text; numbers in plain decimals, binary in base64
   */
  readonly routingKey?: (legacyKey: PlainItem) => string;
  /**
   * The legacy key attributes (the partition key, and the sort key when one item is meant) behind a target partition.
   * @default none: `query` works only once all keys are read from the target
   */
  readonly legacyPartition?: (targetPartition: PlainItem) => PlainItem;
  /** Our own items in the user's tables. */
  readonly canary: CanaryDefinition<Legacy>;
  /**
   * Questions that the application asks, by name, for `Gate.queries()`.
   * @default - none
   */
  readonly queries?: Readonly<Record<string, QueryDefinition<NoInfer<Legacy>, NoInfer<Target>>>>;
}

/**
 * Declares a transform; the default export of the file given to `Transform.fromEntry`. The types of the items may be
 * given, `defineTransform<LegacyCity, City>({ ... })`; without them items are plain objects with any attributes.
 * The definition is checked where it is used, with `InvalidConfiguration` naming what is wrong.
 */
export function defineTransform<Legacy extends PlainItem = PlainItem, Target extends PlainItem = PlainItem>(
  definition: TransformDefinition<Legacy, Target>,
): TransformDefinition<Legacy, Target> {
  return definition;
}
