import { RolloutError } from '../core/errors';
import { asRead, type Children, childrenOf, compareGroup, represented, requireSeen } from '../core/group';
import { type Item, keyOf, keyText } from '../core/item';
import type { Write } from '../core/ports';
import { groupDown } from '../core/settle';
import { stamped } from '../core/stamp';
import type { Access, Routed } from './access';
import { plainItem } from './codec';
import type { Attempt, Decision, Intent } from './write';
import { changed, legacyWrite } from './write-legacy';

/**
 * `dual-target`: the target is the truth, and legacy gets `down` of the whole group in the same transaction.
 *
 * The legacy item is read first and is the index of the group: its own items, and the one to be changed, are all that
 * this client knows of. A client already in `target` may have made a sibling that reverse replication has not brought
 * yet. That is no harm: reverse replication will, over the version written here; and if it has meanwhile, the
 * condition on the legacy version fails and the next attempt sees the sibling. Siblings are checked as read, because
 * `down` was made of them.
 */
export async function beginDualTarget(access: Access, routed: Routed, intent: Intent): Promise<Attempt> {
  const { database, model } = access;
  const legacy = await database.get('legacy', routed.legacyKey);
  const wanted = represented(model, legacy);
  const keys = keysOf(access, wanted, intent.key);
  const found = childrenOf(model, await database.getMany('target', [...keys.values()]));
  return {
    read: [...found.values(), legacy],
    decide: (token) => {
      if (compareGroup(wanted, found, legacy) === 'diverged') throw diverged(access, routed);
      const decision = decide(access, routed, intent, { legacy, keys, found }, token);
      if (decision.writes.length > 0) requireSeen(model, legacy, wanted);
      return decision;
    },
  };
}

interface Group {
  readonly legacy: Item | undefined;
  readonly keys: ReadonlyMap<string, Item>;
  readonly found: Children;
}

function decide({ model }: Access, { legacyKey }: Routed, intent: Intent, group: Group, token: string): Decision {
  const { legacy, keys, found } = group;
  const text = keyText(intent.key);
  const now = found.get(text);
  const result = intent.change(now);
  if (!result && !now) return { writes: [], result };
  const own: Write = result
    ? { do: 'put', side: 'target', item: stamped(result, token, 'client'), when: asRead(now) }
    : { do: 'delete', side: 'target', key: intent.key, when: asRead(now) };
  const siblings = [...keys]
    .filter(([sibling]) => sibling !== text)
    .map(([sibling, key]): Write => ({ do: 'check', side: 'target', key, when: asRead(found.get(sibling)) }));
  const next = groupDown(model, changed(found, text, result), legacyKey);
  return { writes: [own, ...siblings, legacyWrite(legacyKey, legacy, next, token)], result };
}

function keysOf({ model }: Access, wanted: Children, key: Item): Map<string, Item> {
  const keys = new Map([...wanted].map(([text, item]) => [text, keyOf(item, model.schemas.target)]));
  return keys.set(keyText(key), key);
}

function diverged(access: Access, { targetKey, legacyKey }: Routed): RolloutError {
  access.tell({ type: 'diverged', key: plainItem(targetKey) ?? {}, legacyKey: plainItem(legacyKey) ?? {} });
  return new RolloutError(
    'Diverged',
    `The target items of ${keyText(legacyKey)} and the legacy item have one version and different contents: something other ` +
      'than this client, the replication or the backfill wrote to one of the tables. Nothing was written, because nothing may be ' +
      'built on that. Roll the migration back, and find out who writes to the tables.',
    { targetKey: keyText(targetKey), legacyKey: keyText(legacyKey) },
  );
}
