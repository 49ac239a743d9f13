import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { refusal } from '../private/refuse';

/** Until CloudWatch has what was measured in a window. */
export const SETTLED = Duration.minutes(1);

/** A metric as CloudWatch GetMetricData asks for it, and the length of its windows. */
export interface MetricQueries {
  readonly queries: Record<string, unknown>[];
  readonly period: Duration;
}

/** The queries of a metric or of an expression of metrics; only the outermost one returns data. */
export function queriesOf(owner: string, metric: cloudwatch.IMetric): MetricQueries {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  const queries = queryOf(owner, 'gate', metric, true);
  return { queries, period: metricStat?.period ?? Duration.seconds(mathExpression?.period ?? 300) };
}

function queryOf(owner: string, Id: string, metric: cloudwatch.IMetric, ReturnData: boolean): Record<string, unknown>[] {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  if (metricStat) return [{ Id, MetricStat: statOf(metricStat), ReturnData }];
  if (!mathExpression || /\bSEARCH\s*\(/.test(mathExpression.expression)) {
    throw refusal(owner, 'metric', 'must be a metric or an expression of metrics, not a search, which may find several');
  }
  const inner = Object.entries(mathExpression.usingMetrics).flatMap(([id, each]) => queryOf(owner, id, each, false));
  return [{ Id, Expression: mathExpression.expression, Period: mathExpression.period, ReturnData }, ...inner];
}

function statOf(config: cloudwatch.MetricStatConfig): Record<string, unknown> {
  return { Metric: metricOf(config), Period: config.period.toSeconds(), Stat: config.statistic };
}

/** Which metric it is, whatever is asked of it. */
export function identityOf(metric: cloudwatch.Metric): Record<string, unknown> {
  return metricOf(metric.toMetricConfig().metricStat as cloudwatch.MetricStatConfig);
}

function metricOf({ namespace, metricName, dimensions }: cloudwatch.MetricStatConfig): Record<string, unknown> {
  const Dimensions = (dimensions ?? []).map(({ name, value }) => ({ Name: name, Value: value }));
  return { Namespace: namespace, MetricName: metricName, Dimensions };
}
