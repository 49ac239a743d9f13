import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS } from '../../../lambda/core/names';
import { MigrationMetrics, Rollback, Trigger } from '../../../lib';
import { aMigration, aStack, templateOf } from '../fixture';

const alarmIn = (stack: Stack) =>
  new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Errors' }).createAlarm(stack, 'Errors', {
    threshold: 1,
    evaluationPeriods: 1,
  });

/** The variables of the brake. */
function brakeOf(template: Template): Record<string, unknown> {
  const [brake] = Object.values(
    template.findResources('AWS::Lambda::Function', { Properties: { Description: Match.stringLikeRegexp('alarm goes off') } }),
  );
  return brake?.Properties.Environment.Variables;
}

/** The ways back that the brake is told, in the order of the triggers. */
const modesOf = (template: Template) => brakeOf(template).TRIGGER_MODES;

describe('triggers', () => {
  it('watch divergence and lag by default, without minding missing data', () => {
    const template = templateOf();
    const trigger = {
      Namespace: 'DynamoDBRollout',
      Period: 60,
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('AlarmsTopic') }],
    };
    template.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', trigger, 2);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Divergence',
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      Statistic: 'Sum',
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ReplicationLag',
      Threshold: 60,
      EvaluationPeriods: 3,
      Statistic: 'Maximum',
    });
    expect(modesOf(template)).toBe('fenced,soft');
  });

  it('are joined by one that says that a rollback did not arrive, which nothing takes back for', () => {
    templateOf().hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'RollbackStuck',
      Statistic: 'Maximum',
      AlarmActions: Match.absent(),
      TreatMissingData: 'notBreaching',
    });
  });

  it('are looked at every minute, and what the brake fails on is kept', () => {
    const template = templateOf();
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [Match.objectLike({ Input: '{"look":true}' })],
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [Match.stringLikeRegexp('Unheard'), 'Arn'] } } },
    });
  });

  it('beyond five are monitored by AppConfig through one alarm that goes off with any of them', () => {
    const metric = new cloudwatch.Metric({ namespace: 'App', metricName: 'Latency' });
    const more = ['a', 'b'].map((id) => Trigger.metric(metric, { id, atMost: 1, rollback: Rollback.immediate() }));
    const errors = { errors: metric, requests: metric };
    const triggers = [
      ...[Trigger.divergence(), Trigger.replicationLag(), Trigger.forwardLag(), Trigger.reverseLag()],
      ...[Trigger.deadLetters(), Trigger.throttling({ max: 0 })],
      ...[Trigger.errorRate({ ...errors, maxPercent: 1 }), Trigger.burnRate({ ...errors, objective: 99.9 })],
      ...[Trigger.anomaly(metric, { reason: 'It woke us last year.' }), ...more],
    ];
    const template = templateOf({ triggers });
    const [begin] = Object.values(
      template.findResources('AWS::Lambda::Function', {
        Properties: { Description: Match.stringLikeRegexp('Takes the lease and') },
      }),
    );
    expect(begin?.Properties.Environment.Variables.MONITOR_ALARM_ARNS).toEqual({
      'Fn::GetAtt': [expect.stringContaining('TriggersAny'), 'Arn'],
    });
    expect(modesOf(template)).toBe('fenced,soft,soft,soft,soft,soft,soft,soft,soft,immediate,immediate');
    const any = Object.values(template.findResources('AWS::CloudWatch::CompositeAlarm')).find(({ Properties }) =>
      Properties.AlarmDescription.includes('no more than five'),
    );
    expect(JSON.stringify(any?.Properties.AlarmRule).match(/ALARM\(/g)).toHaveLength(11);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: 'A metric is above what is expected of it. It woke us last year. Takes traffic back to the legacy table.',
      ThresholdMetricId: Match.anyValue(),
    });
  });

  it('may be none', () => {
    const template = templateOf({ triggers: [] });
    template.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { AlarmActions: Match.anyValue() }, 0);
    expect(modesOf(template)).toBe('');
  });

  it('ask for the way back that they were given', () => {
    const triggers = [
      Trigger.divergence({ rollback: Rollback.immediate() }),
      Trigger.replicationLag({ rollback: Rollback.fenced() }),
    ];
    expect(modesOf(templateOf({ triggers }))).toBe('immediate,fenced');
  });

  it('look at the age of the records that each replicator gets, in milliseconds', () => {
    const template = templateOf({ triggers: [Trigger.forwardLag(), Trigger.reverseLag({ max: Duration.seconds(5) })] });
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
    const found = alarms.filter(({ AlarmDescription }) => AlarmDescription.includes('Records of a stream'));
    expect(found).toMatchSnapshot();
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { DIRECTION: 'forward', TRIGGER_ALARMS: Match.absent() } },
    });
  });

  it('that only pause are heard by the brake and not monitored by AppConfig, which would take the release back', () => {
    const stack = aStack();
    const metric = new cloudwatch.Metric({ namespace: 'App', metricName: 'Orders' });
    const pause = Trigger.metric(metric, { atLeast: 1, rollback: Rollback.pause(), reason: 'Shops may be closed.' });
    const migration = aMigration(stack, { triggers: [pause, Trigger.divergence(), Trigger.alarm(alarmIn(stack))] });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Orders',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('AlarmsTopic') }],
      AlarmDescription: 'Orders is beyond its bound. Shops may be closed. Pauses the rollout.',
    });
    const [pausing, ...others] = migration.alarms.map(({ alarmName, alarmArn }) => ({
      name: stack.resolve(alarmName),
      arn: stack.resolve(alarmArn),
    }));
    const joined = (parts: unknown[]) => ({ 'Fn::Join': ['', [parts[0], ',', parts[1]]] });
    expect(brakeOf(template)).toMatchObject({
      TRIGGER_MODES: 'fenced,soft',
      TRIGGER_ALARMS: joined(others.map(({ name }) => name)),
      PAUSE_ALARMS: pausing?.name,
      MONITOR_ALARM_ARNS: joined(others.map(({ arn }) => arn)),
    });
  });

  it('that all only pause leave AppConfig without a monitor', () => {
    const environment = brakeOf(templateOf({ triggers: [Trigger.replicationLag({ rollback: Rollback.pause() })] }));
    expect(environment).toMatchObject({ TRIGGER_MODES: '', TRIGGER_ALARMS: '', MONITOR_ALARM_ARNS: '', MONITOR_ROLE_ARN: '' });
  });

  it('add an action to an alarm of the same stack', () => {
    const stack = aStack();
    aMigration(stack, { triggers: [Trigger.alarm(alarmIn(stack))] });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Errors',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('AlarmsTopic') }],
    });
  });

  it('hear an alarm of another stack by EventBridge, and leave it as it is', () => {
    const app = new App();
    const other = new Stack(app, 'Checkout');
    const stack = new Stack(app, 'Shop');
    aMigration(stack, { triggers: [Trigger.alarm(alarmIn(other))] });
    Template.fromStack(other).hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: Match.absent() });
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'detail-type': ['CloudWatch Alarm State Change'], detail: { state: { value: ['ALARM'] } } },
      Targets: [
        { InputTransformer: { InputTemplate: Match.stringLikeRegexp('"AlarmName":.*"NewStateValue":.*"NewStateReason":') } },
      ],
    });
  });
});

