import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { certificateKey } from '../../lambda/core/promotion';
import { refusal, requireBetween } from '../private/refuse';
import { requireSigningKey } from '../private/signing-key';
import type { Gate } from './gate';
import type { PromotionOptions } from './gate-options';
import type { GateParts, PromotionParts } from './gate-parts';

const OWNER = 'Gate.promotion()';

/** A certificate of another environment that a stage needs. */
export function promotionGate(options: PromotionOptions): GateParts {
  const { certificates, key, migration, within = Duration.days(30) } = options;
  requireBetween(OWNER, 'within (in days)', within.toDays({ integral: false }), 1, 365);
  if (migration === '') throw refusal(OWNER, 'migration', 'must be the id of a migration', migration);
  requireSigningKey(OWNER, 'key', key);
  const spec = { bucket: certificates.bucketName, key: key.keyArn, migration, within: within.toSeconds() };
  return { id: 'promotion', promotion: { spec, certificates, key } };
}

/** Whose certificate a migration waits for. */
export interface Promoted {
  /** Id of the migration. */
  readonly migration: string;
  readonly transformSha256: string;
}

/** Allows a function to find, to read and to verify the one certificate that each of the gates waits for. */
export function allowPromotions(fn: lambda.Function, gates: Gate[], promoted: Promoted): void {
  for (const { _parts } of gates) if (_parts.promotion) allowPromotion(fn, _parts.promotion, promoted);
}

function allowPromotion(fn: lambda.Function, { spec, certificates, key }: PromotionParts, promoted: Promoted): void {
  const object = certificateKey(spec.migration ?? promoted.migration, promoted.transformSha256);
  const listing = new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [certificates.bucketArn] });
  listing.addCondition('StringEquals', { 's3:prefix': object });
  fn.addToRolePolicy(listing);
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [certificates.arnForObjects(object)] }));
  certificates.encryptionKey?.grant(fn, 'kms:Decrypt');
  key.grant(fn, 'kms:Verify');
}
