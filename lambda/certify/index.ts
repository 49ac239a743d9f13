import { archiveClient } from '../adapters/archive';
import { dynamoClient } from '../adapters/dynamodb-client';
import { settings, variable } from '../adapters/environment';
import { signerOf } from '../adapters/kms';
import { archiveOf, ledgerOf, once } from '../adapters/services';
import { type CertifyInput, type CertifyPorts, certify } from './certify';

const dynamo = dynamoClient();
const s3 = archiveClient();

const ports = once(async (): Promise<CertifyPorts> => {
  const at = settings();
  const { migration, transformSha256 } = at;
  const signer = signerOf(variable('CERTIFICATE_KEY'));
  return { ledger: ledgerOf(dynamo, at), archive: archiveOf(s3, at), signer, migration, transformSha256 };
});

/** A task of the rollout workflow after its end, where other environments wait for it. */
export async function handler(event: CertifyInput): Promise<Record<string, never>> {
  return certify(await ports(), event);
}
