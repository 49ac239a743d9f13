import { type Position, rankOf } from '../../lambda/core/position';
import { BUCKETS, furthest, type RoutingTable } from '../../lambda/core/routing-table';

/** P1 for one key: the same position, or one beside it. `fenced` is entered from the target's authority and left to `dual-legacy`. */
export function areNeighbours(a: Position, b: Position): boolean {
  if (a === b) return true;
  if (a === 'fenced') return rankOf(b) >= rankOf('dual-legacy');
  if (b === 'fenced') return areNeighbours(b, a);
  return Math.abs(rankOf(a) - rankOf(b)) === 1;
}

/** Where a bucket stands. */
export function positionOfBucket(table: RoutingTable, bucket: number): Position {
  return (table.ranges.find(({ below }) => bucket < below) as { position: Position }).position;
}

/** One bucket for each stretch in which neither table changes. */
export function bucketsOf(...tables: RoutingTable[]): number[] {
  const edges = tables.flatMap(({ ranges }) => ranges.map(({ below }) => below));
  return [...new Set([0, ...edges])].filter((bucket) => bucket < BUCKETS);
}

/** Everything that breaks P1 between two tables, as texts. `positionOfKey` says where a key without a pin stands. */
export function brokenBetween(a: RoutingTable, b: RoutingTable, bucketOfKey: (key: string) => number): string[] {
  const pairs: [string, Position, Position][] = [
    ...bucketsOf(a, b).map((n): [string, Position, Position] => [`bucket ${n}`, positionOfBucket(a, n), positionOfBucket(b, n)]),
    ...[...a.pins, ...b.pins].map(({ key }): [string, Position, Position] => [`pin ${key}`, at(a, key), at(b, key)]),
    ['scout', a.scout, b.scout],
    ['lead', furthest(a), furthest(b)],
  ];
  function at(table: RoutingTable, key: string): Position {
    return table.pins.find((pin) => pin.key === key)?.position ?? positionOfBucket(table, bucketOfKey(key));
  }
  return pairs.filter(([, from, to]) => !areNeighbours(from, to)).map(([what, from, to]) => `${what}: ${from} -> ${to}`);
}
