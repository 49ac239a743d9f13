import type { Item } from './item';
import type { Side } from './position';
import { tokenOf } from './stamp';

/** What must hold for an item at the moment of a write. */
export type Condition =
  | { readonly is: 'absent' }
  /** The version that was read: its token and, as far as an expression can hold it, its content. */
  | { readonly is: 'unchanged'; readonly since: Item }
  /** The version with this token. */
  | { readonly is: 'at'; readonly token: string };

/** One action of a write. `check` writes nothing and only asks. */
export type Write =
  | {
      readonly do: 'put';
      readonly side: Side;
      readonly item: Item;
      readonly when?: Condition;
      /** True where the item follows from the version that is asked for, and nothing else: whenever that version is there, the write is right. */
      readonly repeatable?: boolean;
    }
  | { readonly do: 'delete'; readonly side: Side; readonly key: Item; readonly when?: Condition }
  | { readonly do: 'check'; readonly side: Side; readonly key: Item; readonly when: Condition };

/**
 * True where a single write does no more when it is sent twice, as the SDK does after a lost answer: its condition names a token,
 * which no other version ever has. Absence comes back, and so may a content without a token: between the two somebody may have
 * deleted the item, and the second request would bring it back. Without a condition the last writer wins anyway.
 */
export function mayRepeat(write: Write): boolean {
  const { when } = write;
  if (write.do === 'put' && write.repeatable) return true;
  return when === undefined || when.is === 'at' || (when.is === 'unchanged' && tokenOf(when.since) !== undefined);
}

/** Where a scan stands. */
export interface ScanPage {
  readonly items: Item[];
  /** Where the next page begins; undefined at the end of the segment. */
  readonly next?: Item;
  /** Read units consumed. */
  readonly units: number;
}

/** Segments of a scan (DynamoDB API, Scan: TotalSegments). */
export const MOST_SEGMENTS = 1_000_000;

export interface ScanRequest {
  readonly segment: number;
  readonly segments: number;
  readonly after?: Item;
  readonly limit?: number;
}

/** What became of one insert of a batch. */
export type InsertResult = 'inserted' | 'exists';

/** The two tables, as the protocol needs them. Reads are strongly consistent unless said otherwise. */
export interface Database {
  get(side: Side, key: Item): Promise<Item | undefined>;
  /** The items found, in any order. Each is read consistently; together they are no snapshot. */
  getMany(side: Side, keys: Item[]): Promise<Item[]>;
  /** Every item with these key attributes (the partition key, and the sort key when given), by sort key. */
  query(side: Side, key: Item): Promise<Item[]>;
  /**
   * All of the writes or none: true when done, false when a condition failed or another transaction was in the way.
   * One put or delete that may be repeated is a single conditional write; anything else is a transaction, done once.
   * @throws GroupTooLarge over 100 actions (a limit of TransactWriteItems); OutcomeUnknown when a single conditional write was
   * sent again after a lost answer and then met another version: the first one may have been done
   */
  write(writes: Write[]): Promise<boolean>;
  /** Inserts what is absent, up to 25 items a request, each on its own. Results in order, with the write units consumed. */
  insertAbsent(side: Side, items: Item[]): Promise<{ results: InsertResult[]; units: number }>;
  /** One page of a segment, eventually consistent. */
  scan(side: Side, request: ScanRequest): Promise<ScanPage>;
}
