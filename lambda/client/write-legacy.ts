import { asRead, type Children, represented, requireSeen } from '../core/group';
import { type Item, keyOf, keyText } from '../core/item';
import type { Write } from '../core/ports';
import { groupDown } from '../core/settle';
import { stamped } from '../core/stamp';
import type { Access, Routed } from './access';
import type { Attempt, Decision, Intent } from './write';

/** `legacy` and `shadow`: the legacy item, conditional on the version read. Forward replication brings the target along. */
export async function beginLegacy(access: Access, routed: Routed, intent: Intent): Promise<Attempt> {
  const legacy = await access.database.get('legacy', routed.legacyKey);
  return { read: [legacy], decide: (token) => decide(access, routed, intent, legacy, token) };
}

/** `dual-legacy`: the same, and in the same transaction the target becomes what the new legacy item makes of it. */
export async function beginDualLegacy(access: Access, routed: Routed, intent: Intent): Promise<Attempt> {
  const legacy = await access.database.get('legacy', routed.legacyKey);
  const both = (token: string): Decision => {
    const { writes, result, before, after } = decide(access, routed, intent, legacy, token);
    if (writes.length === 0) return { writes, result };
    return { writes: [...writes, ...follow(access, before, after, token)], result };
  };
  return { read: [legacy], decide: both };
}

function decide(access: Access, { legacyKey }: Routed, intent: Intent, legacy: Item | undefined, token: string) {
  const { model } = access;
  const before = represented(model, legacy);
  const text = keyText(intent.key);
  const result = intent.change(before.get(text));
  const after = changed(before, text, result);
  const idle = !result && !before.has(text);
  if (!idle) requireSeen(model, legacy, before);
  const writes = idle ? [] : [legacyWrite(legacyKey, legacy, groupDown(model, after, legacyKey), token)];
  return { writes, result, before, after };
}

/**
 * The target only follows, so no condition is asked of it. Every item of the group is written, not only the changed one:
 * then all carry the token of the legacy version that they were made from, forward replication finds nothing left to
 * do, and an older replication still under way finds none of the tokens that it waits for.
 */
function follow({ model }: Access, before: Children, after: Children, token: string): Write[] {
  const puts = [...after.values()].map((item): Write => ({ do: 'put', side: 'target', item: stamped(item, token, 'client') }));
  const gone = [...before].filter(([text]) => !after.has(text));
  const deletes = gone.map(([, item]): Write => ({ do: 'delete', side: 'target', key: keyOf(item, model.schemas.target) }));
  return [...puts, ...deletes];
}

/** The group with one item put, or taken out. */
export function changed(group: Children, text: string, item: Item | undefined): Children {
  const next = new Map(group);
  if (item) next.set(text, item);
  else next.delete(text);
  return next;
}

/** Makes the legacy item what it has to be, if it is still the version read. */
export function legacyWrite(key: Item, found: Item | undefined, wanted: Item | undefined, token: string): Write {
  const when = asRead(found);
  if (wanted) return { do: 'put', side: 'legacy', item: stamped(wanted, token, 'client'), when };
  if (found) return { do: 'delete', side: 'legacy', key, when };
  return { do: 'check', side: 'legacy', key, when };
}
