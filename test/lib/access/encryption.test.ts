import type { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ChangePlan, ChangeSet, RolloutLedger } from '../../../lib';
import { aMigration, anAmendment, aReindex, aStack } from '../fixture';

/** Where a resource names the key, for each type that stores or queues something. */
const KEY_OF: Readonly<Record<string, (properties: Record<string, Record<string, unknown>>) => unknown>> = {
  'AWS::DynamoDB::Table': ({ SSESpecification }) => SSESpecification?.KMSMasterKeyId,
  'AWS::Logs::LogGroup': ({ KmsKeyId }) => KmsKeyId,
  'AWS::S3::Bucket': ({ BucketEncryption }) =>
    (BucketEncryption as unknown as Encryption).ServerSideEncryptionConfiguration[0]?.ServerSideEncryptionByDefault
      .KMSMasterKeyID,
  'AWS::SNS::Topic': ({ KmsMasterKeyId }) => KmsMasterKeyId,
  'AWS::SQS::Queue': ({ KmsMasterKeyId }) => KmsMasterKeyId,
  'AWS::StepFunctions::StateMachine': ({ EncryptionConfiguration }) => EncryptionConfiguration?.KmsKeyId,
};

interface Encryption {
  readonly ServerSideEncryptionConfiguration: { readonly ServerSideEncryptionByDefault: { readonly KMSMasterKeyID?: unknown } }[];
}

/** Types that keep nothing but names, numbers, code and rules. Whoever adds one decides: here, or above. */
const KEEPS_NO_DATA = [
  'AWS::AppConfig::Application',
  'AWS::AppConfig::ConfigurationProfile',
  'AWS::AppConfig::DeploymentStrategy',
  'AWS::AppConfig::Environment',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::Events::Rule',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SSM::Parameter',
  'Custom::Trigger',
];

/** Everything of the template but the tables of the user, whose keys are theirs. */
function oursIn(stack: Stack) {
  const resources = Template.fromStack(stack).toJSON().Resources as Record<string, { Type: string; Properties: never }>;
  return Object.entries(resources).filter(([id]) => !/^(Legacy|Target|Table|Key)[0-9A-F]/.test(id));
}

describe.each([
  ['a migration', (stack: Stack, ledger: RolloutLedger) => aMigration(stack, { ledger })],
  ['an amendment', (stack: Stack, ledger: RolloutLedger) => anAmendment(stack, { ledger })],
  ['a reindex', (stack: Stack, ledger: RolloutLedger) => aReindex(stack, { ledger })],
  [
    'a plan',
    (stack: Stack, ledger: RolloutLedger) =>
      new ChangePlan(stack, 'Plan', { changes: [ChangeSet.amend(anAmendment(stack, { ledger }))] }),
  ],
])('%s', (_, make) => {
  const stack = aStack();
  const key = new kms.Key(stack, 'Key');
  make(stack, new RolloutLedger(stack, 'Ledger', { encryptionKey: key }));
  const ours = oursIn(stack);

  test('stores and queues everything under the key of the user', () => {
    const stored = ours.filter(([, { Type }]) => KEY_OF[Type]);
    const named = stored.map(([id, { Type, Properties }]) => [id, KEY_OF[Type]?.(Properties)]);
    const [arn, ref] = [stack.resolve(key.keyArn), stack.resolve(key.keyId)];
    expect(named.filter(([, value]) => ![arn, ref].some((one) => JSON.stringify(one) === JSON.stringify(value)))).toEqual([]);
    expect(stored.length).toBeGreaterThan(10);
  });

  test('has nothing of which nobody has said whether it stores something', () => {
    const types = new Set(ours.map(([, { Type }]) => Type));
    expect([...types].filter((type) => !KEY_OF[type] && !KEEPS_NO_DATA.includes(type))).toEqual([]);
  });

  test('has no key of its own', () => {
    expect(ours.filter(([, { Type }]) => Type === 'AWS::KMS::Key')).toEqual([]);
  });
});

test('without a key of the user there is one, which rotates, and those who send and write logs may use it', () => {
  const stack = aStack();
  aMigration(stack);
  const template = Template.fromStack(stack);
  const service = (Service: unknown) => Match.objectLike({ Principal: { Service }, Effect: 'Allow' });
  const logs = { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.amazonaws.com']] };
  for (const each of ['cloudwatch.amazonaws.com', 'sns.amazonaws.com', logs]) {
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: { Statement: Match.arrayWith([service(each)]) },
    });
  }
});

test('whoever is allowed to start is allowed the key of the histories', () => {
  const stack = aStack();
  const migration = aMigration(stack);
  const role = new Role(stack, 'Starter', { assumedBy: new AccountPrincipal('111122223333') });
  migration.grants.start(role);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyName: Match.stringLikeRegexp('^Starter'),
    PolicyDocument: {
      Statement: Match.arrayWith([
        {
          Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
          Effect: 'Allow',
          Resource: stack.resolve(migration.ledger.encryptionKey.keyArn),
        },
      ]),
    },
  });
});

test('the owner of an imported key is told which services have to be let use it', () => {
  const stack = aStack();
  const encryptionKey = kms.Key.fromKeyArn(
    stack,
    'Key',
    'arn:aws:kms:eu-west-1:111122223333:key/11112222-3333-4444-5555-666677778888',
  );
  aMigration(stack, { ledger: new RolloutLedger(stack, 'Ledger', { encryptionKey }) });
  const { messages } = (stack.node.root as App).synth().getStackByName('Shop');
  const told = messages.map(({ entry }) => String(entry.data)).filter((text) => text.includes('The policy of the key'));
  for (const service of ['cloudwatch', 'sns', 'logs']) expect(told.join('\n')).toContain(`let ${service}.`);
});

test('a key that signs is refused', () => {
  const stack = aStack();
  const encryptionKey = new kms.Key(stack, 'Key', { keySpec: kms.KeySpec.ECC_NIST_P256, keyUsage: kms.KeyUsage.SIGN_VERIFY });
  expect(() => new RolloutLedger(stack, 'Ledger', { encryptionKey })).toThrow(
    "RolloutLedger 'Shop/Ledger': encryptionKey must have KeySpec.SYMMETRIC_DEFAULT and KeyUsage.ENCRYPT_DECRYPT. Received: 'ECC_NIST_P256, SIGN_VERIFY'.",
  );
});
