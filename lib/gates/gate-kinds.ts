/** The factories of `Gate`, by name, in the order in which a stage asks them. */
export const GATE_KINDS = [
  'promotion',
  'compatibility',
  'approval',
  'window',
  'alarm',
  'metric',
  'probe',
  'shadowReads',
  'latency',
  'queries',
  'indexCoherence',
  'reconciliation',
] as const;

export type GateKind = (typeof GATE_KINDS)[number];
