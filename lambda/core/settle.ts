import { RolloutError } from './errors';
import { asRead, type Children, childrenOf, expected, writesToward } from './group';
import { type Item, keyOf, keyText, sameContent } from './item';
import type { Model } from './model';
import type { Database, Write } from './ports';
import { stamped, type Tokens } from './stamp';

/** What settling needs from outside. */
export interface Settling {
  readonly database: Database;
  readonly model: Model;
  readonly tokens: Tokens;
  /** Called before every write: throws `LeaseExpired` when the caller may no longer write. */
  readonly mayWrite: () => void;
}

/** `same`: nothing to do. `changed`: the follower was made equal to the authority. */
export type Settled = 'same' | 'changed';

/** Tries before contention is reported; each loses only to another write of the same group. */
const ATTEMPTS = 20;

/**
 * Makes the target items of one legacy item equal to `up` of it, whatever happened before: reads the follower, then
 * the authority, both consistently, and writes in one transaction that also asks that the authority is still the same.
 * That transaction is what keeps an item that was made and deleted between the two reads from coming back: absence has no token.
 *
 * `candidates` are target keys that may have to go, such as those of an older image.
 * @throws TooMuchContention, LeaseExpired, TransformFailed, NotRepresentable, GroupTooLarge
 */
export async function settleForward(s: Settling, legacyKey: Item, candidates: readonly Item[] = []): Promise<Settled> {
  const { database, model } = s;
  let considered = keysByText(candidates, model);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = childrenOf(model, await database.getMany('target', [...considered.values()]));
    const authority = await database.get('legacy', legacyKey);
    const wanted = expected(model, authority);
    const unread = [...wanted].filter(([key]) => !considered.has(key));
    if (unread.length > 0) {
      considered = keysByText([...considered.values(), ...wanted.values()], model);
      continue;
    }
    const writes = writesToward(model, authority, found, 'forward');
    if (writes.length === 0) return 'same';
    s.mayWrite();
    const check: Write = { do: 'check', side: 'legacy', key: legacyKey, when: asRead(authority) };
    if (await database.write([check, ...writes])) return 'changed';
  }
  throw contention('forward', legacyKey);
}

/**
 * Makes the legacy item of a target item's group equal to `down` of the group, in one transaction that also asks
 * that every target item of the group is still as it was read, and the legacy item too: it may have learnt meanwhile
 * of a sibling that this call does not know.
 * @throws TooMuchContention, LeaseExpired, TransformFailed, NotRepresentable
 */
export async function settleReverse(s: Settling, targetKey: Item): Promise<Settled> {
  const { database, model } = s;
  const legacyKey = model.legacyKey(targetKey);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const follower = await database.get('legacy', legacyKey);
    const keys = keysByText([targetKey, ...expected(model, follower).values()], model);
    const found = childrenOf(model, await database.getMany('target', [...keys.values()]));
    const checks = groupChecks(keys, found);
    const wanted = await groupDownAsRead(s, checks, found, legacyKey);
    if (wanted === 'torn') continue;
    if (sameContent(follower, wanted)) return 'same';
    s.mayWrite();
    if (await database.write([...checks, legacyWrite(s, legacyKey, follower, wanted)])) return 'changed';
  }
  throw contention('reverse', legacyKey);
}

/**
 * The items of a group are read one after the other. What cannot be kept may be two halves of two versions, such as an
 * item that moved to another key between the reads: only a group that stands so at one moment is wrong.
 */
async function groupDownAsRead({ database, model }: Settling, checks: Write[], found: Children, legacyKey: Item) {
  try {
    return groupDown(model, found, legacyKey);
  } catch (error) {
    if (await database.write(checks)) throw error;
    return 'torn';
  }
}

/**
 * The legacy item of a group, checked: `up` of it must give the very same group, or something would be lost.
 * @throws NotRepresentable
 */
export function groupDown(model: Model, children: Children, legacyKey: Item): Item | undefined {
  if (children.size === 0) return undefined;
  const legacy = model.down([...children.values()]);
  const again = expected(model, legacy);
  const lost = [...children].find(([key, item]) => !sameContent(item, again.get(key)));
  const wrongKey = legacy && keyText(keyOf(legacy, model.schemas.legacy)) !== keyText(legacyKey);
  if (lost || again.size !== children.size || wrongKey) {
    throw new RolloutError(
      'NotRepresentable',
      `The target items of ${keyText(legacyKey)} cannot be kept in the legacy model: up(down(items)) is not the same items` +
        `${lost ? ` (first difference at ${lost[0]})` : ''}. Until the rollout is complete, write only what the legacy model can hold.`,
      { legacyKey: keyText(legacyKey), targetKey: lost?.[0] },
    );
  }
  return legacy;
}

function groupChecks(keys: ReadonlyMap<string, Item>, found: Children): Write[] {
  return [...keys].map(([text, key]) => ({ do: 'check', side: 'target', key, when: asRead(found.get(text)) }));
}

function legacyWrite(s: Settling, key: Item, follower: Item | undefined, wanted: Item | undefined): Write {
  if (!wanted) return { do: 'delete', side: 'legacy', key, when: asRead(follower) };
  return { do: 'put', side: 'legacy', item: stamped(wanted, s.tokens(), 'reverse'), when: asRead(follower) };
}

function keysByText(items: readonly Item[], model: Model): Map<string, Item> {
  const keys = items.map((item) => keyOf(item, model.schemas.target));
  return new Map(keys.map((key) => [keyText(key), key]));
}

function contention(direction: string, key: Item): RolloutError {
  return new RolloutError(
    'TooMuchContention',
    `${ATTEMPTS} tries to settle ${keyText(key)} ${direction} each met another write of the same group. It is tried again with the next delivery.`,
    { key: keyText(key), direction },
  );
}
