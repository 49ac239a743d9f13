import { defineReindex } from 'cdk-dynamodb-rollout/client';

/** An order, as far as the questions are about it. */
export interface Order {
  readonly orderId: string;
  readonly customer?: string;
  readonly status?: string;
}

/** Open orders of a customer are found by an index of their own, in place of all orders of the customer without the others. */
export default defineReindex<Order>({
  version: '2026-11-orders-by-status',
  queries: {
    openOrders: {
      of: ({ customer }) => (customer === undefined ? undefined : { customer }),
      legacy: ({ customer }) => ({ index: 'byCustomer', partition: { customer } }),
      legacyAnswer: (orders) => orders.filter(({ status }) => status === 'open'),
      target: ({ customer }) => ({ index: 'byCustomerStatus', partition: { customer }, sort: { status: { equals: 'open' } } }),
    },
  },
});
