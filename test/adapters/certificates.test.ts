import { createSign, createVerify, generateKeyPairSync } from 'node:crypto';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { SignedCertificates } from '../../lambda/adapters/certificates';
import { certified } from '../memory/certified-run';

const s3 = mockClient(S3Client);
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const isSigned = async ({ text, signature }: { text: string; signature: string }) =>
  createVerify('sha256').update(text).verify(pair.publicKey, signature, 'base64');
const certificates = new SignedCertificates(new S3Client({ region: 'eu-west-1' }), () => ({ isSigned }));

const wanted = { bucket: 'staging', key: 'the-key', migration: 'orders', transformSha256: 'abc', within: 1 };
const [Bucket, Key] = ['staging', 'certificates/orders/abc.json'];
const signed = (text: string) => ({ text, signature: createSign('sha256').update(text).sign(pair.privateKey, 'base64') });

function holds(object: string): void {
  s3.on(ListObjectsV2Command, { Bucket, Prefix: Key, MaxKeys: 1 }).resolves({ Contents: [{ Key }] });
  s3.on(GetObjectCommand, { Bucket, Key }).resolves({ Body: { transformToString: async () => object } as never });
}

beforeEach(() => s3.reset());

test('gives a certificate that the key signed', async () => {
  holds(JSON.stringify(signed(JSON.stringify(certified))));
  expect(await certificates.find(wanted)).toEqual({ kind: 'certificate', certificate: certified });
});

const forged = {
  ...signed(JSON.stringify(certified)),
  text: JSON.stringify({ ...certified, completedAt: '2026-12-24T00:00:00Z' }),
};

test.each<[string, string, string]>([
  ['a certificate that was changed', JSON.stringify(forged), 'not-signed'],
  ['one without a signature', JSON.stringify({ text: JSON.stringify(certified) }), 'not-signed'],
  ['a text', 'not JSON', 'not-signed'],
  ['nothing at all', '', 'not-signed'],
  ['what the key signed for others', JSON.stringify(signed('{"amount":1}')), 'something-else'],
])('tells %s apart', async (_, object, kind) => {
  holds(object);
  expect(await certificates.find(wanted)).toEqual({ kind });
});

test('one that is not there is not asked for: S3 would refuse', async () => {
  s3.on(ListObjectsV2Command).resolves({ Contents: [{ Key: `${Key}.old` }] });
  expect(await certificates.find(wanted)).toEqual({ kind: 'nothing' });
  s3.on(ListObjectsV2Command).resolves({});
  expect(await certificates.find(wanted)).toEqual({ kind: 'nothing' });
  expect(s3).toHaveReceivedCommandTimes(GetObjectCommand, 0);
});

test('a bucket that cannot be read is no verdict', async () => {
  s3.rejects(Object.assign(new Error('No.'), { name: 'AccessDenied' }));
  await expect(certificates.find(wanted)).rejects.toMatchObject({
    name: 'CertificateUnavailable',
    message: expect.stringMatching(
      /^Certificate certificates\/orders\/abc.json of bucket staging .*AccessDenied: No.*verifyCertificates/,
    ),
  });
});
