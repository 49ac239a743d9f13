import { Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { refusal } from './refuse';

/** Refuses a key that cannot sign. An imported one says only when it is used. */
export function requireSigningKey(owner: string, prop: string, key: kms.IKey): void {
  const made = key.node.defaultChild;
  if (!(made instanceof kms.CfnKey) || Token.isUnresolved(made.keySpec)) return;
  if (made.keySpec === kms.KeySpec.ECC_NIST_P256 && made.keyUsage === kms.KeyUsage.SIGN_VERIFY) return;
  const received = `${made.keySpec ?? kms.KeySpec.SYMMETRIC_DEFAULT}, ${made.keyUsage ?? kms.KeyUsage.ENCRYPT_DECRYPT}`;
  throw refusal(owner, prop, 'must have KeySpec.ECC_NIST_P256 and KeyUsage.SIGN_VERIFY', received);
}
