import { Duration, Fn, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Gate, type PromotionOptions, Stage, Transform } from '../../../lib';
import { aMigration, aStack, ENTRY, templateOf } from '../fixture';
import { definitionsOf } from '../workflow/definitions';

const p99 = new cloudwatch.Metric({
  ...{ namespace: 'App', metricName: 'Latency', dimensionsMap: { Service: 'orders' } },
  ...{ statistic: 'p99', period: Duration.minutes(1) },
});
const errorRate = new cloudwatch.MathExpression({
  expression: '100 * errors / requests',
  period: Duration.minutes(1),
  usingMetrics: {
    errors: new cloudwatch.Metric({ namespace: 'App', metricName: 'Errors' }),
    requests: new cloudwatch.Metric({ namespace: 'App', metricName: 'Requests' }),
  },
});

function aProbe(stack: Stack): lambda.IFunction {
  return lambda.Function.fromFunctionArn(stack, 'Check', 'arn:aws:lambda:eu-west-1:111122223333:function:check');
}

function staging(stack = aStack()): PromotionOptions {
  const keyArn = (id: string) => `arn:aws:kms:eu-central-1:444455556666:key/${id}`;
  const encryptionKey = kms.Key.fromKeyArn(stack, 'ArchiveKey', keyArn('archive'));
  return {
    certificates: s3.Bucket.fromBucketAttributes(stack, 'Certificates', { bucketName: 'staging-archive', encryptionKey }),
    key: kms.Key.fromKeyArn(stack, 'CertificateKey', keyArn('certificates')),
  };
}

describe('a stage with gates', () => {
  it('tells the observation of each, and gives it what it needs and no more', () => {
    const stack = aStack();
    const alarm = cloudwatch.Alarm.fromAlarmArn(stack, 'Errors', 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors');
    const gates = [
      Gate.alarm(alarm),
      Gate.metric(p99, { maxPercentAboveBaseline: 10, observeOnly: true }),
      Gate.metric(errorRate, { id: 'error rate', atMost: 1, windows: 10, breaching: 5 }),
      Gate.probe(aProbe(stack), { errorBudget: 0 }),
    ];
    aMigration(stack, { stages: [Stage.full({ gates })] });
    const template = Template.fromStack(stack);
    const bake = definitionsOf(template).rollout.States['full: bake'];
    expect(bake?.Parameters?.Input).toMatchSnapshot();
    const allowed = (Action: string, Resource: unknown) =>
      template.hasResourceProperties('AWS::IAM::Policy', {
        PolicyName: Match.stringLikeRegexp('Observe'),
        PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action, Resource })]) },
      });
    allowed('lambda:InvokeFunction', 'arn:aws:lambda:eu-west-1:111122223333:function:check');
    const policies = JSON.stringify(template.findResources('AWS::IAM::Policy'));
    expect(policies).toContain('cloudwatch:GetMetricData');
  });

  it('without gates tells of none, and asks for nothing', () => {
    const stack = aStack();
    aMigration(stack, { stages: [Stage.full()] });
    const template = Template.fromStack(stack);
    const bake = definitionsOf(template).rollout.States['full: bake'];
    expect(bake?.Parameters?.Input).toMatchObject({ gates: [] });
    expect(JSON.stringify(template.toJSON())).not.toContain('GetMetricData');
  });
});

describe('a full comparison', () => {
  const stageOf = (gates: Gate[]) => {
    const stack = aStack();
    aMigration(stack, { stages: [Stage.shadow(), Stage.full({ gates })] });
    return definitionsOf(Template.fromStack(stack)).rollout.States;
  };

  it('follows the bake of its stage, and no other', () => {
    const states = stageOf([Gate.reconciliation()]);
    expect(states['full: bake']).toMatchObject({ Next: 'full: compare' });
    expect(states['full: compare']).toMatchObject({
      Parameters: { Input: { stage: 1, observeOnly: false, 'slices.$': '$.slices' } },
      Next: 'full: evidence',
      Catch: [{ ErrorEquals: ['States.ALL'] }],
    });
    expect(states['shadow: bake']).toMatchObject({ Next: 'shadow: evidence' });
  });

  it('may only tell', () => {
    const states = stageOf([Gate.reconciliation({ observeOnly: true })]);
    expect(states['full: compare']).toMatchObject({ Parameters: { Input: { observeOnly: true } } });
  });

  it('is there once at most', () => {
    expect(() => stageOf([Gate.reconciliation(), Gate.reconciliation()])).toThrow(/an id that no other gate/);
  });
});

