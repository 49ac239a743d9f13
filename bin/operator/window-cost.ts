import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeContinuousBackupsCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { type WindowCost, windowCost } from '../../lambda/core/window-cost';
import type { Change } from './change';

/** Hours over which the writes of replication are averaged. */
const HOURS = 24;

/** What a day of the open window costs: in `target` nobody but the reverse replication writes to the legacy table. */
export async function dailyCost({ configuration, aws }: Change): Promise<WindowCost> {
  const TableName = configuration.tables.legacy;
  const [{ Table }, backups, metric] = await Promise.all([
    aws.dynamodb.send(new DescribeTableCommand({ TableName })),
    aws.dynamodb.send(new DescribeContinuousBackupsCommand({ TableName })),
    aws.cloudwatch.send(
      new GetMetricStatisticsCommand({
        ...{ Namespace: 'AWS/DynamoDB', MetricName: 'ConsumedWriteCapacityUnits', Statistics: ['Sum'], Period: HOURS * 3600 },
        Dimensions: [{ Name: 'TableName', Value: TableName }],
        ...{ StartTime: new Date(Date.now() - HOURS * 3_600_000), EndTime: new Date() },
      }),
    ),
  ]);
  const indexes = Table?.GlobalSecondaryIndexes ?? [];
  const bytes = indexes.reduce((sum, { IndexSizeBytes = 0 }) => sum + IndexSizeBytes, Table?.TableSizeBytes ?? 0);
  const written = (metric.Datapoints ?? []).reduce((sum, { Sum = 0 }) => sum + Sum, 0);
  const recovery = backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
  return windowCost({
    ...{ bytes, pointInTimeRecovery: recovery === 'ENABLED', writeUnits: written / (HOURS * 3600) },
    inPlace: configuration.kind !== 'rehydrate',
  });
}
