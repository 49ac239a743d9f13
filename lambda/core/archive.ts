/** What is kept in an archive: sketches, which expire, and lists of differences. */
export const SHELVES = ['sketches', 'differences'] as const;
export type Shelf = (typeof SHELVES)[number];

/** Where what is too large for the ledger is kept. Names are paths. */
export interface Archive {
  put(shelf: Shelf, name: string, content: Uint8Array): Promise<void>;
  /** @throws when there is none of that name */
  get(shelf: Shelf, name: string): Promise<Uint8Array>;
}