describe('compared reads', () => {
  it('are counted from the clients of this migration', () => {
    const stack = aStack();
    const migration = aMigration(stack, { stages: [Stage.shadow({ gates: [Gate.shadowReads({ minSamples: 50 })] })] });
    const bake = definitionsOf(Template.fromStack(stack)).rollout.States['shadow: bake'];
    const Dimensions = [{ Name: 'Migration', Value: migration.migrationId }];
    const input = bake?.Parameters?.Input as { gates: object[] };
    expect(input.gates[0]).toMatchObject({
      ...{ kind: 'shadow', id: 'shadow reads', maxMismatch: 0, minSamples: 50 },
      reads: [{ MetricStat: { Metric: { MetricName: 'ShadowReads', Dimensions }, Period: 60, Stat: 'Sum' }, ReturnData: true }],
      mismatches: [{ MetricStat: { Metric: { MetricName: 'ShadowMismatch', Dimensions } } }],
    });
  });
});

describe('a promotion', () => {
  const promoted = (options: Partial<PromotionOptions> = {}) => {
    const stack = aStack();
    const gates = [Gate.compatibility(), Gate.promotion({ ...staging(stack), within: Duration.days(7), ...options })];
    const migration = aMigration(stack, { stages: [Stage.shadow({ gates }), Stage.full()] });
    return { id: options.migration ?? migration.migrationId, template: Template.fromStack(stack) };
  };

  it('comes before everything else, with patience for another environment', () => {
    const { States } = definitionsOf(promoted({ migration: 'staging-orders' }).template).rollout;
    expect(States['shadow: promotion']).toMatchObject({
      Parameters: {
        stage: 0,
        promotion: {
          ...{ bucket: 'staging-archive', migration: 'staging-orders', within: 7 * 24 * 3600 },
          key: 'arn:aws:kms:eu-central-1:444455556666:key/certificates',
        },
      },
      Retry: [{}, { MaxAttempts: 15 }],
      Next: 'shadow: compatibility',
    });
    expect(Object.keys(States)).not.toContain('full: promotion');
  });

  it.each([undefined, 'staging-orders'])('may read and verify one certificate, and nothing else: of %s', (migration) => {
    const { id, template } = promoted({ migration });
    const [, policy] =
      Object.entries(template.findResources('AWS::IAM::Policy')).find(([name]) => name.includes('Promotion')) ?? [];
    const statements = policy?.Properties.PolicyDocument.Statement as { Action: string | string[] }[];
    const object = `certificates/${id}/${Transform.fromEntry(ENTRY).sha256}.json`;
    const arn = (...rest: string[]) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, rest.join('')]] });
    expect(
      statements.filter(({ Action }) => /^(s3:|kms:(Decrypt|Verify))/.test(String(Action)) && !Array.isArray(Action)),
    ).toEqual([
      {
        ...{ Action: 's3:ListBucket', Effect: 'Allow', Resource: arn(':s3:::staging-archive') },
        Condition: { StringEquals: { 's3:prefix': object } },
      },
      { Action: 's3:GetObject', Effect: 'Allow', Resource: arn(':s3:::staging-archive/', object) },
      { Action: 'kms:Decrypt', Effect: 'Allow', Resource: 'arn:aws:kms:eu-central-1:444455556666:key/archive' },
      { Action: 'kms:Verify', Effect: 'Allow', Resource: 'arn:aws:kms:eu-central-1:444455556666:key/certificates' },
    ]);
  });

  it('has a function only where it is used', () => {
    const count = (template: Template) => Object.keys(template.findResources('AWS::Lambda::Function')).length;
    expect(count(promoted().template)).toBe(count(templateOf()) + 1);
  });
});

