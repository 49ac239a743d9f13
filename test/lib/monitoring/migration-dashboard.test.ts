import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS } from '../../../lambda/core/names';
import { Risk, type StagedMigrationProps, Trigger } from '../../../lib';
import { aMigration, anAmendment, aReindex, aStack } from '../fixture';

interface Widget {
  readonly type: string;
  readonly properties: {
    readonly title?: string;
    readonly metrics?: readonly unknown[][];
    readonly alarms?: readonly unknown[];
    readonly annotations?: { readonly alarms?: readonly string[]; readonly horizontal?: readonly { readonly value: number }[] };
    readonly start?: string;
  };
}

const APP = new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Latency' });
const RATES = {
  errors: APP.with({ label: 'errors' }),
  requests: new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Requests' }),
};

/** Metrics of AWS that are drawn, by namespace. */
const OF_AWS: Readonly<Record<string, readonly string[]>> = {
  'AWS/DynamoDB': [
    ...[
      'ConsumedReadCapacityUnits',
      'ConsumedWriteCapacityUnits',
      'ProvisionedReadCapacityUnits',
      'ProvisionedWriteCapacityUnits',
    ],
    ...['AccountMaxTableLevelReads', 'AccountMaxTableLevelWrites', 'ReadThrottleEvents', 'WriteThrottleEvents'],
  ],
  'AWS/Lambda': ['IteratorAge', 'ConcurrentExecutions', 'Throttles'],
  'AWS/SQS': ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'],
  Shop: ['Latency', 'Requests'],
};

/** The widgets of the only dashboard; names that are not known at synth are `?`. */
function widgetsOf(stack: Stack): Widget[] {
  const [dashboard] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  const body = dashboard?.Properties.DashboardBody;
  const text =
    typeof body === 'string'
      ? body
      : body['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : '?')).join('');
  return JSON.parse(text).widgets;
}

function ofMigration(props: Partial<StagedMigrationProps> = {}): { widgets: Widget[]; template: Template } {
  const stack = aStack();
  aMigration(stack, props);
  return { widgets: widgetsOf(stack), template: Template.fromStack(stack) };
}

const titled = (widgets: readonly Widget[], title: string) =>
  widgets.find(({ properties }) => properties.title === title)?.properties;
const titles = (widgets: readonly Widget[]) => widgets.flatMap(({ properties }) => properties.title ?? []);
const thresholds = (widgets: readonly Widget[], title: string) =>
  titled(widgets, title)?.annotations?.horizontal?.map(({ value }) => value) ?? [];

const all = ofMigration({
  triggers: [
    ...[
      Trigger.divergence(),
      Trigger.replicationLag(),
      Trigger.forwardLag(),
      Trigger.reverseLag(),
      Trigger.deadLetters({ max: 3 }),
    ],
    ...[
      Trigger.throttling({ max: 20 }),
      Trigger.shadowMismatch({ maxPercent: 2 }),
      Trigger.burnRate({ ...RATES, objective: 99.9 }),
    ],
    ...[Trigger.metric(APP, { atMost: 250 }), Trigger.errorRate({ ...RATES, maxPercent: 1 }), Trigger.anomaly(APP)],
  ],
  risks: [Risk.hypothesis('Pages are quick.', { metric: APP, atMost: 200, owner: 'Shop', id: 'Pages' })],
});

/** The thresholds of the alarms under a trigger's id. */
function alarmed(id: string): number[] {
  const alarms = Object.entries(all.template.findResources('AWS::CloudWatch::Alarm'));
  return alarms.filter(([name]) => name.startsWith(`OrdersTriggers${id}`)).map(([, { Properties }]) => Properties.Threshold);
}

test('a migration shows progress, truth, replication, queues, reads, budgets and limits', () => {
  expect(titles(all.widgets)).toMatchSnapshot();
});

test('without triggers of the user there are the rows of what is measured anyway', () => {
  expect(titles(ofMigration().widgets)).toMatchSnapshot();
});

test('an amendment has one table, no replication and nothing to compare', () => {
  const stack = aStack();
  anAmendment(stack);
  expect(titles(widgetsOf(stack))).toMatchSnapshot();
});

test('a reindex copies nothing and carries nothing over', () => {
  const stack = aStack();
  aReindex(stack);
  expect(titles(widgetsOf(stack))).toMatchSnapshot();
});

test('every metric is one that is published', () => {
  const named = all.widgets.flatMap(({ properties }) =>
    (properties.metrics ?? []).filter(([first]) => typeof first === 'string'),
  );
  const unknown = named.filter(([namespace, name]) => {
    const known: readonly string[] =
      namespace === 'DynamoDBRollout' ? Object.values(METRICS) : (OF_AWS[namespace as string] ?? []);
    return !known.includes(name as string);
  });
  expect(unknown).toEqual([]);
  expect(named.length).toBeGreaterThan(40);
});

test('every metric that a migration publishes is drawn, or watched by an alarm that is', () => {
  const text = JSON.stringify(all.widgets);
  const missing = Object.values(METRICS).filter((name) => !text.includes(`"${name}"`));
  expect(missing).toEqual([METRICS.rollbackStuck, METRICS.windowHoursLeft]);
});

test.each([
  ['Divergence', 'Divergence'],
  ['Oldest change on its way, heartbeats included (s)', 'ReplicationLag'],
  ['Records that wait in the stream, forward (ms)', 'ForwardLag'],
  ['Records that wait in the stream, reverse (ms)', 'ReverseLag'],
  ['Dead letters', 'DeadLetters'],
  ['Throttled requests', 'Throttling'],
  ['Compared reads that differ (%)', 'ShadowMismatch'],
])('%s has the threshold of its alarm', (title, id) => {
  expect(alarmed(id)).toHaveLength(1);
  expect(thresholds(all.widgets, title)).toEqual(alarmed(id));
});

test('a budget has the thresholds of all windows of its alarm, and goes back thirty days', () => {
  const burning = thresholds(all.widgets, 'BurnRate: requests that fail (%)');
  expect([...burning].sort()).toEqual([...alarmed('BurnRatePartsMinutes')].sort());
  expect(burning).toHaveLength(4);
  expect(titled(all.widgets, 'BurnRate: error budget left, 30 days (%)')?.start).toBe('-P30D');
});

test('metrics of the user are drawn by their alarms', () => {
  for (const id of ['Metric', 'ErrorRate', 'Anomaly', 'Pages'])
    expect(titled(all.widgets, id)?.annotations?.alarms).toHaveLength(1);
});

test('where there is no trigger there is no threshold', () => {
  expect(thresholds(ofMigration({ triggers: [] }).widgets, 'Divergence')).toEqual([]);
});

test('all alarms are shown as they stand, and those that call for somebody', () => {
  expect(titled(all.widgets, 'Alarms')?.alarms).toHaveLength(15);
});
