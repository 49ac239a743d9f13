import { detailTypeOf, eventKindOf } from './event-kinds';
import type { Event } from './ledger';

/** An entry of the audit trail as EventBridge tells of it. */
export interface Publication {
  readonly detailType: string;
  /** ISO time. */
  readonly at: string;
  /** JSON. */
  readonly detail: string;
}

/** Takes the entries of one request; for each what it failed of, or undefined. Throws when the request as such failed. */
export type Bus = (publications: readonly Publication[]) => Promise<readonly (string | undefined)[]>;

/** The shape of `detail`. Attributes may be added to it; anything else is another format. */
const FORMAT = 1;

/**
 * Bytes of one request: 256 KB are allowed (Amazon EventBridge User Guide, "Calculating PutEvents event entry size"), of which some are
 * left for what EventBridge adds before a target gets the event, whose limit is often the same.
 */
export const MOST_BYTES = 240 * 1024;

/** Entries of one request (Amazon EventBridge API, PutEvents). */
export const MOST_ENTRIES = 10;

/** What is told of an entry: all but what stays in the ledger, and as much as one event holds. */
export function publicationOf(
  migration: string,
  { run, seq, at, kind, who, data }: Omit<Event, 'previous' | 'hash'>,
): Publication {
  const known = eventKindOf(kind);
  // Of a kind that another version writes it is not known what has to stay in the ledger.
  const told = known ? Object.entries(data).filter(([name]) => !known.data[name]?.inLedgerOnly) : [];
  const detailOf = (entries: typeof told, more = {}) =>
    JSON.stringify({
      ...{ format: FORMAT, migration, run, seq, at, kind },
      ...(who === undefined ? {} : { who }),
      data: Object.fromEntries(entries),
      ...more,
    });
  const detailType = detailTypeOf(kind);
  const whole = detailOf(told);
  if (fits(whole, detailType)) return { detailType, at, detail: whole };
  const kept = told.toSorted(([, a], [, b]) => bytesOf(a) - bytesOf(b));
  while (kept.length > 0 && !fits(detailOf(kept, { truncated: true }), detailType)) kept.pop();
  return { detailType, at, detail: detailOf(kept, { truncated: true }) };
}

/** Publications in requests, in their order. */
export function requestsOf<T extends Publication>(publications: readonly T[]): T[][] {
  const requests: T[][] = [];
  let bytes = 0;
  for (const publication of publications) {
    const size = sizeOf(publication.detail, publication.detailType);
    const last = requests.at(-1);
    if (last && last.length < MOST_ENTRIES && bytes + size <= MOST_BYTES) last.push(publication);
    else requests.push([publication]);
    bytes = requests.at(-1) === last ? bytes + size : size;
  }
  return requests;
}

function fits(detail: string, detailType: string): boolean {
  return sizeOf(detail, detailType) <= MOST_BYTES;
}

/** As EventBridge counts: source, type and detail in UTF-8, and 14 bytes for the time; rounded up for the source. */
function sizeOf(detail: string, detailType: string): number {
  return Buffer.byteLength(detail) + Buffer.byteLength(detailType) + 64;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
