/** The two tables of a migration. */
export type Side = 'legacy' | 'target';

/** Where a key stands, in the order in which keys move. Neighbours are compatible: a fleet may be half in one, half in the next. */
export const POSITIONS = ['legacy', 'shadow', 'dual-legacy', 'dual-target', 'target'] as const;

/**
 * `fenced` stands beside the chain, between `dual-target` and `dual-legacy`: a hard rollback holds keys there, with reads
 * on the target and no writes, until reverse replication has drained.
 */
export type Position = (typeof POSITIONS)[number] | 'fenced';

/** What changes: a model that gets tables of its own, the items of one table in place, or the index that queries ask. */
export const KINDS = ['rehydrate', 'amend', 'reindex'] as const;

export type Kind = (typeof KINDS)[number];

/** The positions that keys go through, in order. In one table nothing has to be written twice, but two indexes can be compared. */
const CHAINS: Readonly<Record<Kind, readonly Position[]>> = {
  rehydrate: POSITIONS,
  amend: ['legacy', 'target'],
  reindex: ['legacy', 'shadow', 'target'],
};

/** The side whose version of a key is the truth. It answers reads, and replication runs from it to the other side. */
export function authorityOf(position: Position): Side {
  return position === 'dual-target' || position === 'target' || position === 'fenced' ? 'target' : 'legacy';
}

/** How far along the chain a position is; `fenced` counts with `dual-target`, whose neighbours it may be left to. */
export function rankOf(position: Position): number {
  return position === 'fenced' ? POSITIONS.indexOf('dual-target') : POSITIONS.indexOf(position);
}

/** The next position towards `goal`: one step, or none when it is there. */
export function stepTowards(position: Position, goal: Position, kind: Kind = 'rehydrate'): Position {
  const distance = rankOf(goal) - rankOf(position);
  if (distance === 0) return goal;
  const chain = CHAINS[kind];
  return chain[chain.indexOf(position === 'fenced' ? 'dual-target' : position) + Math.sign(distance)] as Position;
}
