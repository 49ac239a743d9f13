import { defineAmendment } from 'cdk-dynamodb-rollout/client';

/** A product in the old form: two attributes say what it costs. */
export interface OldProduct {
  readonly sku: string;
  /** In the smallest unit of the currency. */
  readonly price?: number;
  readonly currency?: string;
  readonly name?: string;
}

/** A product in the new form: one attribute says it. */
export interface Product {
  readonly sku: string;
  readonly price?: { readonly amount?: number; readonly currency?: string };
  readonly name?: string;
}

/** One item to one item, under its key. Whatever is missing in one form is missing in the other, too. */
export default defineAmendment<OldProduct, Product>({
  version: '2026-11-prices',

  up: ({ price: amount, currency, ...rest }) =>
    amount === undefined && currency === undefined ? rest : { ...rest, price: { amount, currency } },

  down: ({ price, ...rest }) => ({ ...rest, price: price?.amount, currency: price?.currency }),
});
