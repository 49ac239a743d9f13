/** What comparisons keep in an archive: sketches, which expire, and lists of differences. */
export const SHELVES = ['sketches', 'differences'] as const;

/** Certificates of runs that completed, for other environments. */
export const CERTIFICATES = 'certificates';

export type Shelf = (typeof SHELVES)[number] | typeof CERTIFICATES;

/** Where a name stands in a bucket that several migrations share. The shelf comes first, because objects expire by prefix. */
export function objectKey(shelf: Shelf, migration: string, name: string): string {
  return `${shelf}/${migration}/${name}`;
}

/** Where what is too large for the ledger is kept. Names are paths. */
export interface Archive {
  put(shelf: Shelf, name: string, content: Uint8Array): Promise<void>;
  /** @throws when there is none of that name */
  get(shelf: Shelf, name: string): Promise<Uint8Array>;
}
