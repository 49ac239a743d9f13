import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { CloudWatchValues } from '../../lambda/adapters/metric-values';

const cloudWatch = mockClient(CloudWatchClient);
beforeEach(() => cloudWatch.reset());

test('gives values by the beginning of their window, over all pages', async () => {
  cloudWatch
    .on(GetMetricDataCommand)
    .resolvesOnce({ MetricDataResults: [{ Timestamps: [new Date(60_000), new Date(0)], Values: [2, 1] }], NextToken: 'more' })
    .resolvesOnce({ MetricDataResults: [{ Timestamps: [new Date(120_000)], Values: [3] }, {}] });
  const values = await new CloudWatchValues(new CloudWatchClient({ region: 'eu-west-1' })).values([{ Id: 'gate' }], 0, 180_000);
  expect([...values].sort()).toEqual([
    [0, 1],
    [120_000, 3],
    [60_000, 2],
  ]);
  expect(cloudWatch).toHaveReceivedNthCommandWith(2, GetMetricDataCommand, {
    ...{ MetricDataQueries: [{ Id: 'gate' }], StartTime: new Date(0), EndTime: new Date(180_000), NextToken: 'more' },
  });
});
