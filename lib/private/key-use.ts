import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';

const READ = ['kms:Decrypt', 'kms:DescribeKey'];
const WRITE = [
  'kms:Encrypt',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
];

/**
 * Allows reading a table under a key of one's own.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
export function allowKeyRead(grantee: iam.IGrantable, key: kms.IKey): iam.Grant {
  return key.grant(grantee, ...READ);
}

/** Allows reading and writing a table under a key of one's own, each action by its name. */
export function allowKeyUse(grantee: iam.IGrantable, key: kms.IKey): iam.Grant {
  return key.grant(grantee, ...READ, ...WRITE);
}
