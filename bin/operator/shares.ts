import type { Position } from '../../lambda/core/position';
import { BUCKETS, type RoutingTable } from '../../lambda/core/routing-table';

/** Share of all buckets in each position, 0 to 1. Pinned keys are so few that they do not count, unless they stand elsewhere. */
export function sharesOf(table: RoutingTable): Map<Position, number> {
  const shares = new Map<Position, number>();
  let from = 0;
  for (const { below, position } of table.ranges) {
    shares.set(position, (shares.get(position) ?? 0) + (below - from) / BUCKETS);
    from = below;
  }
  for (const { position } of table.pins) if (!shares.has(position)) shares.set(position, 0);
  return shares;
}
