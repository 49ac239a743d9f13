import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { CloudWatchAlarms } from '../../lambda/adapters/cloudwatch';

const cloudWatch = mockClient(CloudWatchClient);
const alarms = new CloudWatchAlarms(new CloudWatchClient({ region: 'eu-west-1' }));

beforeEach(() => cloudWatch.reset());

test('describes metric and composite alarms', async () => {
  cloudWatch.on(DescribeAlarmsCommand).resolves({
    MetricAlarms: [
      { AlarmName: 'a', StateValue: 'OK', ActionsEnabled: true, StateReason: 'fine', StateTransitionedTimestamp: new Date(5) },
    ],
    CompositeAlarms: [{ AlarmName: 'b', StateValue: 'ALARM', ActionsEnabled: false }],
  });
  expect(await alarms.describe(['a', 'b'])).toEqual([
    { name: 'a', state: 'OK', actionsEnabled: true, reason: 'fine', since: 5 },
    { name: 'b', state: 'ALARM', actionsEnabled: false },
  ]);
  expect(cloudWatch).toHaveReceivedCommandWith(DescribeAlarmsCommand, {
    AlarmNames: ['a', 'b'],
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
  });
});

test('asks for a hundred at a time, and for none not at all: no names would mean all alarms', async () => {
  cloudWatch.on(DescribeAlarmsCommand).resolves({});
  await alarms.describe(Array.from({ length: 101 }, (_, n) => `alarm-${n}`));
  expect(cloudWatch).toHaveReceivedCommandTimes(DescribeAlarmsCommand, 2);
  cloudWatch.reset();
  expect(await alarms.describe([])).toEqual([]);
  expect(cloudWatch).toHaveReceivedCommandTimes(DescribeAlarmsCommand, 0);
});
