import { App, Stack, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Gate, RolloutLedger, Stage, Trigger } from '../../lib';
import { aMigration, aReindex, aTable } from './fixture';

/** Whatever is found and has no reason beside it in the constructs stops synthesis. */
function synthesise(build: (stack: Stack) => unknown): void {
  const app = new App();
  build(new Stack(app, 'Shop'));
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
}

test('a default stack breaks no rule of AWS Solutions without a reason', () => {
  expect(() => synthesise((stack) => aMigration(stack))).not.toThrow();
});

test('neither does one with every kind of trigger and gate', () => {
  const metric = new cloudwatch.Metric({ namespace: 'App', metricName: 'Requests' });
  const rates = { errors: metric, requests: metric };
  const triggers = [
    ...[
      Trigger.divergence(),
      Trigger.replicationLag(),
      Trigger.deadLetters(),
      Trigger.throttling({ max: 0 }),
      Trigger.anomaly(metric),
    ],
    ...[Trigger.metric(metric, { atMost: 1 }), Trigger.errorRate({ ...rates, maxPercent: 1 })],
    Trigger.burnRate({ ...rates, objective: 99.9 }),
  ];
  const build = (stack: Stack) => {
    const probe = lambda.Function.fromFunctionArn(stack, 'Probe', 'arn:aws:lambda:eu-west-1:111122223333:function:probe');
    const alarm = cloudwatch.Alarm.fromAlarmArn(stack, 'Alarm', 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors');
    const key = new kms.Key(stack, 'Key', { keySpec: kms.KeySpec.ECC_NIST_P256, keyUsage: kms.KeyUsage.SIGN_VERIFY });
    const certificates = s3.Bucket.fromBucketName(stack, 'Staging', 'staging');
    const gates = [
      Gate.promotion({ certificates, key }),
      Gate.window({ calendars: ['Freeze'] }),
      Gate.alarm(alarm),
      Gate.metric(metric, { maxPercentAboveBaseline: 5 }),
      Gate.probe(probe),
      Gate.reconciliation(),
      Gate.queries(['ordersOfCustomer']),
    ];
    aMigration(stack, { triggers, certificateKey: key, stages: [Stage.full({ gates })] });
  };
  expect(() => synthesise(build)).not.toThrow();
});

test('the rules are looked at', () => {
  expect(() => synthesise((stack) => aTable(stack, 'Bare', { pointInTimeRecoverySpecification: undefined }))).toThrow(
    'AwsSolutions-DDB3',
  );
});

test('neither do tables and a ledger of another stack, nor an imported table', () => {
  const app = new App();
  const data = new Stack(app, 'Data');
  const stack = new Stack(app, 'Shop');
  const sortKey = { name: 'sk', type: dynamodb.AttributeType.STRING };
  const tables = { source: aTable(data, 'Legacy'), target: aTable(data, 'Target', { sortKey }) };
  const stages = [Stage.full({ gates: [Gate.queries(['ordersOfCustomer'])] })];
  aMigration(stack, { ...tables, ledger: new RolloutLedger(data, 'Ledger'), stages });
  aReindex(stack, { table: dynamodb.Table.fromTableName(stack, 'Imported', 'people'), tableKeys: ['pk'] }, 'Reindex');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).not.toThrow();
});
