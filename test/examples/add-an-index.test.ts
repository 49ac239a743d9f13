import { Match } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import { AddIndex } from '../../examples/add-an-index/stack';
import transform, { type Order } from '../../examples/add-an-index/transform';
import { toWire } from '../../lambda/adapters/model';
import { canonical } from '../../lambda/core/item';
import type { Schemas } from '../../lambda/core/model';
import type { Position } from '../../lambda/core/position';
import { Application, everyoneAt } from '../client/application';
import { MemoryQueries } from '../memory/memory-queries';
import { staged } from './stage';

const { client, template } = staged(
  ['orderId'],
  ({ app, application }) => new AddIndex(app, 'AddIndex', { tableName: 'orders', application }),
);
const schemas = { legacy: client.legacyKeys, target: client.targetKeys } as unknown as Schemas;

const customer = fc.constantFrom('ada', 'grace', 'edsger');
const status = fc.constantFrom('open', 'shipped', 'returned');
const order = fc.record(
  { orderId: fc.string({ minLength: 1 }), customer, status, total: fc.nat() },
  { requiredKeys: ['orderId'] },
);
const orders = fc.uniqueArray(order, { maxLength: 30, selector: ({ orderId }) => orderId });

/** An application that asks its open orders, with the indexes that there are in the end. */
function asking(position: Position, items: readonly Order[]) {
  const app = new Application({ definition: transform, schemas, table: everyoneAt(position, { sample: 100 }) });
  const indexes = { byCustomer: ['customer'], byCustomerStatus: ['customer', 'status'] } as const;
  // Both indexes are of one table.
  for (const side of ['legacy', 'target'] as const) for (const item of items) app.database.put(side, toWire(item));
  return { app, rollout: app.connectedWith(new MemoryQueries(app.database, indexes)) };
}

const textOf = (found: readonly object[]) => found.map((item) => canonical(toWire(item))).sort();

it('synthesises, breaks no rule of AWS Solutions, and has the index made', () => {
  expect(client).toMatchObject({ reindex: true, legacyKeys: ['orderId'] });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'dynamodb:UpdateTable' })]) },
  });
});

it.each(['legacy', 'shadow', 'target'] as const)('answers in %s what there is, and compares well', async (position) => {
  const property = fc.asyncProperty(orders, async (items) => {
    const { app, rollout } = asking(position, items);
    for (const name of ['ada', 'grace', 'edsger']) {
      const found = await rollout.ask('openOrders', { customer: name });
      const open = items.filter((item) => item.customer === name && item.status === 'open');
      expect(textOf(found)).toEqual(textOf(open));
    }
    await rollout.idle();
    expect(app.events).toEqual([]);
    expect(app.reports.reduce((sum, { mismatches }) => sum + mismatches, 0)).toBe(0);
  });
  await fc.assert(property);
});

it('asks each customer of a sample, and nothing of an order that nobody made', () => {
  const { of } = transform.queries?.openOrders ?? {};
  expect(of?.({ orderId: '1', customer: 'ada', status: 'shipped' })).toEqual({ customer: 'ada' });
  expect(of?.({ orderId: '1' })).toBeUndefined();
});