describe('queries of the application', () => {
  const gates = [Gate.reconciliation(), Gate.queries(['byCity', 'byName'], { sample: 20 })];

  it('are asked after the bake and before the full comparison, and preflight hears of each once', () => {
    const stages = [Stage.shadow({ gates: [Gate.queries(['byCity'], { observeOnly: true })] }), Stage.full({ gates })];
    const { States } = definitionsOf(templateOf({ stages })).rollout;
    expect(States['shadow: bake']).toMatchObject({ Next: 'shadow: queries' });
    expect(States['shadow: queries']).toMatchObject({
      Parameters: { stage: 0, queries: { names: ['byCity'], sample: 100, observeOnly: true } },
      Next: 'shadow: evidence',
    });
    expect(States['full: bake']).toMatchObject({ Next: 'full: queries' });
    expect(States['full: queries']).toMatchObject({
      Parameters: { stage: 1, queries: { names: ['byCity', 'byName'], sample: 20, observeOnly: false } },
      Catch: [{ ErrorEquals: ['States.ALL'] }],
      Next: 'full: compare',
    });
    expect(States.Preflight).toMatchObject({ Parameters: { queries: ['byCity', 'byName'] } });
  });

  it('may be made of both tables and their indexes by one task, where a stage asks for them', () => {
    const mayQuery = (stages: Stage[]) => {
      const stack = aStack();
      aMigration(stack, { stages });
      return Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
        .filter(({ Properties }) => /Queries/.test(Properties.PolicyName))
        .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as { Action: unknown; Resource: unknown }[])
        .filter(({ Action }) => Action === 'dynamodb:Query')
        .flatMap(({ Resource }) => Resource);
    };
    expect(mayQuery([Stage.full()])).toEqual([]);
    const indexes = (id: string) => ({ 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching(id), 'Arn'] }, '/index/*']] });
    const tables = (id: string) => ({ 'Fn::GetAtt': [expect.stringMatching(id), 'Arn'] });
    const allowed = mayQuery([Stage.shadow({ gates: [Gate.queries(['byCity'])] }), Stage.full({ gates })]);
    expect(allowed).toHaveLength(4);
    expect(allowed).toEqual(expect.arrayContaining([tables('Legacy'), indexes('Legacy'), tables('Target'), indexes('Target')]));
  });
});

test('a look at the legacy table comes before an approval', () => {
  const gates = [Gate.approval({ approvers: ['dba'] }), Gate.compatibility({ sample: 500 })];
  const { States } = definitionsOf(templateOf({ stages: [Stage.shadow(), Stage.full({ gates })] })).rollout;
  expect(States['shadow: evidence']).toMatchObject({ Next: 'full: compatibility' });
  expect(States['full: compatibility']).toMatchObject({
    Parameters: { stage: 1, compatibility: { sample: 500, observeOnly: false } },
    Next: 'full: approval',
  });
});

