import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { metricsPublisher } from '../../lambda/adapters/metrics';

const cloudWatch = mockClient(CloudWatchClient);
const lines: string[] = [];

beforeEach(() => {
  cloudWatch.reset();
  lines.length = 0;
  process.env.AWS_REGION = 'eu-west-1';
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
});

afterEach(() => jest.restoreAllMocks());

test('on AWS: one line in embedded metric format, with the dimension, and no request', async () => {
  const publish = metricsPublisher('DynamoDBRollout', 'cities', false);
  await publish({ ReplicationLag: 1.5, Divergence: 0 });
  expect(lines).toHaveLength(1);
  const line = JSON.parse(lines[0] as string);
  expect(line).toMatchObject({ Migration: 'cities', ReplicationLag: 1.5, Divergence: 0 });
  const [directive] = line._aws.CloudWatchMetrics;
  expect(directive.Namespace).toBe('DynamoDBRollout');
  expect(directive.Dimensions).toEqual([['Migration']]);
  expect(directive.Metrics).toEqual([
    { Name: 'ReplicationLag', Unit: 'Seconds' },
    { Name: 'Divergence', Unit: 'Count' },
  ]);
  expect(cloudWatch).not.toHaveReceivedCommand(PutMetricDataCommand);
});

test('each call is a line of its own: nothing is carried into the next', async () => {
  const publish = metricsPublisher('DynamoDBRollout', 'cities', false);
  await publish({ Divergence: 2 });
  await publish({ Repaired: 1 });
  await publish({});
  expect(lines).toHaveLength(2);
  expect(JSON.parse(lines[1] as string)).not.toHaveProperty('Divergence');
  expect(JSON.parse(lines[1] as string)).toMatchObject({ Migration: 'cities', Repaired: 1 });
});

test('on local AWS: PutMetricData', async () => {
  const publish = metricsPublisher('DynamoDBRollout', 'cities', true);
  await publish({ ReplicationLag: 1.5, Divergence: 2 });
  await publish({});
  expect(cloudWatch).toHaveReceivedCommandTimes(PutMetricDataCommand, 1);
  expect(cloudWatch).toHaveReceivedCommandWith(PutMetricDataCommand, {
    Namespace: 'DynamoDBRollout',
    MetricData: [
      { MetricName: 'ReplicationLag', Value: 1.5, Unit: 'Seconds', Dimensions: [{ Name: 'Migration', Value: 'cities' }] },
      { MetricName: 'Divergence', Value: 2, Unit: 'Count', Dimensions: [{ Name: 'Migration', Value: 'cities' }] },
    ],
  });
  expect(lines).toEqual([]);
});
