import { RolloutError } from './errors';
import type { Item } from './item';
import type { Model } from './model';
import type { Position } from './position';
import type { RoutingSource } from './routing-source';
import { positionOf, type RoutingTable } from './routing-table';

/**
 * Nothing is written when less time is left, in milliseconds: a write in flight must be over before the process ends,
 * and a call of the database takes up to eight seconds.
 */
export const SPARE_MILLISECONDS = 10_000;

/** Where a group stands, and the leave to write on the strength of it. */
export interface Permit {
  readonly table: RoutingTable;
  readonly position: Position;
  /**
   * Throws `LeaseExpired` when no table is under lease, when the group has meanwhile moved, or when the time is up.
   * A refresh in the middle renews the lease but may bring another table: what was decided by the old one must not
   * be written under the lease of the new one.
   */
  readonly mayWrite: () => void;
}

/** @throws LeaseExpired */
export async function permitFor(routing: RoutingSource, model: Model, legacyKey: Item, remaining: () => number): Promise<Permit> {
  const table = await routing.current();
  const position = positionOf(table, model, legacyKey);
  return {
    table,
    position,
    mayWrite: () => {
      if (remaining() < SPARE_MILLISECONDS) throw expired('The time of this invocation is nearly up');
      const now = routing.leased();
      const moved = now !== table && (positionOf(now, model, legacyKey) !== position || now.salvage !== table.salvage);
      if (moved) throw expired(`The routing table changed from revision ${table.revision} to ${now.revision} meanwhile`);
    },
  };
}

function expired(why: string): RolloutError {
  return new RolloutError('LeaseExpired', `${why}, so nothing more is written. It is tried again.`);
}