it('hear an imported alarm by EventBridge, too: an action cannot be added to it', () => {
  const stack = new Stack(new App(), 'Shop');
  const arn = 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:checkout';
  aMigration(stack, { triggers: [Trigger.alarm(cloudwatch.Alarm.fromAlarmArn(stack, 'Imported', arn))] });
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', { EventPattern: { resources: [arn] } });
});

describe('the brake', () => {
  const template = templateOf();

  it('can be reached by alarms only over an encrypted topic', () => {
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'cloudwatch.amazonaws.com' } })]) },
    });
  });

  it('keeps alarms that it could not hear', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', { RedrivePolicy: { deadLetterTargetArn: Match.anyValue() } });
  });
});

describe('metrics', () => {
  it('are all there under their names', () => {
    const metrics = new MigrationMetrics('Shop', 'orders');
    const all = [metrics.divergence(), metrics.replicationLag(), metrics.unadoptedWrites(), metrics.poisonRecords()];
    all.push(
      metrics.backfilledItems(),
      metrics.repaired(),
      metrics.replicationErrors(),
      metrics.shadowReads(),
      metrics.shadowMismatch(),
      metrics.shadowFailures(),
      metrics.shadowLatencyLegacy(),
      metrics.shadowLatencyTarget(),
    );
    all.push(metrics.rollbackStuck(), metrics.windowHoursLeft(), metrics.forwardRecords(), metrics.reverseRecords());
    all.push(metrics.copiedItems(), metrics.copiedSlices(), metrics.keysMoving(), metrics.keysOnTarget());
    expect(all.map(({ metricName }) => metricName).sort()).toEqual(Object.values(METRICS).sort());
    expect(all.every(({ dimensions, namespace }) => namespace === 'Shop' && dimensions?.Migration === 'orders')).toBe(true);
    expect(all.map(({ metricName }) => metricName)).toMatchSnapshot();
  });
});
