import { RolloutError } from './errors';
import { type Item, keyOf, keyText, sameContent } from './item';
import type { Model } from './model';
import type { Condition, Write } from './ports';
import { stamped, type Tokens, tokenOf, type Writer } from './stamp';

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

/** Asks that an item is still as it was read. */
export function asRead(item: Item | undefined): Condition {
  return item ? { is: 'unchanged', since: item } : { is: 'absent' };
}

/** True when both groups hold the same target items. */
export function sameChildren(a: Children, b: Children): boolean {
  return a.size === b.size && [...a].every(([key, item]) => sameContent(item, b.get(key)));
}

/**
 * The writes that make the found target items equal to the wanted ones, each conditional on what was found.
 * `considered` are all keys that were read; what was found but is not wanted goes.
 */
export function writesToward(
  model: Model,
  wanted: Children,
  found: Children,
  stamp: { token: string | undefined; writer: Writer; tokens: Tokens },
): Write[] {
  const writes: Write[] = [];
  for (const [key, item] of wanted) {
    const now = found.get(key);
    if (sameContent(item, now)) continue;
    const next = stamped(item, stamp.token ?? stamp.tokens(), stamp.writer);
    writes.push({ do: 'put', side: 'target', item: next, when: asRead(now) });
  }
  for (const [key, item] of found) {
    if (wanted.has(key)) continue;
    writes.push({ do: 'delete', side: 'target', key: keyOf(item, model.schemas.target), when: asRead(item) });
  }
  return writes;
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
