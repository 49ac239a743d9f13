import fc from 'fast-check';
import { SplitSingleTable } from '../../examples/split-a-single-table/stack';
import transform from '../../examples/split-a-single-table/transform';
import { modelFrom, toWire } from '../../lambda/adapters/model';
import { canonical } from '../../lambda/core/item';
import { answerOf } from '../../lambda/core/pattern-answer';
import { MemoryDatabase } from '../memory/memory-database';
import { MemoryQueries } from '../memory/memory-queries';
import { describeMigration } from './migration-recipe';
import { staged } from './stage';

const id = fc.stringMatching(/^[a-d][a-z0-9]{0,3}$/);
const rest = { total: fc.integer(), note: fc.string(), lines: fc.array(fc.record({ sku: fc.string(), count: fc.nat() })) };
const order = fc.tuple(id, id).map(([customer, number]) => ({ pk: `CUSTOMER#${customer}`, sk: `ORDER#${number}` }));
const other = fc.oneof(
  id.map((customer) => ({ pk: `CUSTOMER#${customer}`, sk: 'PROFILE' })),
  fc.tuple(id, id).map(([product, part]) => ({ pk: `PRODUCT#${product}`, sk: `ORDER#${part}` })),
);
const withRest = <T extends object>(keys: fc.Arbitrary<T>) =>
  fc.tuple(keys, fc.record(rest, { requiredKeys: [] })).map(([key, more]) => ({ ...more, ...key }));

describeMigration({
  stage: () =>
    staged(['pk', 'sk'], ({ app, table: single, application }) => new SplitSingleTable(app, 'Split', { single, application })),
  transform,
  legacy: fc.oneof(withRest(order), withRest(other)),
  target: withRest(fc.record({ customerId: id, orderId: id })),
});

it('makes an item of an order, and nothing of anything else', () => {
  expect(transform.up({ pk: 'CUSTOMER#7', sk: 'ORDER#1', total: 5 })).toEqual([{ customerId: '7', orderId: '1', total: 5 }]);
  expect(transform.up({ pk: 'CUSTOMER#7', sk: 'PROFILE' })).toEqual([]);
  expect(transform.up({ pk: 'PRODUCT#7', sk: 'ORDER#1' })).toEqual([]);
});

it('finds the orders of a customer in both tables, whatever else is in the partition', async () => {
  const model = modelFrom(transform, { legacy: ['pk', 'sk'], target: ['customerId', 'orderId'] });
  const pattern = model.patterns.get('ordersOfCustomer') as NonNullable<ReturnType<typeof model.patterns.get>>;
  const items = fc.array(fc.oneof(withRest(order), withRest(other)), { maxLength: 30 });
  const property = fc.asyncProperty(items, async (found) => {
    const database = new MemoryDatabase(model.schemas);
    for (const item of found) {
      database.put('legacy', toWire(item));
      for (const target of model.up(toWire(item))) database.put('target', target);
    }
    const ports = { model, queries: new MemoryQueries(database) };
    for (const item of found) {
      const params = pattern.params(toWire(item));
      expect(params === undefined).toBe(!item.pk.startsWith('CUSTOMER#'));
      if (!params) continue;
      const [legacy, target] = [
        await answerOf(ports, 'legacy', pattern, params),
        await answerOf(ports, 'target', pattern, params),
      ];
      expect(legacy.map(canonical).sort()).toEqual(target.map(canonical).sort());
    }
  });
  await fc.assert(property);
});
