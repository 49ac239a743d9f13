import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type LocalAws, startLocalAws } from '../../bin/local-aws';
import { S3Archive } from '../../lambda/adapters/archive';
import { SignedCertificates } from '../../lambda/adapters/certificates';
import { certificateName } from '../../lambda/core/promotion';
import { certified } from '../memory/certified-run';

let aws: LocalAws;
let client: S3Client;

beforeAll(async () => {
  aws = await startLocalAws();
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region } = aws.environment;
  client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await client.send(new CreateBucketCommand({ Bucket: 'archive' }));
}, 120_000);

afterAll(async () => {
  client.destroy();
  await aws.stop();
});

test('gives back what was put there, byte by byte', async () => {
  const archive = new S3Archive(client, 'archive', 'cities');
  const content = Uint8Array.from({ length: 300_000 }, (_, n) => n % 251);
  await archive.put('sketches', 'run-1/sketch-1-1/legacy-0-a', content);
  expect(Buffer.compare(await archive.get('sketches', 'run-1/sketch-1-1/legacy-0-a'), content)).toBe(0);
});

test('migrations and shelves are kept apart, and what is not there is an error', async () => {
  await new S3Archive(client, 'archive', 'cities').put('sketches', 'one', new Uint8Array([1]));
  await expect(new S3Archive(client, 'archive', 'orders').get('sketches', 'one')).rejects.toMatchObject({ name: 'NoSuchKey' });
  await expect(new S3Archive(client, 'archive', 'cities').get('differences', 'one')).rejects.toMatchObject({ name: 'NoSuchKey' });
});

test('a certificate that one environment keeps is found by another, and one of another transform is not', async () => {
  const kept = { text: JSON.stringify(certified), signature: Buffer.from('x'.repeat(72)).toString('base64') };
  await new S3Archive(client, 'archive', 'orders').put('certificates', certificateName('abc'), Buffer.from(JSON.stringify(kept)));
  const certificates = new SignedCertificates(client, () => ({ isSigned: async ({ text }) => text === kept.text }));
  const wanted = { bucket: 'archive', key: 'the-key', migration: 'orders', transformSha256: 'abc', within: 1 };
  expect(await certificates.find(wanted)).toEqual({ kind: 'certificate', certificate: certified });
  expect(await certificates.find({ ...wanted, transformSha256: 'ab' })).toEqual({ kind: 'nothing' });
});
