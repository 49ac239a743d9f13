import { pathsThatDiffer } from '../core/attribute-paths';
import type { Clock } from '../core/control';
import { type Children, childrenOf, compareGroup, expected, represented } from '../core/group';
import { digest, type Item, keyOf, keyText, withoutStamp } from '../core/item';
import { sizeOf } from '../core/item-size';
import type { Agreement, JourneyDifference, JourneyItem, TransformAnswer } from '../core/journey';
import type { Model } from '../core/model';
import { parts } from '../core/pace';
import { isLasting } from '../core/poison';
import type { Database } from '../core/ports';
import type { Side } from '../core/position';
import { differencesOf } from '../core/reconcile';
import { groupDown } from '../core/settle';
import { tokenOf, writerOf } from '../core/stamp';
import type { ToldValues } from './told-values';

/** Looks at a group that differs, and milliseconds between two: a change under way mostly arrives in that time. */
const LOOKS = 4;
const PAUSE = 500;

/** Keys of one read (DynamoDB API, BatchGetItem). */
const KEYS = 100;

/** Characters of an error's text. */
const TEXT = 500;

interface Looking {
  readonly database: Database;
  readonly model: Model;
  readonly clock: Clock;
}

/** A group on both sides, read consistently one after the other. */
export interface GroupLook {
  readonly legacyKey: Item;
  readonly legacy?: Item;
  readonly found: Children;
  readonly agreement: Agreement;
}

/** Looks at a group, again and again while it differs. `candidates` are target keys that may belong to it. */
export async function lookAtGroup(looking: Looking, legacyKey: Item, candidates: readonly Item[]): Promise<GroupLook> {
  for (let looks = 1; ; looks++) {
    const group = await look(looking, legacyKey, candidates, looks);
    const { verdict } = group.agreement;
    if (verdict === 'same' || verdict === 'unknown' || looks === LOOKS) return group;
    await looking.clock.sleep(PAUSE);
  }
}

async function look(
  { database, model }: Looking,
  legacyKey: Item,
  candidates: readonly Item[],
  looks: number,
): Promise<GroupLook> {
  const stored = await shown(async () => [await database.get('legacy', legacyKey)]);
  const legacy = stored?.[0];
  const wanted = stored && unlessItFails(() => expected(model, legacy));
  const keys = [...candidates, ...(wanted?.values() ?? [])].map((item) => keyOf(item, model.schemas.target));
  const distinct = [...new Map(keys.map((key) => [keyText(key), key])).values()];
  const read = parts(distinct, KEYS).map((some) => shown(() => database.getMany('target', some)));
  const found = childrenOf(
    model,
    (await Promise.all(read)).flatMap((items) => items ?? []),
  );
  const own = { legacyKey, found, ...(legacy ? { legacy } : {}) };
  if (!wanted) return { ...own, agreement: { verdict: 'unknown', looks, differences: [] } };
  const verdict = compareGroup(wanted, found, legacy);
  return { ...own, agreement: { verdict, looks, differences: differences(wanted, found) } };
}

/** What a side shows; undefined for an item amended in place that the transform cannot bring into the form of that side. */
async function shown<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isLasting(error) && error.name !== 'ValidationException') return undefined;
    throw error;
  }
}

function differences(wanted: Children, found: Children): JourneyDifference[] {
  return differencesOf({ wanted, found }).map(({ targetKey, kind }) => {
    const [want, have] = [wanted.get(targetKey), found.get(targetKey)];
    return { targetKey, kind, ...(want && have ? { paths: pathsThatDiffer(want, have) } : {}) };
  });
}

/** The items of a group as they are told. */
export function itemsOf(model: Model, { legacy, found }: GroupLook, values: ToldValues): JourneyItem[] {
  const told = (side: Side, item: Item): JourneyItem => {
    const [token, writer] = [tokenOf(item), writerOf(item)];
    return {
      ...{ side, key: keyText(keyOf(item, model.schemas[side])) },
      ...(token === undefined ? {} : { token }),
      ...(writer === undefined ? {} : { writer }),
      ...{ digest: digest(withoutStamp(item)), bytes: sizeOf(item) },
      ...values.of('value', item),
    };
  };
  return [...(legacy ? [told('legacy', legacy)] : []), ...[...found.values()].map((item) => told('target', item))];
}

/** What the transform says of a group, both ways. */
export function answersOf(model: Model, { legacyKey, legacy, found }: GroupLook): { up: TransformAnswer; down: TransformAnswer } {
  return {
    up: legacy ? answer(() => [...represented(model, legacy).keys()]) : { outcome: 'none' },
    down: found.size > 0 ? answer(() => keysOf(groupDown(model, found, legacyKey), model)) : { outcome: 'none' },
  };
}

function keysOf(legacy: Item | undefined, { schemas }: Model): string[] {
  return legacy ? [keyText(keyOf(legacy, schemas.legacy))] : [];
}

function answer(ask: () => string[]): TransformAnswer {
  try {
    return { outcome: 'fits', keys: ask() };
  } catch (error) {
    const { name, message } = error as Error;
    return { outcome: 'fails', error: name, message: message.slice(0, TEXT) };
  }
}

function unlessItFails<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
