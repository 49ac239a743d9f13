import type { Item } from './item';

/** The one reserved attribute. Every write of the client, a replicator or the backfill sets it to a fresh token. */
export const STAMP = '_rollout';

/** Who wrote an item: the application's client, forward or reverse replication, or the backfill. */
export type Writer = 'client' | 'forward' | 'reverse' | 'backfill';

/** Makes tokens that never repeat. Tokens are compared for equality only, so clocks do not matter. */
export type Tokens = () => string;

/** The item with a stamp: `{ t: token, w: writer }`. */
export function stamped(item: Item, token: string, writer: Writer): Item {
  return { ...item, [STAMP]: { M: { t: { S: token }, w: { S: writer } } } };
}

/** The token on an item, or undefined when code without the client wrote it first. */
export function tokenOf(item: Item | undefined): string | undefined {
  return field(item, 't');
}

/** Who wrote this version, or undefined when the item has no stamp. */
export function writerOf(item: Item | undefined): Writer | undefined {
  return field(item, 'w') as Writer | undefined;
}

/**
 * The token of a change, or undefined when the change carries none of its own.
 * A token that was there before proves nothing: code without the client copies it along.
 */
export function freshToken(before: Item | undefined, after: Item | undefined): string | undefined {
  const token = tokenOf(after);
  return token === tokenOf(before) ? undefined : token;
}

function field(item: Item | undefined, name: string): string | undefined {
  const stamp = item?.[STAMP];
  if (!stamp || !('M' in stamp)) return undefined;
  const value = stamp.M[name];
  return value && 'S' in value ? value.S : undefined;
}
