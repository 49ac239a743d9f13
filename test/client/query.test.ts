import { defineTransform } from '../../lambda/client';
import type { Schemas } from '../../lambda/core/model';
import type { Position } from '../../lambda/core/position';
import { bucketOf } from '../../lambda/core/routing-table';
import { Application, everyoneAt, Replication } from './application';

interface Order {
  readonly shop: string;
  readonly number: number;
  readonly total?: number;
}

const SCHEMAS: Schemas = { legacy: ['tenant', 'order'], target: ['shop', 'number'] };

/** Orders of one shop are one partition on both sides, but each moves by itself. */
const orders = defineTransform({
  version: '1',
  up: ({ tenant, order, total }) => (Number(order) < 0 ? [] : [{ shop: tenant, number: Number(order), total }]),
  down: ([target]) => target && { tenant: target.shop, order: String(target.number), total: target.total },
  legacyKey: ({ shop, number }) => ({ tenant: shop, order: String(number) }),
  routingKey: ({ tenant, order }) => `${tenant}/${order}`,
  legacyPartition: ({ shop }) => ({ tenant: shop }),
  canary: {
    item: (n) => ({ tenant: 'canary', order: String(n) }),
    number: ({ tenant, order }) => (tenant === 'canary' ? Number(order) : undefined),
  },
});

const NUMBERS = [100, 9, 20, 1, 3];

async function shop(definition: typeof orders = orders): Promise<{ app: Application; table: () => ReturnType<typeof tableOf> }> {
  const app = new Application({ definition, schemas: SCHEMAS });
  for (const number of NUMBERS) await tableOf(app).put({ shop: 'a', number, total: number * 2 });
  await tableOf(app).put({ shop: 'b', number: 5 });
  await new Replication(app.database, app.access, 'legacy').run();
  app.calls.length = 0;
  return { app, table: () => tableOf(app) };
}

function tableOf(app: Application) {
  return app.rollout.table<Order, Pick<Order, 'shop' | 'number'>>();
}

/** Half of the keys at one position, half at the other. */
function split(lower: Position, upper: Position) {
  return everyoneAt(upper, {
    ranges: [
      { below: 5000, position: lower },
      { below: 10_000, position: upper },
    ],
  });
}

const SORTED = [1, 3, 9, 20, 100].map((number) => ({ shop: 'a', number, total: number * 2 }));

test.each<[Position, Position, string[]]>([
  ['legacy', 'legacy', ['query']],
  ['dual-legacy', 'legacy', ['query']],
  ['target', 'target', ['query']],
  ['target', 'dual-target', ['query']],
  ['dual-target', 'dual-legacy', ['query', 'query']],
  ['fenced', 'shadow', ['query', 'query']],
  ['fenced', 'dual-target', ['query']],
])('between %s and %s: all items in order, with %j', async (lower, upper, calls) => {
  const { app, table } = await shop();
  await app.release(split(lower, upper));
  expect(await table().query({ shop: 'a' })).toEqual(SORTED);
  expect(app.calls).toEqual(calls);
});

test('each item comes from the side that answers for it', async () => {
  const { app, table } = await shop();
  await app.release(split('dual-target', 'dual-legacy'));
  const behind = NUMBERS.filter((number) => bucketOf(`a/${number}`) >= 5000);
  expect(behind.length).toBeGreaterThan(0);
  expect(behind.length).toBeLessThan(NUMBERS.length);
  for (const item of app.database.items('target')) app.database.put('target', { ...item, total: { N: '-1' } });
  const found = await table().query({ shop: 'a' });
  expect(found.filter(({ total }) => total !== -1).map(({ number }) => number)).toEqual(behind.sort((a, b) => a - b));
});

test('a pinned key is read from its own side', async () => {
  const { app, table } = await shop();
  await app.release(everyoneAt('legacy', { pins: [{ key: 'a/20', position: 'dual-target' }] }));
  app.database.remove('target', { shop: { S: 'a' }, number: { N: '20' } });
  app.database.remove('target', { shop: { S: 'a' }, number: { N: '9' } });
  expect((await table().query({ shop: 'a' })).map(({ number }) => number)).toEqual([1, 3, 9, 100]);
});

test('an empty partition is an empty list', async () => {
  const { app, table } = await shop();
  await app.release(split('dual-target', 'dual-legacy'));
  expect(await table().query({ shop: 'nobody' })).toEqual([]);
});

test('without legacyPartition it works only once every key is read from the target', async () => {
  const { app, table } = await shop(defineTransform({ ...orders, legacyPartition: undefined }));
  await app.release(split('target', 'dual-target'));
  expect(await table().query({ shop: 'a' })).toEqual(SORTED);
  await app.release(split('target', 'dual-legacy'));
  await expect(table().query({ shop: 'a' })).rejects.toMatchObject({
    name: 'InvalidConfiguration',
    message: expect.stringContaining('legacyPartition'),
  });
});

test('one legacy item behind the partition needs one side only', async () => {
  const single = defineTransform({ ...orders, legacyPartition: ({ shop }) => ({ tenant: shop, order: '20' }) });
  const { app, table } = await shop(single);
  await app.release(everyoneAt('legacy', { pins: [{ key: 'a/20', position: 'dual-target' }] }));
  await table().query({ shop: 'a' });
  expect(app.calls).toEqual(['query']);
});

test('a partition that moves while it is read is read again', async () => {
  const { app, table } = await shop();
  await app.release(split('dual-legacy', 'dual-legacy'));
  app.database.before = async (call) => {
    if (app.calls.push(call) === 1) await app.release({ ...split('dual-target', 'dual-legacy'), revision: 2 });
  };
  expect(await table().query({ shop: 'a' })).toEqual(SORTED);
  expect(app.calls).toEqual(['query', 'query', 'query']);
});
