import { METRICS } from '../core/names';

/** Milliseconds between two reports of what was compared; one with a mismatch goes out at once. */
const INTERVAL = 15_000;

/** Comparisons in one report: an array of the embedded metric format has at most 100 values. */
const MOST_READS = 100;

/** How long the reads of one comparison took, in milliseconds. */
export interface ReadTimes {
  readonly legacy: number;
  readonly target: number;
}

/** What compared reads came to since the last report. */
export interface ShadowReport {
  readonly reads: number;
  readonly mismatches: number;
  /** Comparisons that could not be made. */
  readonly failures: number;
  /** Of each comparison. */
  readonly times: readonly ReadTimes[];
}

/**
 * Counts compared reads and reports them as they come in, at most every 15 seconds, or when a hundred are together. There is no
 * timer: the last counts go out with the next comparison, or when the client is idle or closed.
 */
export class ShadowCounts {
  private reads = 0;
  private mismatches = 0;
  private failures = 0;
  private times: ReadTimes[] = [];
  private reportedAt: number;

  constructor(
    private readonly report: (report: ShadowReport) => void,
    /** Milliseconds, from any beginning. */
    private readonly now: () => number,
  ) {
    this.reportedAt = now();
  }

  add(isMismatch: boolean, times: ReadTimes): void {
    this.reads++;
    this.times.push(times);
    if (isMismatch) this.mismatches++;
    const isFull = this.reads >= MOST_READS;
    if (isFull || isMismatch || this.now() - this.reportedAt >= INTERVAL) this.flush();
  }

  /** A comparison that could not be made. */
  fail(): void {
    this.failures++;
    if (this.now() - this.reportedAt >= INTERVAL) this.flush();
  }

  flush(): void {
    if (this.reads + this.failures === 0) return;
    const { reads, mismatches, failures, times } = this;
    this.reads = 0;
    this.mismatches = 0;
    this.failures = 0;
    this.times = [];
    this.reportedAt = this.now();
    this.report({ reads, mismatches, failures, times });
  }
}

/**
 * A report as one line of a log from which CloudWatch takes metrics.
 * Amazon CloudWatch User Guide, "Specification: Embedded metric format".
 */
export function embeddedMetrics(
  namespace: string,
  migration: string,
  { reads, mismatches, failures, times }: ShadowReport,
  at: number,
): string {
  const units = (Unit: string, names: string[]) => names.map((Name) => ({ Name, Unit }));
  const Metrics = [
    ...units('Count', [METRICS.shadowReads, METRICS.shadowMismatch, METRICS.shadowFailures]),
    ...units('Milliseconds', [METRICS.shadowLatencyLegacy, METRICS.shadowLatencyTarget]),
  ];
  return JSON.stringify({
    _aws: { Timestamp: at, CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [['Migration']], Metrics }] },
    Migration: migration,
    [METRICS.shadowReads]: reads,
    [METRICS.shadowMismatch]: mismatches,
    [METRICS.shadowFailures]: failures,
    [METRICS.shadowLatencyLegacy]: times.map(({ legacy }) => legacy),
    [METRICS.shadowLatencyTarget]: times.map(({ target }) => target),
  });
}
