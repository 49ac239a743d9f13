import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import * as v from 'valibot';
import { RolloutError } from '../core/errors';
import { type Certificates, certificateKey, type Found, type Signer, type Wanted } from '../core/promotion';
import { isLocalAws } from './local-aws';

/** Certificates in buckets that other environments write. */
export class SignedCertificates implements Certificates {
  constructor(
    private readonly client: S3Client,
    private readonly signerOf: (key: string) => Pick<Signer, 'isSigned'>,
  ) {}

  /** Nothing that the key did not sign is looked into. */
  async find({ bucket, key, migration, transformSha256 }: Wanted): Promise<Found> {
    const text = await this.read(bucket, certificateKey(migration, transformSha256));
    if (text === undefined) return { kind: 'nothing' };
    const signed = parsed(SIGNED, text);
    if (!signed || !(await this.signerOf(key).isSigned(signed))) return { kind: 'not-signed' };
    const certificate = parsed(CERTIFICATE, signed.text);
    return certificate ? { kind: 'certificate', certificate } : { kind: 'something-else' };
  }

  /**
   * Listed first: asked for an object that there is not, S3 refuses those who may not list (Amazon S3 API, GetObject,
   * "Permissions"), and a list may be allowed by prefix.
   */
  private async read(Bucket: string, Key: string): Promise<string | undefined> {
    try {
      const { Contents = [] } = await this.client.send(new ListObjectsV2Command({ Bucket, Prefix: Key, MaxKeys: 1 }));
      if (!Contents.some((object) => object.Key === Key)) return undefined;
      const { Body } = await this.client.send(new GetObjectCommand({ Bucket, Key }));
      return (await Body?.transformToString()) ?? '';
    } catch (error) {
      throw unavailable(Bucket, Key, error as Error);
    }
  }
}

/** A client for a bucket of any Region. */
export function certificateClient(): S3Client {
  return new S3Client({ followRegionRedirects: true, forcePathStyle: isLocalAws() });
}

function unavailable(bucket: string, key: string, cause: Error): RolloutError {
  return new RolloutError(
    'CertificateUnavailable',
    `Certificate ${key} of bucket ${bucket} could not be read: ${cause.name}: ${cause.message} The function needs s3:ListBucket ` +
      'and s3:GetObject there, and kms:Decrypt on the key of the bucket; in another account their policies have to allow that, ' +
      'too, as grants.verifyCertificates() of the migration there does.',
    { bucket, key },
    cause,
  );
}

const SIGNED = v.object({ text: v.string(), signature: v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{40,200}={0,2}$/)) });

const count = v.pipe(v.number(), v.minValue(0));
const CERTIFICATE = v.object({
  migration: v.string(),
  run: v.string(),
  transform: v.object({ version: v.string(), sha256: v.string() }),
  planSha256: v.string(),
  completedAt: v.pipe(v.string(), v.isoTimestamp()),
  stages: v.array(
    v.object({
      ...{ name: v.string(), verdict: v.string(), observations: count, inconclusive: count },
      ...{ checked: count, diverged: count, longestLag: count },
    }),
  ),
  counts: v.record(v.string(), v.number()),
});

/** Undefined for what is something else: a key may sign for others, too. */
function parsed<T>(schema: v.GenericSchema<unknown, T>, text: string): T | undefined {
  try {
    const result = v.safeParse(schema, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
