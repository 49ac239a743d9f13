import type { Clock } from './control';
import { type Children, childrenOf, expected, sameChildren } from './group';
import { attributesThatDiffer, digest, type Item, keyOf, keyText, sameContent, withoutStamp } from './item';
import type { Model } from './model';
import { inParallel, parts } from './pace';
import type { Database } from './ports';
import type { Side } from './position';
import { tokenOf } from './stamp';

/** What comparing needs from outside. */
export interface Comparing {
  readonly database: Database;
  readonly model: Model;
  readonly clock: Clock;
}

/** A group that looked different at a glance: its legacy key, and the target items that may belong to it. */
export interface Suspect {
  readonly legacyKey: Item;
  readonly candidates: readonly Item[];
}

/** What both sides say of a group, read consistently. */
export interface Look extends Suspect {
  readonly wanted: Children;
  readonly found: Children;
  /** Changes when anything of the group does, on either side, tokens included. */
  readonly state: string;
  /** The token of the legacy item. */
  readonly token?: string;
}

/** How a target item differs. Attribute names only: values are the user's and stay out of ledger and logs. */
export interface Difference {
  readonly targetKey: string;
  readonly kind: 'missing' | 'different' | 'extra';
  readonly attributes?: readonly string[];
  /** The token of the target item that was found. */
  readonly token?: string;
}

/** Groups that differ: for good, or with changes still coming in at the last look. */
export interface Judged {
  readonly diverged: Look[];
  readonly lagging: Look[];
}

/** Keys of one read (BatchGetItem takes 100), and reads under way. */
const KEYS = 100;
const READS = 4;

/** How long suspects are looked at. */
export interface Patience {
  /** Milliseconds before each further look. */
  readonly pauses: readonly number[];
  /** Times that a group may change during the looks before it is left as lagging. */
  readonly rounds: number;
}

/** Before a repair, which is right in any case: four seconds, in which replication brings most of what was under way. */
export const BEFORE_REPAIR: Patience = { pauses: [250, 500, 1000, 1000, 1500], rounds: 3 };

/**
 * Before a difference counts, which takes traffic back: half a minute, because a delivery of a stream may be late, or fail
 * and come again. All of it fits into the minute between two samples.
 */
export const BEFORE_VERDICT: Patience = { pauses: [250, 500, 1000, 2000, 4000, 8000, 15_000], rounds: 1 };

/**
 * The groups of some items of one side that look different. Live changes are among them, so a suspect is nothing yet.
 * From `legacy`: missing, different. From `target`: extra. Each difference is seen from one side only, so that the
 * sum over both counts it once.
 */
export async function suspectsOf(c: Comparing, side: Side, items: Item[]): Promise<Suspect[]> {
  return side === 'legacy' ? suspectsOfLegacy(c, items) : suspectsOfTarget(c, items);
}

async function suspectsOfLegacy({ database, model }: Comparing, items: Item[]): Promise<Suspect[]> {
  const groups = items.map((legacy) => ({ legacyKey: keyOf(legacy, model.schemas.legacy), wanted: expected(model, legacy) }));
  const found = await readMany(
    database,
    'target',
    groups.flatMap(({ wanted }) => keysOf(model, wanted.values())),
  );
  return groups
    .filter(({ wanted }) => [...wanted].some(([key, item]) => !sameContent(item, found.get(key))))
    .map(({ legacyKey, wanted }) => ({ legacyKey, candidates: keysOf(model, wanted.values()) }));
}

/** Target keys by the group that they belong to. */
export function groupsOf(model: Model, keys: Iterable<Item>): Suspect[] {
  const groups = new Map<string, { legacyKey: Item; candidates: Item[] }>();
  for (const key of keys) {
    const legacyKey = model.legacyKey(key);
    const group = groups.get(keyText(legacyKey)) ?? { legacyKey, candidates: [] };
    group.candidates.push(key);
    groups.set(keyText(legacyKey), group);
  }
  return [...groups.values()];
}

async function suspectsOfTarget({ database, model }: Comparing, items: Item[]): Promise<Suspect[]> {
  const groups = groupsOf(model, keysOf(model, items));
  const legacy = await readMany(
    database,
    'legacy',
    groups.map(({ legacyKey }) => legacyKey),
  );
  return groups.flatMap((group) => {
    const wanted = expected(model, legacy.get(keyText(group.legacyKey)));
    return group.candidates.some((key) => !wanted.has(keyText(key))) ? [group] : [];
  });
}

/**
 * Looks at suspects again, consistently, until each is equal, or has stood different and untouched over all looks
 * (`diverged`), or will not hold still (`lagging`). Equal tokens with different contents get no quicker verdict: code
 * without the client that updates an item leaves our token on it, and looks just so until replication has passed.
 */
export async function judgeSuspects(c: Comparing, suspects: readonly Suspect[], { pauses, rounds }: Patience): Promise<Judged> {
  const diverged: Look[] = [];
  let moving: readonly Suspect[] = suspects;
  for (let round = 0; round < rounds && moving.length > 0; round++) {
    const first = await lookAt(c, moving);
    const { steady, changed } = await watch(c, first, pauses);
    diverged.push(...steady);
    moving = changed;
  }
  return { diverged, lagging: await lookAt(c, moving) };
}

/** Looks at groups that will not hold still, and milliseconds between two: most versions of a busy item are seen. */
const CHASE_LOOKS = 40;
const CHASE_PAUSE = 100;

