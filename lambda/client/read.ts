import { expected } from '../core/group';
import { type Item, keyText } from '../core/item';
import { authorityOf } from '../core/position';
import { type Access, ATTEMPTS, contention, type Routed, route } from './access';
import type { Comparison } from './comparison';

/** The item with this key, or undefined: read consistently from the side that answers for it. @throws LeaseExpired */
export async function read(access: Access, comparison: Comparison, key: Item): Promise<Item | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const routed = await route(access, key);
    const item = await readAt(access, routed);
    if (!routed.holds()) continue;
    comparison.sample(routed);
    return item;
  }
  throw contention('read', key);
}

async function readAt({ database, model }: Access, { position, targetKey, legacyKey }: Routed): Promise<Item | undefined> {
  if (authorityOf(position) === 'target') return database.get('target', targetKey);
  return expected(model, await database.get('legacy', legacyKey)).get(keyText(targetKey));
}
