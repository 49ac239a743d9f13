import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Transform } from '../../../lib';
import { aMigration, aStack, ENTRY, templateOf } from '../fixture';
import { definitionsOf } from '../workflow/definitions';

function certified() {
  const stack = aStack();
  const certificateKey = new kms.Key(stack, 'Key', { keySpec: kms.KeySpec.ECC_NIST_P256, keyUsage: kms.KeyUsage.SIGN_VERIFY });
  return { stack, certificateKey, migration: aMigration(stack, { certificateKey }) };
}

it('certifies after completion, and takes nothing back where that fails', () => {
  const { stack } = certified();
  const { States } = definitionsOf(Template.fromStack(stack)).rollout;
  expect(States.Complete).toMatchObject({ Next: 'Certify', Catch: [{ Next: 'Taken over?' }] });
  expect(States.Certify).toMatchObject({ Parameters: { 'run.$': '$.run' }, Retry: [{}, { MaxAttempts: 15 }], Next: 'Completed' });
  expect(States.Certify?.Catch).toBeUndefined();
});

it('lets a function of its own sign, and keep the certificate of this transform', () => {
  const { stack, migration, certificateKey } = certified();
  const template = Template.fromStack(stack);
  const CERTIFICATE_KEY = stack.resolve(certificateKey.keyArn);
  template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { CERTIFICATE_KEY } } });
  const object = `/certificates/${migration.migrationId}/${Transform.fromEntry(ENTRY).sha256}.json`;
  const Resource = { 'Fn::Join': ['', [stack.resolve(migration.ledger.archive.bucketArn), object]] };
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyName: Match.stringLikeRegexp('Certify'),
    PolicyDocument: {
      Statement: Match.arrayWith([
        { Action: 'kms:Sign', Effect: 'Allow', Resource: CERTIFICATE_KEY },
        { Action: 's3:PutObject', Effect: 'Allow', Resource },
      ]),
    },
  });
});

it('lets another account read and verify them, by the policies of bucket and keys', () => {
  const { stack, migration } = certified();
  migration.grants.verifyCertificates(new AccountPrincipal('444455556666'));
  const template = Template.fromStack(stack);
  const archive = stack.resolve(migration.ledger.archive.bucketArn);
  const objects = `certificates/${migration.migrationId}/*`;
  const allowed = (Action: string, more = {}) =>
    Match.objectLike({ Action, Effect: 'Allow', Principal: { AWS: Match.anyValue() }, ...more });
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        allowed('s3:ListBucket', { Resource: archive, Condition: { StringLike: { 's3:prefix': objects } } }),
        allowed('s3:GetObject', { Resource: { 'Fn::Join': ['', [archive, `/${objects}`]] } }),
      ]),
    },
  });
  const keyAllows = (action: string) => ({ KeyPolicy: { Statement: Match.arrayWith([allowed(action)]) } });
  template.hasResourceProperties('AWS::KMS::Key', { KeySpec: 'ECC_NIST_P256', ...keyAllows('kms:Verify') });
  template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true, ...keyAllows('kms:Decrypt') });
});

it('certifies nothing without a key', () => {
  expect(definitionsOf(templateOf()).rollout.States.Complete).toMatchObject({ Next: 'Completed' });
  const grant = () => aMigration(aStack()).grants.verifyCertificates(new AccountPrincipal('444455556666'));
  expect(grant).toThrow('MigrationGrants: certificateKey must be given to the migration: without it no run is certified.');
});
