import type { PlainItem } from './transform';

/** What the sort key of a query must be. Give one. */
export interface SortCondition {
  /** This value. */
  readonly equals?: unknown;
  /** Less than this value. */
  readonly below?: unknown;
  /** This value or less. */
  readonly atMost?: unknown;
  /** More than this value. */
  readonly above?: unknown;
  /** This value or more. */
  readonly atLeast?: unknown;
  /** A text that begins with this one. */
  readonly beginsWith?: unknown;
  /** Both bounds are included. */
  readonly between?: readonly [from: unknown, to: unknown];
}

/** A query of one table. All its pages are read, up to 20,000 items. */
export interface TableQuery {
  /**
   * The index that is asked, which is eventually consistent.
   * @default - the table itself, strongly consistent
   */
  readonly index?: string;
  /** The partition key and its value; an index may have up to four attributes there. */
  readonly partition: PlainItem;
  /**
   * The sort key and what it must be, such as `{ name: { beginsWith: 'B' } }`.
   * @default - anything
   */
  readonly sort?: Readonly<Record<string, SortCondition>>;
  /**
   * True from the greatest sort key down.
   * @default false
   */
  readonly descending?: boolean;
  /**
   * The first so many items. Our own canaries do not count. At least 1.
   * @default - all
   */
  readonly limit?: number;
}

/**
 * A question that the application asks, in the words of either model. `Gate.queries()` asks both tables with params taken
 * from items of yours, and both must answer the same. Its functions are pure, like all of a transform.
 */
export interface QueryDefinition<Legacy extends PlainItem = PlainItem, Target extends PlainItem = PlainItem> {
  /** What to ask, from a legacy item that is there; undefined where the item gives no such question. */
  readonly of: (legacy: Legacy) => PlainItem | undefined;
  /** The query of the legacy table. */
  readonly legacy: (params: PlainItem) => TableQuery;
  /** The query of the target table. */
  readonly target: (params: PlainItem) => TableQuery;
  /**
   * The answer in the legacy items found, as what both sides can say: ids, say, or a count `[{ count: items.length }]`.
   * @default - what `up` makes of the items, which has to be all that the target's query finds
   */
  readonly legacyAnswer?: (items: readonly Legacy[], params: PlainItem) => readonly PlainItem[];
  /**
   * The answer in the target items found.
   * @default - the items themselves
   */
  readonly targetAnswer?: (items: readonly Target[], params: PlainItem) => readonly PlainItem[];
  /**
   * True where the order of the answer matters, too. DynamoDB gives items with one sort key of an index in any order.
   * @default false
   */
  readonly ordered?: boolean;
}
