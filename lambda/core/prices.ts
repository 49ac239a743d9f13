/**
 * List prices in US dollars; of Amazon DynamoDB those of the Standard table class, on-demand. They are for a first idea: prices change, and differ by
 * region. Source: "Pricing for On-Demand Capacity", aws.amazon.com/dynamodb/pricing/on-demand. Change date and numbers together.
 */
export const PRICES = {
  region: 'US East (N. Virginia)',
  asOf: '2024-12',
  /** One million write request units, and read request units. */
  writeMillion: 0.625,
  readMillion: 0.125,
  /** One gigabyte for a month, stored and kept for point-in-time recovery. */
  storageMonth: 0.25,
  recoveryMonth: 0.2,
  /** One gigabyte of a function on Graviton for a second ("AWS Lambda Pricing"). */
  lambdaGigabyteSecond: 0.0000133334,
  /** One million state transitions of Standard workflows ("AWS Step Functions Pricing"). */
  transitionsMillion: 25,
} as const;
