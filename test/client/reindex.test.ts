import { toWire } from '../../lambda/adapters/model';
import { defineReindex, isRolloutError } from '../../lambda/client';
import type { Item } from '../../lambda/core/item';
import { canonical } from '../../lambda/core/item';
import { BUCKETS, bucketOf } from '../../lambda/core/routing-table';
import { MemoryQueries } from '../memory/memory-queries';
import { Application, everyoneAt, type Options } from './application';

const INDEXES = { byTown: ['town', 'name'], byTownAge: ['town', 'age'] } as const;
const SCHEMAS = { legacy: ['id'], target: ['id'] } as const;

const definition = defineReindex({
  version: 'by-age',
  queries: {
    inTown: {
      of: ({ town }) => ({ town }),
      legacy: ({ town }) => ({ index: 'byTown', partition: { town } }),
      target: ({ town }) => ({ index: 'byTownAge', partition: { town } }),
    },
  },
});

const resident = (id: string, town: string, more: Item = {}): Item => ({
  ...{ id: { S: id }, name: { S: `name ${id}` }, age: { N: '40' }, town: { S: town } },
  ...more,
});

/** An application that asks about residents of towns. What it asks of a side is in `asked`. */
function residents(position: Parameters<typeof everyoneAt>[0], options: Options = {}) {
  const asked: string[] = [];
  const app = new Application({ definition, schemas: SCHEMAS, table: everyoneAt(position, { sample: 100 }), ...options });
  const queries = new MemoryQueries(app.database, INDEXES);
  const page = queries.page.bind(queries);
  queries.page = async (side, query, after) => {
    if (!after) asked.push(`${query.index}`);
    return page(side, query, after);
  };
  // One table has both indexes.
  for (const side of ['legacy', 'target'] as const) {
    for (let n = 0; n < 7; n++) app.database.put(side, resident(`p${n}`, n < 4 ? 'Ghent' : 'Delft'));
  }
  return { app, asked, rollout: app.connectedWith(queries) };
}

test.each([
  ['legacy', ['byTown']],
  ['target', ['byTownAge']],
] as const)('in %s one index is asked, all of its pages', async (position, indexes) => {
  const { rollout, asked, app } = residents(position);
  const found = await rollout.ask<{ id: string }>('inTown', { town: 'Ghent' });
  expect(found.map(({ id }) => id)).toEqual(['p0', 'p1', 'p2', 'p3']);
  expect(found[0]).toEqual({ id: 'p0', name: 'name p0', age: 40, town: 'Ghent' });
  await rollout.idle();
  expect(asked).toEqual(indexes);
  expect(app.reports).toEqual([]);
});

test('the params decide: the same ones ask the same index, and a share of them moves', async () => {
  const textOf = (town: string) => canonical(toWire({ town }));
  const below = Math.max(bucketOf(textOf('Ghent')), bucketOf(textOf('Delft')));
  const ranges = [
    { below, position: 'target' as const },
    { below: BUCKETS, position: 'legacy' as const },
  ];
  const { rollout, asked } = residents('legacy', { table: everyoneAt('legacy', { ranges }) });
  for (const town of ['Ghent', 'Delft', 'Ghent', 'Delft']) await rollout.ask('inTown', { town });
  expect(new Set(asked)).toEqual(new Set(['byTown', 'byTownAge']));
  expect(asked.slice(0, 2)).toEqual(asked.slice(2));
});

test('in shadow the old index answers, and a sample is compared', async () => {
  const { rollout, asked, app } = residents('shadow');
  await rollout.ask('inTown', { town: 'Ghent' });
  await rollout.idle();
  expect(asked).toEqual(['byTown', 'byTown', 'byTownAge']);
  expect(app.reports).toMatchObject([{ reads: 1, mismatches: 0, failures: 0 }]);
});

test('an answer that stays another is a mismatch, told without the items', async () => {
  const { rollout, app } = residents('shadow');
  app.database.put('target', resident('p0', 'Ghent', { age: { N: '41' } }));
  await rollout.ask('inTown', { town: 'Ghent' });
  await rollout.idle();
  expect(app.reports).toMatchObject([{ reads: 1, mismatches: 1 }]);
  expect(app.events).toEqual([
    {
      ...{ type: 'answer-mismatch', query: 'inTown', params: { town: 'Ghent' } },
      ...{ legacyOnly: 1, targetOnly: 1, outOfOrder: 0, attributes: ['age'] },
    },
  ]);
  expect(app.sleeps).toEqual([5000]);
});

test('an index that lags is no mismatch', async () => {
  const { rollout, app } = residents('shadow', {
    sleep: async () => app.database.put('target', resident('p0', 'Ghent')),
  });
  app.database.put('target', resident('p0', 'Ghent', { age: { N: '41' } }));
  await rollout.ask('inTown', { town: 'Ghent' });
  await rollout.idle();
  expect(app.reports).toMatchObject([{ reads: 1, mismatches: 0 }]);
});

test('an item that changes all the time, and is seen at other moments, counts neither way', async () => {
  let age = 50;
  const change = () => {
    for (const side of ['legacy', 'target'] as const) app.database.put(side, resident('p0', 'Ghent', { age: { N: `${age++}` } }));
  };
  const { rollout, app } = residents('shadow', { sleep: async () => change() });
  change();
  await rollout.ask('inTown', { town: 'Ghent' });
  await rollout.idle();
  expect(app.reports).toEqual([]);
  expect(app.events).toEqual([]);
});

test('a comparison that fails is counted and told, and the answer is given', async () => {
  const { rollout, app } = residents('shadow');
  const broken = app.connectedWith({
    page: async (side) => {
      if (side === 'target') throw new Error('no such index');
      return { items: [] };
    },
  });
  expect(await broken.ask('inTown', { town: 'Ghent' })).toEqual([]);
  await broken.idle();
  expect(app.events).toMatchObject([{ type: 'comparison-failed', query: 'inTown', key: { town: 'Ghent' } }]);
  await expect(rollout.ask('inTown', { town: 'Ghent' })).resolves.toHaveLength(4);
});

test('what cannot be asked is refused by name', async () => {
  const { rollout, app } = residents('target');
  await expect(rollout.ask('inStreet', {})).rejects.toThrow('has no query inStreet; it has: inTown');
  await expect(rollout.ask('inTown', null as never)).rejects.toMatchObject({ name: 'InvalidItem' });
  expect(() => rollout.table()).toThrow('a StagedReindex moves queries only');
  await expect(rollout.route({ id: '1' })).rejects.toThrow('route() is for changes of items');
  const other = await new Application().rollout.ask('inTown', {}).catch((error) => error);
  expect(isRolloutError(other, 'InvalidConfiguration')).toBe(true);
  app.table = undefined;
  app.time += 3_600_000;
  await expect(rollout.ask('inTown', { town: 'Ghent' })).rejects.toMatchObject({ name: 'LeaseExpired' });
});

test('an error of the index that answers reaches the caller', async () => {
  const { app } = residents('target');
  const broken = app.connectedWith({ page: () => Promise.reject(new Error('throttled')) });
  await expect(broken.ask('inTown', { town: 'Ghent' })).rejects.toThrow('throttled');
});
