import { Duration } from 'aws-cdk-lib';
import { samplesFor } from '../../lambda/core/latency';
import { refusal, requireBetween, requireWhole } from '../private/refuse';
import type { LatencyOptions } from './gate-options';
import { allowMetricData, commonOf, type GateParts } from './gate-parts';
import { identityOf, SETTLED } from './metric-queries';

const OWNER = 'Gate.latency()';

/** How long reads take on both sides. */
export function latencyGate(options: LatencyOptions): GateParts {
  const common = commonOf(OWNER, options.id ?? 'latency', options);
  const { percentiles = [50, 95, 99], maxPercentAbove = 10 } = options;
  if (percentiles.length === 0) throw refusal(OWNER, 'percentiles', 'must hold at least one', percentiles.length);
  percentiles.forEach((percentile, index) => {
    requireBetween(OWNER, `percentiles[${index}]`, percentile, 1, 99.9);
  });
  requireBetween(OWNER, 'maxPercentAbove', maxPercentAbove, 0, 1000);
  const least = Math.max(...percentiles.map(samplesFor));
  const minSamples = options.minSamples ?? least;
  requireWhole(OWNER, 'minSamples', minSamples, least, 1_000_000_000);
  return {
    id: common.id,
    observed: {
      spec: (metrics) => ({
        ...{ kind: 'latency', ...common, percentiles, maxPercentAbove, minSamples },
        legacy: identityOf(metrics.shadowLatencyLegacy()),
        target: identityOf(metrics.shadowLatencyTarget()),
        failures: identityOf(metrics.shadowFailures()),
      }),
      grant: allowMetricData,
      leastBake: Duration.minutes(1).plus(SETTLED),
      comparesReads: true,
    },
  };
}
