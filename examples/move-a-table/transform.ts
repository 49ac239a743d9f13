import { defineTransform } from 'cdk-dynamodb-rollout/client';

/** A customer as the old table has it, under its plain id. */
export interface OldCustomer {
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
}

/** A customer as the new table has it. */
export interface Customer {
  /** `CUSTOMER#` and the id. */
  readonly pk: string;
  readonly name?: string;
  readonly email?: string;
}

const PREFIX = 'CUSTOMER#';

/** One item to one item under another key; every other attribute goes along as it is. */
export default defineTransform<OldCustomer, Customer>({
  version: '2026-11-customers',

  up: ({ id, ...rest }) => [{ ...rest, pk: `${PREFIX}${id}` }],

  down: ([customer]) => {
    if (!customer) return undefined;
    const { pk, ...rest } = customer;
    return { ...rest, id: pk.slice(PREFIX.length) };
  },

  legacyKey: ({ pk }) => ({ id: pk.slice(PREFIX.length) }),

  legacyPartition: ({ pk }) => ({ id: pk.slice(PREFIX.length) }),

  canary: {
    item: (n) => ({ id: `canary-${n}`, name: 'Canary' }),
    number: ({ id }) => {
      const match = /^canary-(\d+)$/.exec(id);
      return match ? Number(match[1]) : undefined;
    },
  },
});
