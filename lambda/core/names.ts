/** Names of the metrics that a migration publishes, each with the dimension `Migration`. Contract. */
export const METRICS = {
  /** Items that stand differently on both sides though nothing is under way, and writes that damage the target. Count. */
  divergence: 'Divergence',
  /** Age of the oldest change that has not reached the other side. Seconds. */
  replicationLag: 'ReplicationLag',
  /** Writes to the legacy table by code that does not use the client. Count. */
  unadoptedWrites: 'UnadoptedWrites',
  /** Changes that can never be carried over as they are and went to the poison queue. Count. */
  poisonRecords: 'PoisonRecords',
  /** Target items that the backfill inserted. Count. */
  backfilledItems: 'BackfilledItems',
  /** Groups that reconciliation made equal. Count. */
  repaired: 'Repaired',
  /** Deliveries of a stream that have to be repeated. Count. */
  replicationErrors: 'ReplicationErrors',
  /** Sampled reads that the client compared with the other side. Count, from the applications' logs. */
  shadowReads: 'ShadowReads',
  /** Those whose other side said something else. Count, from the applications' logs. */
  shadowMismatch: 'ShadowMismatch',
  /** Comparisons that could not be made, because the other side did not answer or the transform failed. Count, from the applications' logs. */
  shadowFailures: 'ShadowFailures',
  /** Milliseconds that the reads of compared groups take on the legacy table. From the applications' logs. */
  shadowLatencyLegacy: 'ShadowLatencyLegacy',
  /** The same on the target. */
  shadowLatencyTarget: 'ShadowLatencyTarget',
  /** Changes of the legacy table that replication settled. Count. */
  forwardRecords: 'ForwardRecords',
  /** Changes of the target table that replication settled. Count. */
  reverseRecords: 'ReverseRecords',
  /** Items that were copied, or amended, of those of the table. Percent; only while that goes on. */
  copiedItems: 'CopiedItems',
  /** Slices of the table that are done. Percent; only while they are worked on. */
  copiedSlices: 'CopiedSlices',
  /** Keys that have left the position `legacy`. Percent; only while a migration is under way or complete. */
  keysMoving: 'KeysMoving',
  /** Keys whose truth is the target. Percent; the same. */
  keysOnTarget: 'KeysOnTarget',
  /** 1 while a rollback that ended without having arrived keeps the lease, otherwise 0. */
  rollbackStuck: 'RollbackStuck',
  /** Hours until the reverse window of a completed change is over; below 0 while it is over and the change is not ended. Only while it is open. */
  windowHoursLeft: 'WindowHoursLeft',
} as const;

/** What has no zero that says nothing: times and shares. And what no alarm waits for: it is paid for only while it is published. */
const WITHOUT_ZERO: readonly string[] = [
  ...[METRICS.shadowLatencyLegacy, METRICS.shadowLatencyTarget, METRICS.windowHoursLeft],
  ...[METRICS.forwardRecords, METRICS.reverseRecords],
  ...[METRICS.copiedItems, METRICS.copiedSlices, METRICS.keysMoving, METRICS.keysOnTarget],
];

/** Nothing happened: alarms need data to be in OK. */
export const ZEROS: Partial<Record<MetricName, number>> = Object.fromEntries(
  Object.values(METRICS)
    .filter((name) => !WITHOUT_ZERO.includes(name))
    .map((name) => [name, 0]),
);

/** The CloudWatch namespace of those metrics, unless the user names another. */
export const METRIC_NAMESPACE = 'DynamoDBRollout';

/** The name of a metric. */
export type MetricName = (typeof METRICS)[keyof typeof METRICS];

/** Counters of a migration in its ledger. */
export type CounterName = 'divergence' | 'unadopted' | 'poison';
