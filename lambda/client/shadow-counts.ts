import { METRICS } from '../core/names';

/** Milliseconds between two reports of what was compared; one with a mismatch goes out at once. */
const INTERVAL = 15_000;

/** What compared reads came to since the last report. */
export interface ShadowReport {
  readonly reads: number;
  readonly mismatches: number;
}

/**
 * Counts compared reads and reports them as they come in, at most every 15 seconds. There is no timer: the last counts go out
 * with the next comparison, or when the client is idle or closed.
 */
export class ShadowCounts {
  private reads = 0;
  private mismatches = 0;
  private reportedAt: number;

  constructor(
    private readonly report: (report: ShadowReport) => void,
    /** Milliseconds, from any beginning. */
    private readonly now: () => number,
  ) {
    this.reportedAt = now();
  }

  add(isMismatch: boolean): void {
    this.reads++;
    if (isMismatch) this.mismatches++;
    if (isMismatch || this.now() - this.reportedAt >= INTERVAL) this.flush();
  }

  flush(): void {
    if (this.reads === 0) return;
    const { reads, mismatches } = this;
    this.reads = 0;
    this.mismatches = 0;
    this.reportedAt = this.now();
    this.report({ reads, mismatches });
  }
}

/**
 * A report as one line of a log from which CloudWatch takes metrics.
 * Amazon CloudWatch User Guide, "Specification: Embedded metric format".
 */
export function embeddedMetrics(namespace: string, migration: string, { reads, mismatches }: ShadowReport, at: number): string {
  const Metrics = [METRICS.shadowReads, METRICS.shadowMismatch].map((Name) => ({ Name, Unit: 'Count' }));
  return JSON.stringify({
    _aws: { Timestamp: at, CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [['Migration']], Metrics }] },
    Migration: migration,
    [METRICS.shadowReads]: reads,
    [METRICS.shadowMismatch]: mismatches,
  });
}
