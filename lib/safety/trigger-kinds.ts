/** The factories of `Trigger`, by name. */
export const TRIGGER_KINDS = [
  'divergence',
  'replicationLag',
  'forwardLag',
  'reverseLag',
  'deadLetters',
  'throttling',
  'shadowMismatch',
  'metric',
  'errorRate',
  'anomaly',
  'burnRate',
  'alarm',
] as const;

export type TriggerKind = (typeof TRIGGER_KINDS)[number];
