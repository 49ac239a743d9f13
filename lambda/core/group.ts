import { RolloutError } from './errors';
import { attributesThatDiffer, digest, type Item, keyOf, keyText, sameContent, withoutStamp } from './item';
import type { Model } from './model';
import type { Condition, Write } from './ports';
import { stamped, tokenOf, type Writer } from './stamp';

/** The items of one group by the text of their target key. */
export type Children = Map<string, Item>;

/** Target items by key. @throws TransformFailed when two of them have one key */
export function childrenOf(model: Model, items: readonly Item[]): Children {
  const children: Children = new Map();
  for (const item of items) {
    const text = keyText(keyOf(item, model.schemas.target));
    if (children.has(text)) {
      throw new RolloutError('TransformFailed', `up() gave two target items with the key ${text}. Give each its own key.`, {
        key: text,
      });
    }
    children.set(text, item);
  }
  return children;
}

/** The target items that `up` makes of a legacy item; none when there is no item. */
export function expected(model: Model, legacy: Item | undefined): Children {
  return childrenOf(model, legacy ? model.up(legacy) : []);
}

/**
 * The same, for what is written to the target or built upon: `down` of them must give the very same legacy item, or the way back
 * would lose what the new model has no place for. An item that `up` makes nothing of stays where it is.
 * @throws NotRepresentable, TransformFailed
 */
export function represented(model: Model, legacy: Item | undefined): Children {
  const children = expected(model, legacy);
  if (!legacy || children.size === 0) return children;
  const back = model.down([...children.values()]);
  if (sameContent(back, legacy)) return children;
  const lost = attributesThatDiffer(back ?? {}, legacy);
  const key = keyText(keyOf(legacy, model.schemas.legacy));
  throw new RolloutError(
    'NotRepresentable',
    `The legacy item ${key} cannot be kept in the new model: down(up(item)) is not the same item (${lost.join(', ')}). ` +
      'Let the transform keep it, under a new version, or mend the item, then try again.',
    { key, attributes: lost },
  );
}

/**
 * Refuses to write a group over a legacy item that `up` makes nothing of: whoever works in the new model does not see that it is
 * there, and would lose it.
 * @throws NotRepresentable
 */
export function requireSeen(model: Model, legacy: Item | undefined, children: Children): void {
  // An item that is nothing but its key has nothing to lose.
  if (!legacy || children.size > 0 || sameContent(legacy, keyOf(legacy, model.schemas.legacy))) return;
  const key = keyText(keyOf(legacy, model.schemas.legacy));
  throw new RolloutError(
    'NotRepresentable',
    `The legacy item ${key} is there, and up() makes nothing of it: writing its group would replace it. Delete it first, or let the ` +
      'transform keep it, under a new version.',
    { key },
  );
}

/** Asks that an item is still as it was read. */
export function asRead(item: Item | undefined): Condition {
  return item ? { is: 'unchanged', since: item } : { is: 'absent' };
}

/** True when both groups hold the same target items. */
export function sameChildren(a: Children, b: Children): boolean {
  return a.size === b.size && [...a].every(([key, item]) => sameContent(item, b.get(key)));
}

/**
 * The token of a legacy version for its target items: its own, or for a version that code without the client wrote,
 * one that its content gives. Whoever finds it on a target item knows that the item was made from that version.
 */
export function versionToken(legacy: Item): string {
  return tokenOf(legacy) ?? `content:${digest(withoutStamp(legacy)).slice(0, 32)}`;
}

/**
 * The writes that make the found target items equal to those of `legacy`, each conditional on what was found; what was
 * found but is not wanted goes. An item with the right content under another token is written again: a replication
 * that still waits to move that token on would otherwise find it and bring an older version back.
 */
export function writesToward(model: Model, legacy: Item | undefined, found: Children, writer: Writer): Write[] {
  const wanted = represented(model, legacy);
  const token = legacy && versionToken(legacy);
  const puts = [...wanted].flatMap(([key, item]): Write[] => {
    const now = found.get(key);
    if (tokenOf(now) === token && sameContent(item, now)) return [];
    return [{ do: 'put', side: 'target', item: stamped(item, token as string, writer), when: asRead(now) }];
  });
  const deletes = [...found]
    .filter(([key]) => !wanted.has(key))
    .map(([, item]): Write => ({ do: 'delete', side: 'target', key: keyOf(item, model.schemas.target), when: asRead(item) }));
  return [...puts, ...deletes];
}

/**
 * What both sides say of one group: `same`; `lagging`, where the tokens differ, so that a change may be under way;
 * or `diverged`, where one token stands on different contents, which nothing that we write can cause.
 */
export function compareGroup(wanted: Children, found: Children, legacy: Item | undefined): 'same' | 'lagging' | 'diverged' {
  if (sameChildren(wanted, found)) return 'same';
  const token = tokenOf(legacy);
  for (const [key, item] of found) {
    const other = wanted.get(key);
    if (other && token !== undefined && tokenOf(item) === token && !sameContent(item, other)) return 'diverged';
  }
  return 'lagging';
}
