import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity } from '@smithy/types';
import { type Claim, headersOf, PROOF_SECONDS } from '../core/identity';
import { isLocalAws } from './local-aws';

/** Whose proof it is, and where AWS STS is asked. */
export interface Prover {
  readonly credentials: AwsCredentialIdentity | (() => Promise<AwsCredentialIdentity>);
  /** Such as `eu-west-1`: the AWS STS of this Region is asked. */
  readonly region: string;
  /** @default - the one of `AWS_ENDPOINT_URL` on local AWS, otherwise the AWS STS of the Region */
  readonly endpoint?: string;
}

/**
 * A proof of who asks: a signed request to `sts:GetCallerIdentity`, as a URL (AWS General Reference, "Create a signed AWS API request",
 * query parameters). It is good for one action on one migration, for 15 minutes, and allows nothing but to learn who signed it.
 */
export async function proveIdentity({ credentials, region, endpoint }: Prover, claim: Claim, signingDate = new Date()) {
  const local = isLocalAws() ? process.env.AWS_ENDPOINT_URL : undefined;
  const url = new URL(endpoint ?? local ?? `https://${hostIn(region)}`);
  const signer = new SignatureV4({ credentials, region, service: 'sts', sha256: Sha256 });
  const request = new HttpRequest({
    protocol: url.protocol,
    hostname: url.hostname,
    port: url.port ? Number(url.port) : undefined,
    headers: { host: url.host, ...headersOf(claim) },
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
  });
  const { query = {} } = await signer.presign(request, { expiresIn: PROOF_SECONDS, signingDate });
  return `${url.origin}/?${new URLSearchParams(query as Record<string, string>)}`;
}

/** AWS General Reference, "AWS Security Token Service endpoints and quotas". */
function hostIn(region: string): string {
  return `sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}