describe('an approval', () => {
  it('by somebody else than who starts the run is asked for as such, and is part of the plan', () => {
    const of = (separateFromStarter?: boolean) =>
      templateOf({ stages: [Stage.full({ gates: [Gate.approval({ approvers: ['dba'], separateFromStarter })] })] });
    const [separate, plain] = [of(true), of()];
    expect(definitionsOf(separate).rollout.States['full: approval']).toMatchObject({
      Parameters: { Payload: { approval: { approvers: ['dba'], atLeast: 1, separate: true } } },
    });
    const plans = [separate, plain].map((template) => {
      const begin = Object.entries(template.findResources('AWS::Lambda::Function')).find(([id]) =>
        id.startsWith('OrdersTasksBegin'),
      );
      return begin?.[1].Properties.Environment.Variables.PLAN_SHA256;
    });
    expect(plans[0]).not.toBe(plans[1]);
  });

  const approvers = ['dba', 'product-owner'];

  it('comes before the window, waits with a token, and names what ran out of time', () => {
    const stack = aStack();
    const gates = [Gate.window(), Gate.approval({ approvers, atLeast: 1, expiresAfter: Duration.days(2) })];
    const migration = aMigration(stack, { stages: [Stage.shadow(), Stage.full({ gates })] });
    const role = new iam.Role(stack, 'Dba', { assumedBy: new iam.AccountRootPrincipal() });
    migration.grants.approve(role, 'dba');
    const template = Template.fromStack(stack);
    const { States } = definitionsOf(template).rollout;
    expect(States['shadow: evidence']).toMatchObject({ Next: 'full: approval' });
    expect(States['full: approval']).toMatchObject({
      TimeoutSeconds: 2 * 24 * 3600,
      Parameters: { Payload: { stage: 'full', approval: { approvers, atLeast: 1 }, 'token.$': '$$.Task.Token' } },
      Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 0 }, {}, {}],
      Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'full: expired' }, { ErrorEquals: ['States.ALL'] }],
      Next: 'full: window',
    });
    expect((States['full: approval'] as { Resource?: string }).Resource).toContain('lambda:invoke.waitForTaskToken');
    expect(States['full: expired']).toMatchObject({ Result: { Error: 'GateFailed' }, ResultPath: '$.failure' });
    expect(Object.keys(migration.approvals)).toEqual(approvers);
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { APPROVER: 'product-owner' } } });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [{ Action: 'lambda:InvokeFunction', Resource: stack.resolve(migration.approvals.dba?.functionArn) }],
      },
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: ['states:SendTaskSuccess', 'states:SendTaskFailure'] })] },
      Roles: Array.from({ length: 3 }, () => Match.anyValue()),
    });
    expect(() => migration.grants.approve(role, 'cto')).toThrow(/approver must be one of dba, product-owner. Received: 'cto'/);
  });
});

describe('a window', () => {
  it('comes before the shift of its stage, and is looked at until it is open', () => {
    const stack = aStack();
    const gates = [Gate.window({ timeZone: 'Europe/Berlin', from: '08:30', to: '24:00', blackouts: ['2026-12-24'] })];
    aMigration(stack, { stages: [Stage.shadow(), Stage.full({ gates })] });
    const { States: states } = definitionsOf(Template.fromStack(stack)).rollout;
    expect(states['shadow: evidence']).toMatchObject({ Next: 'full: window' });
    const window = { timeZone: 'Europe/Berlin', days: [1, 2, 3, 4, 5], from: 510, to: 1440, blackouts: ['2026-12-24'] };
    expect(states['full: window']).toMatchObject({ Parameters: { stage: 1, window }, Next: 'full: open?' });
    expect(states['full: open?']).toMatchObject({ Choices: [{ Next: 'full: shift' }], Default: 'full: wait' });
    expect(states['full: wait']).toMatchObject({ SecondsPath: '$.window.wait', Next: 'full: window' });
  });
});

describe('change calendars', () => {
  const shared = 'arn:aws:ssm:eu-west-1:111122223333:document/Sales';
  const lookers = (template: Template) =>
    Object.entries(template.findResources('AWS::IAM::Policy')).filter(([, policy]) => JSON.stringify(policy).includes('ssm:'));
  const own = (...name: unknown[]) => {
    const [partition, region, account] = ['Partition', 'Region', 'AccountId'].map((each) => ({ Ref: `AWS::${each}` }));
    return { 'Fn::Join': ['', ['arn:', partition, ':ssm:', region, ':', account, ...name]] };
  };

  it('are looked at by the window, with more patience than it has alone, and no other document may be', () => {
    const calendars = ['Freeze', shared, Fn.importValue('Audit')];
    const gate = () => Gate.window({ calendars });
    const template = templateOf({ stages: [Stage.shadow({ gates: [gate()] }), Stage.full({ gates: [gate()] })] });
    expect(definitionsOf(template).rollout.States['full: window']).toMatchObject({
      Parameters: { window: { calendars: ['Freeze', shared, '?'] } },
      Retry: [{}, { MaxAttempts: 15 }],
    });
    const policies = lookers(template);
    expect(policies.map(([id]) => id)).toEqual([expect.stringContaining('Window')]);
    expect(policies[0]?.[1].Properties.PolicyDocument.Statement).toContainEqual({
      ...{ Action: 'ssm:GetCalendarState', Effect: 'Allow' },
      Resource: [own(':document/Freeze'), shared, own(':document/', { 'Fn::ImportValue': 'Audit' })],
    });
  });

  it('without them the window may look at no document', () => {
    expect(lookers(templateOf({ stages: [Stage.full({ gates: [Gate.window()] })] }))).toEqual([]);
  });
});

