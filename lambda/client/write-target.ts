import { asRead } from '../core/group';
import type { Item } from '../core/item';
import type { Write } from '../core/ports';
import { stamped } from '../core/stamp';
import type { Access, Routed } from './access';
import type { Attempt, Decision, Intent } from './write';

/**
 * `target`: one write of the one item, as in an application without a rollout. Reverse replication brings legacy along.
 *
 * A put or a delete whose outcome does not depend on the item found is written without a read and without a condition:
 * the last writer wins. That is safe beside clients that are still in `dual-target`. A transaction of theirs asks that
 * the item, or its absence, is as they read it. If this write lands first, theirs fails and reads again, or, where
 * item was and is absent, follows on it. If it lands later, it wins over the target item only; their legacy item is
 * then older than the target, which is what reverse replication mends, from the target items as they stand and not from
 * images. Absence has no token, but whoever builds on absence in `dual-target` also asks for the legacy version.
 *
 * As with every unconditional write on DynamoDB, the SDK may send one again whose answer was lost, after another
 * writer's. Where that matters, `update` is conditional on what it read.
 */
export async function beginTarget(access: Access, _routed: Routed, intent: Intent): Promise<Attempt> {
  const now = intent.blind ? undefined : await access.database.get('target', intent.key);
  return { read: [now], decide: (token) => decide(intent, now, token) };
}

function decide(intent: Intent, now: Item | undefined, token: string): Decision {
  const result = intent.change(now);
  if (!intent.blind && !result && !now) return { writes: [], result };
  const when = intent.blind ? {} : { when: asRead(now) };
  const own: Write = result
    ? { do: 'put', side: 'target', item: stamped(result, token, 'client'), ...when }
    : { do: 'delete', side: 'target', key: intent.key, ...when };
  return { writes: [own], result };
}
