import { Duration, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Bound } from '../../lambda/core/gate';
import { refusal, requireBetween, requireWhole } from '../private/refuse';
import type { MetricGateOptions } from './gate-options';
import { allowMetricData, commonOf, type GateParts } from './gate-parts';
import { queriesOf, SETTLED } from './metric-queries';

const OWNER = 'Gate.metric()';

/** A metric that must keep to a bound. */
export function metricGate(metric: cloudwatch.IMetric, options: MetricGateOptions): GateParts {
  const { metricStat } = metric.toMetricConfig();
  const common = commonOf(OWNER, options.id ?? metricStat?.metricName ?? 'expression', options);
  const { queries, period } = queriesOf(OWNER, metric);
  const bound = boundOf(options, period);
  const { windows = 5, failOnMissing = false } = options;
  const breaching = options.breaching ?? Math.min(3, windows);
  requireWhole(OWNER, 'windows', windows, 1, 100);
  requireWhole(OWNER, 'breaching', breaching, 1, windows);
  const judged = { queries, period: period.toSeconds(), bound, windows, breaching, failOnMissing };
  return {
    id: common.id,
    observed: {
      spec: () => ({ kind: 'metric', ...common, ...judged }),
      grant: allowMetricData,
      isMetric: true,
      leastBake: period.plus(SETTLED),
    },
  };
}

function boundOf(options: MetricGateOptions, period: Duration): Bound {
  const { atMost, atLeast, maxPercentAboveBaseline: above, maxPercentBelowBaseline: below } = options;
  const given = [atMost, atLeast, above, below].filter((bound) => bound !== undefined);
  if (given.length !== 1) {
    const names = 'atMost, atLeast, maxPercentAboveBaseline and maxPercentBelowBaseline';
    throw refusal(OWNER, 'the bound', `must be one of ${names}`, given.length);
  }
  if (atMost !== undefined) return { kind: 'at-most', value: atMost };
  if (atLeast !== undefined) return { kind: 'at-least', value: atLeast };
  const seconds = (options.baseline ?? Duration.hours(1)).toSeconds();
  requireBetween(OWNER, 'baseline (in seconds)', seconds, period.toSeconds(), Duration.days(14).toSeconds());
  if (above !== undefined) {
    if (!Token.isUnresolved(above) && !(above >= 0)) throw refusal(OWNER, 'maxPercentAboveBaseline', 'must be at least 0', above);
    return { kind: 'above-baseline', percent: above, seconds };
  }
  requireBetween(OWNER, 'maxPercentBelowBaseline', below as number, 0, 100);
  return { kind: 'below-baseline', percent: below as number, seconds };
}
