import { type Children, expected, represented } from './group';
import { type Item, keyOf, keyText, sameContent, withoutStamp } from './item';
import type { Model } from './model';
import type { Write } from './ports';
import { authorityOf, type Position } from './position';
import { groupDown, type Settling, settleForward, settleReverse } from './settle';
import { freshToken, stamped, tokenOf, writerOf } from './stamp';

/** A change of one item as a stream tells it. It is a hint: the tables are the truth. */
export interface Change {
  readonly key: Item;
  readonly before?: Item;
  readonly after?: Item;
  /** True for deletions by DynamoDB's own time-to-live. */
  readonly byService: boolean;
}

/** A change in its place in the stream. */
export interface StreamRecord {
  readonly change: Change;
  /** Names the record in a partial batch response. */
  readonly sequence: string;
  /** Milliseconds since 1970; the stream knows seconds. */
  readonly createdAt: number;
}

/** What became of a change. */
export type Replicated =
  /** The other side was already equal. */
  | 'same'
  | 'changed'
  /** This side is not in authority for the key, or the change is not one to carry. */
  | 'ignored'
  /** Code without the client wrote to the target: nothing that a rollout may carry back. Counts as divergence. */
  | 'foreign'
  /** An immediate rollback found that legacy had moved on: the image must be kept for the operator. */
  | 'salvaged';

/** True when a change was made without the client: it carries no token of its own. Deletions never do, so they do not count. */
export function isUnadopted(change: Change): boolean {
  return change.after !== undefined && freshToken(change.before, change.after) === undefined;
}

/**
 * True when a change of a legacy item may have gone over a write of somebody who has heard of an immediate rollback, by
 * somebody who has not: reverse replication, or a client in `dual-target` that put a whole group back to what the target
 * has. A client that writes to legacy changes one target item of a group at a time; a deletion does not tell whose it is.
 */
export function mayOverwrite(model: Model, change: Change): boolean {
  if (change.before && (!change.after || writerOf(change.after) === 'reverse')) return true;
  const [before, after] = [expected(model, change.before), expected(model, change.after)];
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => !sameContent(before.get(key), after.get(key))).length > 1;
}

/** Carries a change of a legacy item to the target, where legacy is in authority for the key. */
export async function replicateForward(s: Settling, position: Position, change: Change): Promise<Replicated> {
  if (authorityOf(position) !== 'legacy') return 'ignored';
  const before = expected(s.model, change.before);
  const after = expected(s.model, change.after);
  const writes = fastWrites(s, change, before, after);
  if (writes) {
    s.mayWrite();
    if (await s.database.write(writes)) return 'changed';
  }
  return settleForward(s, change.key, [...before.values(), ...after.values()]);
}

/**
 * The change as writes without a read: allowed only where every target item of the old image still has that image's
 * token, which proves that the target stands exactly there. Absence has no token, so a change that brings a new target
 * item, an insert above all, never goes this way.
 */
function fastWrites(s: Settling, change: Change, before: Children, after: Children): Write[] | undefined {
  const old = tokenOf(change.before);
  const fresh = change.after ? freshToken(change.before, change.after) : undefined;
  if (before.size === 0 || old === undefined || (change.after && fresh === undefined)) return undefined;
  if ([...after.keys()].some((key) => !before.has(key))) return undefined;
  const at = { is: 'at', token: old } as const;
  return [...before].map(([key, item]): Write => {
    const next = after.get(key);
    return next
      ? { do: 'put', side: 'target', item: stamped(next, fresh as string, 'forward'), when: at }
      : { do: 'delete', side: 'target', key: keyOf(item, s.model.schemas.target), when: at };
  });
}

/**
 * Carries a change of a target item back to legacy, where the target is in authority for the key. Deletions by
 * time-to-live are never carried back, and neither are writes without the client: the target is ours, so whoever
 * else writes to it damages it.
 */
export async function replicateReverse(s: Settling, position: Position, change: Change): Promise<Replicated> {
  if (authorityOf(position) !== 'target' || change.byService) return 'ignored';
  if (isUnadopted(change)) return 'foreign';
  return settleReverse(s, change.key);
}

/**
 * During an immediate rollback: merges a late write to the target where legacy still stands at what the writer saw,
 * and otherwise leaves legacy and asks that the image be kept. A deletion is always kept, never merged: it carries no token,
 * so a client's cannot be told from one that forward replication or reconciliation made to follow legacy.
 * @throws NotRepresentable when a model cannot hold the group, before or after merging
 */
export async function salvage(s: Settling, change: Change): Promise<Replicated> {
  const writer = writerOf(change.after) ?? writerOf(change.before);
  if (change.byService || (change.after && writer !== 'client')) return 'ignored';
  const legacyKey = s.model.legacyKey(change.key);
  const legacy = await s.database.get('legacy', legacyKey);
  const children = represented(s.model, legacy);
  const text = keyText(change.key);
  const now = children.get(text);
  if (sameContent(now, change.after)) return 'same';
  if (!change.after || !sameContent(now, change.before)) return 'salvaged';
  children.set(text, withoutStamp(change.after));
  const next = groupDown(s.model, children, legacyKey);
  s.mayWrite();
  const when = legacy ? ({ is: 'unchanged', since: legacy } as const) : ({ is: 'absent' } as const);
  const write: Write = next
    ? { do: 'put', side: 'legacy', item: stamped(next, s.tokens(), 'reverse'), when }
    : { do: 'delete', side: 'legacy', key: legacyKey, when };
  return (await s.database.write([write])) ? 'changed' : 'salvaged';
}
