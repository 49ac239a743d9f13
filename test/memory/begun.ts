/** What the ledger says of a run that begins. */
export const BEGUN = {
  generation: 1,
  transform: { version: 'v2', sha256: '0'.repeat(64) },
  planSha256: '1'.repeat(64),
  stages: ['shadow', 'full'],
} as const;
