import { RolloutError } from '../core/errors';
import { expected } from '../core/group';
import { canonical, type Item, keyOf, keyText } from '../core/item';
import { authorityOf, type Side } from '../core/position';
import { positionOf, positionsOf, type RoutingTable } from '../core/routing-table';
import { type Access, ATTEMPTS, contention, route } from './access';
import type { Comparison } from './comparison';
import { compareSortKeys } from './sort-order';

/**
 * Every item of one target partition, by sort key. Where all keys that may be in it are read from one side, one query
 * does; otherwise both sides are asked, and each group is taken from the side that answers for it. As on DynamoDB, the
 * items are no snapshot of the partition: each one is the latest version.
 */
export async function query(access: Access, comparison: Comparison, partition: Item): Promise<Item[]> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const table = await access.routing.current();
    const items = await queryUnder(access, table, partition);
    if (!stillReads(access, table)) continue;
    const [one] = items.slice(Math.floor(access.random() * items.length));
    if (one) comparison.sample(await route(access, keyOf(one, access.model.schemas.target)));
    return items;
  }
  throw contention('query', partition);
}

async function queryUnder(access: Access, table: RoutingTable, partition: Item): Promise<Item[]> {
  const { model } = access;
  const behind = model.legacyPartition(partition)?.key;
  const sides = sidesOf(access, table, behind);
  const found = await Promise.all(
    sides.map((side) => (side === 'legacy' ? fromLegacy(access, partition, behind) : fromTarget(access, partition))),
  );
  const items = found.flatMap((all, index) =>
    sides.length === 1 ? all : all.filter((item) => sideFor(access, table, item) === sides[index]),
  );
  const sort = model.schemas.target[1];
  return sort === undefined ? items : items.sort((a, b) => compareSortKeys(a[sort], b[sort]));
}

/** The sides on which items of a partition may have to be read. One legacy item alone behind it has one position. */
function sidesOf({ model }: Access, table: RoutingTable, behind: Item | undefined): Side[] {
  if (behind && model.schemas.legacy.every((name) => behind[name])) return [authorityOf(positionOf(table, model, behind))];
  return [...new Set(positionsOf(table).map(authorityOf))];
}

function sideFor({ model }: Access, table: RoutingTable, item: Item): Side {
  return authorityOf(positionOf(table, model, model.legacyKey(keyOf(item, model.schemas.target))));
}

function fromTarget({ database }: Access, partition: Item): Promise<Item[]> {
  return database.query('target', partition);
}

async function fromLegacy({ database, model }: Access, partition: Item, behind: Item | undefined): Promise<Item[]> {
  if (!behind) throw noLegacyPartition(partition);
  const legacy = await database.query('legacy', behind);
  const made = legacy.flatMap((item) => [...expected(model, item).values()]);
  const wanted = canonical(partition);
  return made.filter((item) => canonical(keyOf(item, [model.schemas.target[0]])) === wanted);
}

/** True when the table that is held now reads every key where the former one did. */
function stillReads({ routing }: Access, table: RoutingTable): boolean {
  const now = routing.held();
  return now === table || (now !== undefined && reading(now) === reading(table));
}

function reading({ ranges, pins }: RoutingTable): string {
  const sides = [...ranges, ...pins].map(({ position, ...which }) => ({ ...which, side: authorityOf(position) }));
  return JSON.stringify(sides);
}

function noLegacyPartition(partition: Item): RolloutError {
  return new RolloutError(
    'InvalidConfiguration',
    `The target partition ${keyText(partition)} cannot be queried while keys are read from the legacy table, because the ` +
      'transform does not say where their legacy items are. Add legacyPartition to defineTransform.',
    { partition: keyText(partition) },
  );
}