describe('what is refused', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['no bound', () => Gate.metric(p99, {}), /the bound must be one of atMost, .* Received: 0/],
    ['two bounds', () => Gate.metric(p99, { atMost: 1, atLeast: 0 }), /the bound must be one of .* Received: 2/],
    [
      'a percentile beyond all',
      () => Gate.latency({ percentiles: [100] }),
      /percentiles\[0\] must be between 1 and 99.9. Received: 100/,
    ],
    ['no percentile', () => Gate.latency({ percentiles: [] }), /percentiles must hold at least one/],
    [
      'too few samples',
      () => Gate.latency({ minSamples: 1000 }),
      /minSamples must be between 2942 and 1000000000. Received: 1000/,
    ],
    [
      'a certificate of the same day',
      () => Gate.promotion({ ...staging(), within: Duration.hours(12) }),
      /within \(in days\) must be between 1 and 365. Received: 0.5/,
    ],
    ['a certificate for ever', () => Gate.promotion({ ...staging(), within: Duration.days(366) }), /Received: 366/],
    ['a certificate of no migration', () => Gate.promotion({ ...staging(), migration: '' }), /migration must be the id/],
    [
      'a certificate that is encrypted, not signed',
      () => Gate.promotion({ ...staging(), key: new kms.Key(aStack(), 'Symmetric') }),
      /key must have KeySpec.ECC_NIST_P256 and KeyUsage.SIGN_VERIFY. Received: 'SYMMETRIC_DEFAULT, ENCRYPT_DECRYPT'/,
    ],
    [
      'certificates that are encrypted, not signed',
      () => {
        const stack = aStack();
        aMigration(stack, { certificateKey: new kms.Key(stack, 'Symmetric') });
      },
      /StagedMigration 'Shop\/Orders': certificateKey must have KeySpec.ECC_NIST_P256/,
    ],
    ['a sample of none', () => Gate.compatibility({ sample: 0 }), /sample must be between 1 and 100000. Received: 0/],
    ['queries of no name', () => Gate.queries([]), /names must hold at least one. Received: 0/],
    ['a query twice', () => Gate.queries(['a', 'a']), /names\[1\] must not be there twice. Received: 'a'/],
    ['a query without a name', () => Gate.queries(['']), /names\[0\] must be a name of queries in the transform/],
    ['queries of no sample', () => Gate.queries(['a'], { sample: 1001 }), /sample must be between 1 and 1000. Received: 1001/],
    ['an approval of nobody', () => Gate.approval({ approvers: [] }), /approvers must hold at least one. Received: 0/],
    ['an approver twice', () => Gate.approval({ approvers: ['dba', 'dba'] }), /approvers\[1\] must not be there twice/],
    ['an approver with a space', () => Gate.approval({ approvers: ['the dba'] }), /approvers\[0\] must be 1 to 30 letters/],
    [
      'more approvals than approvers',
      () => Gate.approval({ approvers: ['dba'], atLeast: 2 }),
      /atLeast must be between 1 and 1. Received: 2/,
    ],
    [
      'an approval that expires at once',
      () => Gate.approval({ approvers: ['dba'], expiresAfter: Duration.seconds(1) }),
      /expiresAfter \(in seconds\) must be between 60 and/,
    ],
    ['no window', () => Gate.metric(p99, { atMost: 1, windows: 0 }), /windows must be between 1 and 100/],
    [
      'more breaching windows than there are',
      () => Gate.metric(p99, { atMost: 1, windows: 2, breaching: 3 }),
      /breaching must be between 1 and 2/,
    ],
    ['a percentage below zero', () => Gate.metric(p99, { maxPercentAboveBaseline: -1 }), /must be at least 0/],
    ['a drop of more than everything', () => Gate.metric(p99, { maxPercentBelowBaseline: 101 }), /between 0 and 100/],
    [
      'a baseline shorter than a window',
      () => Gate.metric(p99, { maxPercentAboveBaseline: 1, baseline: Duration.seconds(10) }),
      /baseline/,
    ],
    [
      'compared reads where none are compared',
      () => aMigration(aStack(), { stages: [Stage.shadow({ sample: 0, gates: [Gate.shadowReads()] })] }),
      /Stage 'shadow': gates\[0\] must have something to measure: the stage compares no reads/,
    ],
    [
      'compared reads where all keys are in the target',
      () => aMigration(aStack(), { stages: [Stage.full({ gates: [Gate.shadowReads()] })] }),
      /once all keys are in the target/,
    ],
    ['a share above all', () => Gate.shadowReads({ maxMismatch: 101 }), /maxMismatch must be between 0 and 100/],
    ['a time zone that does not exist', () => Gate.window({ timeZone: 'Berlin' }), /timeZone must be the IANA name/],
    [
      'a window that ends before it begins',
      () => Gate.window({ from: '17:00', to: '09:00' }),
      /from must be earlier than to, 09:00/,
    ],
    ['a time that is none', () => Gate.window({ to: '24:01' }), /to must be a time of the form HH:MM. Received: '24:01'/],
    ['a date that there is not', () => Gate.window({ blackouts: ['2026-02-30'] }), /blackouts must hold dates.*2026-02-30/],
    [
      'a day that is none',
      () => Gate.window({ days: [7 as never] }),
      /days must hold days of the week, 0 \(Sunday\) to 6. Received: 7/,
    ],
    ['a date that is none', () => Gate.window({ blackouts: ['24.12.2026'] }), /blackouts must hold dates/],
    ['a calendar without a name', () => Gate.window({ calendars: ['Freeze', ''] }), /calendars\[1\] must be the name or the ARN/],
    ['all calendars', () => Gate.window({ calendars: ['*'] }), /calendars\[0\] must be the name or the ARN.* Received: '\*'/],
    [
      'too many calendars',
      () => Gate.window({ calendars: Array.from({ length: 11 }, (_, n) => `Freeze${n}`) }),
      /calendars must hold at most 10. Received: 11/,
    ],
    [
      'calendars whose number is not known',
      () => Gate.window({ calendars: Fn.split(',', Fn.importValue('Calendars')) }),
      /calendars must be a list whose length is known at synthesis/,
    ],
    ['no day', () => Gate.window({ days: [] }), /days must hold at least one day/],
    ['a budget below zero', () => Gate.probe(aProbe(aStack()), { errorBudget: -1 }), /errorBudget must be between 0/],
    ['an id that is no name', () => Gate.metric(p99, { id: 'a/b', atMost: 1 }), /id must be 1 to 60 letters/],
    [
      'a search',
      () => Gate.metric(new cloudwatch.MathExpression({ expression: "SEARCH('{App} Latency', 'p99')" }), { id: 's', atMost: 1 }),
      /not a search/,
    ],
    [
      'two gates with one id',
      () =>
        aMigration(aStack(), {
          stages: [Stage.full({ gates: [Gate.metric(p99, { atMost: 1 }), Gate.metric(p99, { atLeast: 0 })] })],
        }),
      /Stage 'full': gates\[1\].id must be an id that no other gate of the stage has. Received: 'Latency'/,
    ],
    [
      'a bake in which there is nothing to measure',
      () =>
        aMigration(aStack(), { stages: [Stage.full({ bake: Duration.seconds(90), gates: [Gate.metric(p99, { atMost: 1 })] })] }),
      /Stage 'full': gates\[0\] must have something to measure: 'Latency' needs a bake of 2 minutes/,
    ],
  ])('%s', (_, make, message) => expect(make).toThrow(message));
});
