import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { type Graph, graph, thresholdsOf } from '../graph';
import type { Sight } from '../sight';

const PERCENTILES = [50, 95, 99];

/** Old against new, by the reads of real traffic that clients compare. */
export function latencyRow({ kind, metrics }: Sight): Graph[] {
  if (kind === 'amend') return [];
  return PERCENTILES.map((percentile) => {
    const statistic = cloudwatch.Stats.p(percentile);
    return graph(`Compared reads, ${percentile}th percentile (ms)`, [
      metrics.shadowLatencyLegacy({ statistic, label: 'legacy' }),
      metrics.shadowLatencyTarget({ statistic, label: 'target' }),
    ]);
  });
}

/** What the compared reads said. */
export function comparedRow({ kind, metrics, triggers }: Sight): Graph[] {
  if (kind === 'amend') return [];
  const differing = new cloudwatch.MathExpression({
    expression: '100 * FILL(mismatches, 0) / reads',
    usingMetrics: { reads: metrics.shadowReads(), mismatches: metrics.shadowMismatch() },
    label: 'differ',
    period: Duration.minutes(1),
  });
  return [
    graph('Compared reads', [
      metrics.shadowReads({ label: 'compared' }),
      metrics.shadowMismatch({ label: 'differ' }),
      metrics.shadowFailures({ label: 'not comparable' }),
    ]),
    graph('Compared reads that differ (%)', [differing], { thresholds: thresholdsOf(triggers, 'shadowMismatch') }),
  ];
}
