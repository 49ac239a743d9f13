import type { Attribute, Item } from './item';

/** The one reserved attribute. Every write of the client, a replicator or the backfill sets it to a fresh token. */
export const STAMP = '_rollout';

/** Who wrote an item: the application's client, forward or reverse replication, or the backfill. */
export type Writer = 'client' | 'forward' | 'reverse' | 'backfill';

/** Makes tokens that never repeat. Tokens are compared for equality only, so clocks do not matter. */
export type Tokens = () => string;

/** The item with a stamp: `{ t: token, w: writer }`. Amendments add `f` and `k`. */
export function stamped(item: Item, token: string, writer: Writer): Item {
  return { ...item, [STAMP]: { M: { t: { S: token }, w: { S: writer } } } };
}

/** The item with a stamp that says which amendments it went through (`f`), and which one its writer knows (`k`). */
export function withForms(item: Item, versions: readonly string[], known: string): Item {
  const { M: stamp } = stampOf(item)[STAMP] ?? { M: {} };
  const { f: _, ...rest } = stamp;
  const forms: Item = versions.length > 0 ? { f: { L: versions.map((version) => ({ S: version })) } } : {};
  return { ...item, [STAMP]: { M: { ...rest, ...forms, k: { S: known } } } };
}

/** Version of the amendment that the writer of an item knows; undefined for one that knows of none. */
export function knownOf(item: Item | undefined): string | undefined {
  return field(item, 'k');
}

/** Versions of the amendments that an item went through. */
export function formsOf(item: Item): string[] {
  const forms = stampOf(item)[STAMP]?.M.f;
  return forms && 'L' in forms ? forms.L.flatMap((form) => ('S' in form ? [form.S] : [])) : [];
}

/** The stamp alone, as an attribute; none where there is none. */
export function stampOf(item: Item): { [STAMP]?: { M: Record<string, Attribute> } } {
  const stamp = item[STAMP];
  return stamp && 'M' in stamp ? { [STAMP]: stamp } : {};
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
  const value = item && stampOf(item)[STAMP]?.M[name];
  return value && 'S' in value ? value.S : undefined;
}
