import fc from 'fast-check';
import { MoveTable } from '../../examples/move-a-table/stack';
import transform, { type Customer, type OldCustomer } from '../../examples/move-a-table/transform';
import { describeMigration } from './migration-recipe';
import { staged } from './stage';

const id = fc.string({ minLength: 1 }).filter((text) => !text.startsWith('canary-'));
const rest = { name: fc.string(), email: fc.emailAddress(), points: fc.integer(), tags: fc.array(fc.string()) };

describeMigration({
  stage: () => staged(['id'], ({ app, table: legacy, application }) => new MoveTable(app, 'MoveTable', { legacy, application })),
  transform,
  legacy: fc.record({ id, ...rest }, { requiredKeys: ['id'] }),
  target: fc.record({ pk: id.map((text) => `CUSTOMER#${text}`), ...rest }, { requiredKeys: ['pk'] }),
});

it('gives a customer another key, and nothing else', () => {
  const old: OldCustomer = { id: '7', name: 'Ada', email: 'ada@example.com' };
  const customer: Customer = { pk: 'CUSTOMER#7', name: 'Ada', email: 'ada@example.com' };
  expect(transform.up(old)).toEqual([customer]);
  expect(transform.down([customer])).toEqual(old);
  expect(transform.down([])).toBeUndefined();
});
