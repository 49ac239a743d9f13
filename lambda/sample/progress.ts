import type { Publish } from '../core/control';
import type { Checkpoint, Lease, Ledger } from '../core/ledger';
import { METRICS } from '../core/names';
import type { Plan } from '../core/plan';
import { authorityOf, type Position } from '../core/position';
import { type RoutingTable, usersInLegacy } from '../core/routing-table';
import { sharesOf } from '../core/shares';

interface ProgressPorts {
  readonly ledger: Ledger;
  readonly plan: Plan;
}

type Metrics = Parameters<Publish>[0];

/** How far a migration has come: what share of the keys has moved, and, while items are copied, of those. Pinned keys do not count. */
export async function progressOf(ports: ProgressPorts, table: RoutingTable): Promise<Metrics> {
  return {
    [METRICS.keysMoving]: shareOf(table, (position) => position !== 'legacy'),
    [METRICS.keysOnTarget]: shareOf(table, (position) => authorityOf(position) === 'target'),
    ...(await copiedOf(ports, table)),
  };
}

async function copiedOf({ ledger, plan }: ProgressPorts, table: RoutingTable): Promise<Metrics> {
  const lease = await ledger.lease();
  const phase = lease?.kind === 'rollout' ? phaseOf(lease, plan, table) : undefined;
  if (!lease || !phase) return {};
  const size = (await ledger.note('size')) as { items: number; slices: number } | undefined;
  const checkpoints = await ledger.checkpoints(lease.run, phase);
  if (!size || checkpoints.length === 0) return {};
  const done = checkpoints.filter((checkpoint) => checkpoint.done).length;
  const items = checkpoints.reduce((sum, { counts }) => sum + itemsIn(counts), 0);
  return {
    [METRICS.copiedSlices]: percent(done, size.slices),
    // DynamoDB counts the items of a table every six hours or so: the slices know better when all is done.
    [METRICS.copiedItems]: done >= size.slices ? 100 : percent(items, size.items),
  };
}

/** The phase in which items are copied or amended now, if they are: before keys move, or, in place, when all have. */
function phaseOf({ generation }: Lease, { kind }: Plan, table: RoutingTable): string | undefined {
  if (kind === 'reindex') return undefined;
  if (kind !== 'amend') return usersInLegacy(table) ? 'backfill' : undefined;
  return shareOf(table, (position) => position === 'target') === 100 ? `target-${generation}-1` : undefined;
}

function itemsIn({ items, checked }: Checkpoint['counts']): number {
  return items ?? checked ?? 0;
}

/** Percent of the keys. */
function shareOf(table: RoutingTable, counts: (position: Position) => boolean): number {
  const shares = [...sharesOf(table)].filter(([position]) => counts(position));
  return Number((100 * shares.reduce((sum, [, share]) => sum + share, 0)).toFixed(9));
}

/** Of nothing, all is done. */
function percent(some: number, all: number): number {
  return all === 0 ? 100 : Math.min(100, (100 * some) / all);
}
