import { Duration } from 'aws-cdk-lib';
import { requireBetween, requireWhole } from '../private/refuse';
import type { ShadowReadsOptions } from './gate-options';
import { allowMetricData, commonOf, type GateParts } from './gate-parts';
import { queriesOf, SETTLED } from './metric-queries';

const OWNER = 'Gate.shadowReads()';
const MINUTE = Duration.minutes(1);

/** Reads that clients compared with the other side. */
export function shadowReadsGate(options: ShadowReadsOptions): GateParts {
  const common = commonOf(OWNER, options.id ?? 'shadow reads', options);
  const { maxMismatch = 0, minSamples = 1000 } = options;
  requireBetween(OWNER, 'maxMismatch', maxMismatch, 0, 100);
  requireWhole(OWNER, 'minSamples', minSamples, 1, 1_000_000_000);
  return {
    id: common.id,
    observed: {
      spec: (metrics) => {
        const { queries: reads } = queriesOf(OWNER, metrics.shadowReads({ period: MINUTE }));
        const { queries: mismatches } = queriesOf(OWNER, metrics.shadowMismatch({ period: MINUTE }));
        const { queries: failures } = queriesOf(OWNER, metrics.shadowFailures({ period: MINUTE }));
        return { kind: 'shadow', ...common, reads, mismatches, failures, maxMismatch, minSamples };
      },
      grant: allowMetricData,
      leastBake: MINUTE.plus(SETTLED),
      comparesReads: true,
    },
  };
}
