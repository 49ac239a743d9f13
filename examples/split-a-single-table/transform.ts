import { defineTransform } from 'cdk-dynamodb-rollout/client';

/** An item of the single table: a customer, an order, or whatever else lives there. */
export interface ShopItem {
  /** `CUSTOMER#` and the id of the customer, for instance. */
  readonly pk: string;
  /** `ORDER#` and the id of the order, for instance. */
  readonly sk: string;
  readonly [attribute: string]: unknown;
}

/** An order in the table of its own. */
export interface Order {
  readonly customerId: string;
  readonly orderId: string;
  readonly [attribute: string]: unknown;
}

const PK = 'CUSTOMER#';
const SK = 'ORDER#';

/**
 * Orders leave the single table; `up` makes nothing of anything else, so everything else stays. The key alone decides, which nobody can
 * change: an item that became an order by an attribute would have to leave while somebody writes it.
 */
export default defineTransform<ShopItem, Order>({
  version: '2026-11-orders',

  up: ({ pk, sk, ...rest }) => {
    if (!pk.startsWith(PK) || !sk.startsWith(SK)) return [];
    return [{ ...rest, customerId: pk.slice(PK.length), orderId: sk.slice(SK.length) }];
  },

  down: ([order]) => {
    if (!order) return undefined;
    const { customerId, orderId, ...rest } = order;
    return { ...rest, pk: `${PK}${customerId}`, sk: `${SK}${orderId}` };
  },

  legacyKey: ({ customerId, orderId }) => ({ pk: `${PK}${customerId}`, sk: `${SK}${orderId}` }),

  legacyPartition: ({ customerId }) => ({ pk: `${PK}${customerId}` }),

  canary: {
    item: (n) => ({ pk: `${PK}canary-${n}`, sk: `${SK}canary` }),
    number: ({ pk, sk }) => {
      const match = sk === `${SK}canary` ? /^CUSTOMER#canary-(\d+)$/.exec(pk) : null;
      return match ? Number(match[1]) : undefined;
    },
  },

  queries: {
    // What `up` makes of all that the legacy table finds is what the target finds: only orders are left.
    ordersOfCustomer: {
      of: ({ pk }) => (pk.startsWith(PK) ? { customerId: pk.slice(PK.length) } : undefined),
      legacy: ({ customerId }) => ({ partition: { pk: `${PK}${customerId}` }, sort: { sk: { beginsWith: SK } } }),
      target: ({ customerId }) => ({ partition: { customerId } }),
    },
  },
});
