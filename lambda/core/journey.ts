import type { Event } from './ledger';
import type { Position, Side } from './position';
import type { Writer } from './stamp';
import type { TraceSample } from './tracing';

/** What an operator asks of a document. */
export interface TraceInput {
  /**
   * The key attributes of the document in the legacy table or in the target, as plain JSON. What JSON cannot hold, such as binary or a
   * number of more than 15 digits, in DynamoDB's own JSON: `{ "id": { "N": "12345678901234567890" } }`.
   */
  readonly key: Readonly<Record<string, unknown>>;
  /**
   * Whose key it is.
   * @default - what the names of the attributes say; where both tables have the same, the one that has such an item, legacy first
   */
  readonly side?: Side;
  /**
   * True to be told the values of items, which are the user's data.
   * @default false
   */
  readonly values?: boolean;
}

/** The journey of one document: what is known of its group in both tables, both streams and the ledger. */
export interface Journey {
  readonly migration: string;
  /** The key that was asked for, and whose it is. */
  readonly asked: { readonly side: Side; readonly key: string };
  readonly group: JourneyGroup;
  /** Undefined where it could not be read. */
  readonly routing?: JourneyRouting;
  /** Items of the group, that of legacy first. In a table that is amended in place: the one item, in either form. */
  readonly items: readonly JourneyItem[];
  /** In place: the form in which the item is stored. */
  readonly form?: Side;
  readonly agreement: Agreement;
  readonly transform: {
    /** The target items that `up` makes of the legacy item, and whether `down` gives it back. */
    readonly up: TransformAnswer;
    /** The legacy item that `down` makes of the target items, and whether `up` gives them back. */
    readonly down: TransformAnswer;
  };
  /** One for each stream that is read. */
  readonly streams: readonly JourneyStream[];
  /** Entries of the ledger that name a key of the group, oldest first, and how many older ones were left out. */
  readonly events: readonly Event[];
  readonly olderEvents: number;
  /** Traced changes of the group, oldest first. */
  readonly traces: readonly (TraceSample & { readonly direction: 'forward' | 'reverse' })[];
  /** Items whose values were left out because the answer of a function is limited (6 MB). */
  readonly valuesLeftOut: number;
  /** What could not be looked at, and why. */
  readonly unknown: readonly string[];
}

export interface JourneyGroup {
  readonly legacyKey: string;
  /** Names the group in annotations of traces. */
  readonly digest: string;
  /** What is hashed into the bucket. */
  readonly routingKey: string;
  /** 0 to 9,999. */
  readonly bucket: number;
  /** True for an item of ours. */
  readonly canary: boolean;
}

/** Where the deployed routing table has the group. */
export interface JourneyRouting {
  readonly revision: number;
  readonly run: string;
  readonly position: Position;
  /** True where its routing key has a position of its own, whatever its bucket. */
  readonly pinned: boolean;
  /** The side whose version is the truth. */
  readonly authority: Side;
  /** True while another table spreads: some clients and replicators may act on that one. */
  readonly spreading: boolean;
}

export interface JourneyItem {
  readonly side: Side;
  readonly key: string;
  /** Undefined where code without the client wrote it first. */
  readonly token?: string;
  readonly writer?: Writer;
  /** SHA-256 of the content without the stamp. */
  readonly digest: string;
  readonly bytes: number;
  /** The item in DynamoDB's JSON; only where it was asked for. */
  readonly value?: unknown;
}

/** `lagging`: they differ under different tokens, so a change may be under way; `unknown`: the transform fails on the items. */
export interface Agreement {
  readonly verdict: 'same' | 'lagging' | 'diverged' | 'unknown';
  /** Times that both sides were looked at; more than once where they differed. */
  readonly looks: number;
  readonly differences: readonly JourneyDifference[];
}

export interface JourneyDifference {
  readonly targetKey: string;
  readonly kind: 'missing' | 'different' | 'extra';
  /** Paths of the attributes that differ, such as `address.town` or `tags[2]`, at most 50. Only where both have the item. */
  readonly paths?: readonly string[];
}

/** What the transform says. `none`: there is nothing to ask it about. */
export type TransformAnswer =
  | { readonly outcome: 'fits'; readonly keys: readonly string[] }
  | { readonly outcome: 'none' }
  /** Name and message of the error, such as NotRepresentable or TransformFailed. */
  | { readonly outcome: 'fails'; readonly error: string; readonly message: string };

/** What a stream still has of the group. It keeps changes for 24 hours. */
export interface JourneyStream {
  readonly side: Side;
  readonly records: readonly JourneyRecord[];
  /** Older records of the group that were left out. */
  readonly olderRecords: number;
  /** False where the time was up, or a shard could not be read: there may be more. */
  readonly complete: boolean;
  readonly shards: number;
  /** Shards that were not read to their end. */
  readonly unread: number;
  /** ISO time: everything before it was seen in the shards that were begun and not finished. */
  readonly reached?: string;
}

export interface JourneyRecord {
  /** ISO time, to the second. */
  readonly at: string;
  readonly sequence: string;
  readonly key: string;
  readonly change: 'inserted' | 'modified' | 'removed';
  /** Token and writer of the new image; of a removal, of the old one. */
  readonly token?: string;
  readonly writer?: Writer;
  /** True where the change has no token of its own: code without the client made it. */
  readonly unadopted: boolean;
  /** True for a deletion by time-to-live. */
  readonly byService: boolean;
  /** Paths of the attributes that changed, at most 50. */
  readonly paths?: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
}
