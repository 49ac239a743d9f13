import type { Clock } from '../core/control';
import { RolloutError } from '../core/errors';
import { type Item, keyText } from '../core/item';
import type { Model } from '../core/model';
import type { Database } from '../core/ports';
import type { Position } from '../core/position';
import type { RoutingSource } from '../core/routing-source';
import { positionOf, type RoutingTable } from '../core/routing-table';
import type { Tokens } from '../core/stamp';
import type { RolloutEvent } from './events';

/** What the client works with. */
export interface Access {
  readonly database: Database;
  readonly model: Model;
  readonly routing: RoutingSource;
  readonly tokens: Tokens;
  readonly clock: Clock;
  /** At least 0, less than 1. */
  readonly random: () => number;
  readonly tell: (event: RolloutEvent) => void;
  /** Milliseconds for which a write to a fenced key is tried again before it fails. */
  readonly fenceWait: number;
}

/** A key with the position that it has at this moment. */
export interface Routed {
  readonly table: RoutingTable;
  readonly position: Position;
  readonly targetKey: Item;
  readonly legacyKey: Item;
  /**
   * True while the position may be acted on. A refresh in the middle renews the lease but may bring another table:
   * what was decided by the old one must not be done under the lease of the new one.
   */
  readonly holds: () => boolean;
}

/** Tries of one operation; each loses only to another write of the same group, or to a change of the routing table. */
export const ATTEMPTS = 20;

const FIRST_PAUSE = 10;
const LAST_PAUSE = 500;

/** @throws LeaseExpired */
export async function route(access: Access, targetKey: Item): Promise<Routed> {
  const { routing, model } = access;
  const table = await routing.current();
  const legacyKey = model.legacyKey(targetKey);
  const position = positionOf(table, model, legacyKey);
  const holds = () => {
    const now = routing.held();
    return now === table || (now !== undefined && positionOf(now, model, legacyKey) === position);
  };
  return { table, position, targetKey, legacyKey, holds };
}

/** Waits a random part of a time that doubles with each attempt, from 10 to 500 milliseconds. */
export function backOff(access: Access, attempt: number): Promise<void> {
  return access.clock.sleep(access.random() * Math.min(LAST_PAUSE, FIRST_PAUSE * 2 ** attempt));
}

/** The error when all attempts are used up. */
export function contention(operation: string, key: Item): RolloutError {
  return new RolloutError(
    'TooMuchContention',
    `${ATTEMPTS} tries to ${operation} ${keyText(key)} each met another write of the same group or a change of the ` +
      'routing table. Nothing was done; try again later, and spread out writes to one group.',
    { key: keyText(key), operation },
  );
}
