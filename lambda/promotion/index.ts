import { certificateClient, SignedCertificates } from '../adapters/certificates';
import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { signerOf } from '../adapters/kms';
import { ledgerOf, systemClock } from '../adapters/services';
import { type PromotionInput, promotion } from './promotion';

const dynamo = dynamoClient();
const certificates = new SignedCertificates(certificateClient(), signerOf);

/** A task of the rollout workflow, before a stage that asks for it. */
export async function handler(event: PromotionInput): Promise<Record<string, never>> {
  const at = settings();
  const { migration, transformSha256 } = at;
  return promotion({ ledger: ledgerOf(dynamo, at), clock: systemClock, certificates, migration, transformSha256 }, event);
}