/**
 * Groups that change faster than they can be looked at twice, without those in which one side was seen to hold what the other held
 * at that moment or shortly before: these follow each other, as they should. What is left may be wrong for good.
 */
export async function chase(c: Comparing, suspects: readonly Suspect[]): Promise<Look[]> {
  const seen = new Map<string, { wanted: Set<string>; found: Set<string> }>();
  let left: Look[] = await lookAt(c, suspects);
  for (let n = 0; n < CHASE_LOOKS && left.length > 0; n++) {
    left = left.filter((look) => {
      const text = keyText(look.legacyKey);
      const before = seen.get(text) ?? { wanted: new Set(), found: new Set() };
      const [wanted, found] = [contentOf(look.wanted), contentOf(look.found)];
      seen.set(text, { wanted: before.wanted.add(wanted), found: before.found.add(found) });
      return !before.wanted.has(found) && !before.found.has(wanted);
    });
    await c.clock.sleep(CHASE_PAUSE);
    left = await lookAt(c, left);
  }
  return left;
}

/** One text for the content of a group. */
function contentOf(children: Children): string {
  return [...children]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, item]) => digest(withoutStamp(item)))
    .join();
}

async function watch(c: Comparing, first: Look[], pauses: readonly number[]): Promise<{ steady: Look[]; changed: Look[] }> {
  let steady = first;
  const changed: Look[] = [];
  for (const pause of pauses) {
    if (steady.length === 0) break;
    await c.clock.sleep(pause);
    const known = new Map(steady.map((look) => [keyText(look.legacyKey), look.state]));
    const again = await lookAt(c, steady);
    const same = (look: Look) => known.get(keyText(look.legacyKey)) === look.state;
    changed.push(...again.filter((look) => !same(look)));
    steady = again.filter(same);
  }
  return { steady, changed };
}

/** Reads groups consistently and keeps those that differ. */
async function lookAt({ database, model }: Comparing, suspects: readonly Suspect[]): Promise<Look[]> {
  const legacy = await readMany(
    database,
    'legacy',
    suspects.map(({ legacyKey }) => legacyKey),
  );
  const groups = suspects.map(({ legacyKey, candidates }) => {
    const authority = legacy.get(keyText(legacyKey));
    const wanted = expected(model, authority);
    return { legacyKey, authority, wanted, candidates: distinct([...candidates, ...keysOf(model, wanted.values())]) };
  });
  const targets = await readMany(
    database,
    'target',
    groups.flatMap(({ candidates }) => candidates),
  );
  return groups.flatMap(({ legacyKey, authority, wanted, candidates }) => {
    const found = candidates.map((key) => targets.get(keyText(key))).filter((item) => item !== undefined);
    const children = childrenOf(model, found);
    if (sameChildren(wanted, children)) return [];
    return [{ legacyKey, candidates, wanted, found: children, state: stateOf(authority, found), ...withToken(authority) }];
  });
}

/** What differs in a group, without a value. */
export function differencesOf({ wanted, found }: Pick<Look, 'wanted' | 'found'>): Difference[] {
  return [...new Set([...wanted.keys(), ...found.keys()])].flatMap((targetKey): Difference[] => {
    const [want, have] = [wanted.get(targetKey), found.get(targetKey)];
    if (!have) return [{ targetKey, kind: 'missing' }];
    if (!want) return [{ targetKey, kind: 'extra', ...withToken(have) }];
    if (sameContent(want, have)) return [];
    return [{ targetKey, kind: 'different', attributes: attributesThatDiffer(want, have), ...withToken(have) }];
  });
}

function withToken(item: Item | undefined): { token?: string } {
  const token = tokenOf(item);
  return token === undefined ? {} : { token };
}

/**
 * Compares at most `limit` items at the beginning of a segment, which the caller chooses at random; it writes nothing.
 * @returns groups looked at, and those that differ though nothing is under way, with their differences
 */
export async function sampleDivergence(
  c: Comparing,
  segment: { segment: number; segments: number },
  limit: number,
  side: Side,
): Promise<{ checked: number; diverged: number; groups: { legacyKey: string; differences: Difference[] }[] }> {
  const { items } = await c.database.scan(side, { ...segment, limit });
  const { diverged } = await judgeSuspects(c, await suspectsOf(c, side, items), BEFORE_VERDICT);
  const groups = diverged.map((look) => ({ legacyKey: keyText(look.legacyKey), differences: differencesOf(look) }));
  return { checked: items.length, diverged: diverged.length, groups };
}

function stateOf(authority: Item | undefined, found: readonly Item[]): string {
  return [authority, ...found].map((item) => (item ? digest(item) : 'absent')).join();
}

function keysOf(model: Model, items: Iterable<Item>): Item[] {
  return [...items].map((item) => keyOf(item, model.schemas.target));
}

function distinct(keys: readonly Item[]): Item[] {
  return [...new Map(keys.map((key) => [keyText(key), key])).values()];
}

/** Items by the text of their key. One read takes a key once only. */
async function readMany(database: Database, side: Side, keys: readonly Item[]): Promise<Map<string, Item>> {
  const wanted = distinct(keys);
  const schema = Object.keys(wanted[0] ?? {});
  const answers = await inParallel(READS, parts(wanted, KEYS), (part) => database.getMany(side, part));
  return new Map(answers.flat().map((item) => [keyText(keyOf(item, [schema[0] as string, ...schema.slice(1)] as never)), item]));
}
