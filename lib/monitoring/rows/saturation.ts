import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { type Graph, graph, thresholdsOf, watchedBy } from '../graph';
import type { Sight } from '../sight';

const MINUTE = { period: Duration.minutes(1) };
const SUM = { statistic: 'Sum', ...MINUTE };

/** A table and what it is to people. */
interface Named {
  readonly name: string;
  readonly table: dynamodb.ITable;
}

/** How near to their limits the tables are: capacity used, of what is provisioned or of what the account allows a table. */
export function capacityRow(sight: Sight): Graph[] {
  const tables = tablesOf(sight);
  const ofAccount = tables.flatMap(({ name, table }) => [
    shareOfAccount({ name, table }, 'Read'),
    shareOfAccount({ name, table }, 'Write'),
  ]);
  return [
    ...tables.map(({ name, table }) =>
      graph(`Units a second, ${name} table (provisioned: none on demand)`, [
        perSecond(table, 'Read', 'reads'),
        perSecond(table, 'Write', 'writes'),
        provisioned(table, 'Read', 'reads provisioned'),
        provisioned(table, 'Write', 'writes provisioned'),
      ]),
    ),
    graph('Capacity of what the account allows a table (%)', ofAccount),
  ];
}

/** What was refused for want of capacity: requests to tables and indexes, invocations of what reads the streams. */
export function throttlingRow(sight: Sight): Graph[] {
  const { readers, triggers } = sight;
  const tables = tablesOf(sight);
  const throttles = tables.flatMap(({ name, table }) => [
    table.metric('ReadThrottleEvents', { label: `${name} reads`, ...SUM }),
    table.metric('WriteThrottleEvents', { label: `${name} writes`, ...SUM }),
  ]);
  const lambda = (metric: string, statistic: string) =>
    readers.map(({ name, handler }) => handler.metric(metric, { label: name, statistic, ...MINUTE }));
  return [
    graph('Throttled requests', [...throttles, ...watchedBy(triggers, 'throttling')], {
      thresholds: thresholdsOf(triggers, 'throttling'),
    }),
    graph('Throttled requests of indexes', tables.map(throttledIndexes)),
    ...(readers.length > 0
      ? [
          graph('Functions that read the streams, at work', lambda('ConcurrentExecutions', 'Maximum')),
          graph('Functions that read the streams, throttled', lambda('Throttles', 'Sum')),
        ]
      : []),
  ];
}

function tablesOf({ source, target }: Sight): Named[] {
  if (source === target) return [{ name: 'the', table: source }];
  return [
    { name: 'legacy', table: source },
    { name: 'target', table: target },
  ];
}

/** `label` is the name of the metric in the expression, too: one word. */
function perSecond(table: dynamodb.ITable, what: 'Read' | 'Write', label: string): cloudwatch.IMetric {
  const usingMetrics = { [label]: table.metric(`Consumed${what}CapacityUnits`, SUM) };
  return new cloudwatch.MathExpression({ expression: `${label} / 60`, usingMetrics, label, ...MINUTE });
}

function provisioned(table: dynamodb.ITable, what: 'Read' | 'Write', label: string): cloudwatch.IMetric {
  return table.metric(`Provisioned${what}CapacityUnits`, { statistic: 'Maximum', label, ...MINUTE });
}

/** The limit comes every few minutes. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html */
function shareOfAccount({ name, table }: Named, what: 'Read' | 'Write'): cloudwatch.IMetric {
  const used = `${name}${what}s`;
  const most = `most${what}s`;
  const metricName = `AccountMaxTableLevel${what}s`;
  return new cloudwatch.MathExpression({
    expression: `100 * ${used} / 60 / FILL(${most}, REPEAT)`,
    usingMetrics: {
      [used]: table.metric(`Consumed${what}CapacityUnits`, SUM),
      [most]: new cloudwatch.Metric({ namespace: 'AWS/DynamoDB', metricName, statistic: 'Maximum', ...MINUTE }),
    },
    label: `${name} ${what.toLowerCase()}s`,
    ...MINUTE,
  });
}

/** All that the table has, now and later: an imported table does not say which. */
function throttledIndexes({ table }: Named): cloudwatch.IMetric {
  const names = 'MetricName=("ReadThrottleEvents" OR "WriteThrottleEvents")';
  const search = `{AWS/DynamoDB,TableName,GlobalSecondaryIndexName} TableName="${table.tableName}" ${names}`;
  return new cloudwatch.SearchExpression({ expression: `SEARCH('${search}', 'Sum', 60)`, ...MINUTE });
}
