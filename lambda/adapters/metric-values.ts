import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { MetricValues } from '../core/control';

/** Values of CloudWatch metrics and of expressions of them. */
export class CloudWatchValues implements MetricValues {
  constructor(private readonly client: CloudWatchClient) {}

  async values(queries: readonly Record<string, unknown>[], from: number, to: number): Promise<ReadonlyMap<number, number>> {
    const values = new Map<number, number>();
    let NextToken: string | undefined;
    do {
      const answer = await this.client.send(
        new GetMetricDataCommand({
          MetricDataQueries: queries as unknown as MetricDataQuery[],
          StartTime: new Date(from),
          EndTime: new Date(to),
          NextToken,
        }),
      );
      for (const { Timestamps = [], Values = [] } of answer.MetricDataResults ?? []) {
        Timestamps.forEach((at, index) => {
          values.set(at.getTime(), Values[index] as number);
        });
      }
      NextToken = answer.NextToken;
    } while (NextToken);
    return values;
  }
}
