import { modelFrom } from '../../lambda/adapters/model';
import type { QueryDefinition } from '../../lambda/client/query-definition';
import { defineTransform } from '../../lambda/client/transform';
import type { Item } from '../../lambda/core/item';
import { stamped } from '../../lambda/core/stamp';
import { type QueriesPorts, queries } from '../../lambda/queries/queries';
import { MemoryDatabase } from '../memory/memory-database';
import { MemoryLedger } from '../memory/memory-ledger';
import { MemoryQueries } from '../memory/memory-queries';
import { TestClock } from '../memory/people';

const INDEXES = { byTown: ['town', 'name'], byTownAge: ['town', 'age'] } as const;

const inTown: QueryDefinition = {
  of: ({ town }) => (town === undefined ? undefined : { town }),
  legacy: ({ town }) => ({ index: 'byTown', partition: { town } }),
  target: ({ town }) => ({ index: 'byTownAge', partition: { town } }),
};
export const byId: QueryDefinition = {
  of: ({ id }) => ({ id }),
  legacy: ({ id }) => ({ partition: { id } }),
  target: ({ id }) => ({ partition: { pk: `P#${id}` } }),
};
export const oldest: QueryDefinition = {
  of: inTown.of,
  legacy: ({ town }) => ({ index: 'byTownAge', partition: { town }, descending: true, limit: 2 }),
  target: ({ town }) => ({ index: 'byTownAge', partition: { town }, sort: { age: { atLeast: 0 } }, descending: true, limit: 2 }),
  legacyAnswer: (items) => items.map(({ name }) => ({ name })),
  targetAnswer: (items) => items.map(({ name }) => ({ name })),
  ordered: true,
};

const modelOf = (more: Record<string, QueryDefinition> = {}) =>
  modelFrom(
    defineTransform({
      version: 'residents-1',
      up: ({ id, ...rest }) => [{ pk: `P#${id}`, ...rest }],
      down: ([item]) => item && { id: item.pk.slice(2) },
      legacyKey: ({ pk }) => ({ id: String(pk).slice(2) }),
      canary: {
        item: (n) => ({ id: `canary-${n}` }),
        number: ({ id }) => (String(id).startsWith('canary-') ? Number(String(id).slice(7)) : undefined),
      },
      queries: { inTown, byId, oldest, ...more },
    }),
    { legacy: ['id'], target: ['pk'] },
  );

/** Somebody in the legacy table. */
export const resident = (id: string, age: number, town = 'Ghent'): Item => ({
  id: { S: id },
  name: { S: `name ${id}` },
  age: { N: String(age) },
  town: { S: town },
});

/** Ten residents of two towns, on both sides, and a canary that has the greatest age. */
export async function scene(more: Record<string, QueryDefinition> = {}) {
  const model = modelOf(more);
  const database = new MemoryDatabase(model.schemas);
  const both = (item: Item) => {
    database.put('legacy', stamped(item, 'old', 'client'));
    for (const child of model.up(item)) database.put('target', stamped(child, 'new', 'backfill'));
  };
  for (let n = 0; n < 10; n++) both(resident(`r${n}`, n, n % 2 === 0 ? 'Ghent' : 'Bruges'));
  both(resident('canary-1', 99));
  const ledger = new MemoryLedger();
  const { generation } = await ledger.acquire('run-1', 'execution-1');
  const clock = new TestClock();
  const asking = new MemoryQueries(database, INDEXES);
  const ports: QueriesPorts = {
    ...{ ledger, database, model, clock, queries: asking, random: Math.random },
    remaining: () => 900_000,
  };
  const ask = (names: string[], options: Partial<QueriesPorts> & { observeOnly?: boolean; sample?: number } = {}) => {
    const { observeOnly = false, sample = 100, ...others } = options;
    return queries({ ...ports, ...others }, { run: 'run-1', generation, stage: 2, queries: { names, sample, observeOnly } });
  };
  return { model, database, ledger, generation, clock, asking, ask };
}
