/**
 * List prices of Amazon DynamoDB, Standard table class, on-demand, in US dollars. They are for a first idea: prices change, and differ by
 * region. Source: "Pricing for On-Demand Capacity", aws.amazon.com/dynamodb/pricing/on-demand. Change date and numbers together.
 */
export const PRICES = {
  region: 'US East (N. Virginia)',
  asOf: '2024-12',
  /** One million write request units. */
  writeMillion: 0.625,
  /** One gigabyte for a month, stored and kept for point-in-time recovery. */
  storageMonth: 0.25,
  recoveryMonth: 0.2,
} as const;
