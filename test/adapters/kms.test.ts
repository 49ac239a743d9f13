import { createHash } from 'node:crypto';
import { DisabledException, KMSClient, KMSInvalidSignatureException, SignCommand, VerifyCommand } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { signerOf } from '../../lambda/adapters/kms';

const kms = mockClient(KMSClient);
const KeyId = 'arn:aws:kms:eu-central-1:444455556666:key/certificates';
const signer = signerOf(KeyId);
const signed = { text: 'x'.repeat(10_000), signature: Buffer.from('a signature').toString('base64') };
const Message = createHash('sha256').update(signed.text).digest();
const asked = { KeyId, Message, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' } as const;

beforeEach(() => kms.reset());

test('signs the digest of a text of any length, in the Region of the key', async () => {
  kms.on(SignCommand).resolves({ Signature: Buffer.from('a signature') });
  expect(await signer.sign(signed.text)).toBe(signed.signature);
  expect(kms).toHaveReceivedCommandWith(SignCommand, asked);
  const client = kms.call(0).thisValue as KMSClient;
  expect(await client.config.region()).toBe('eu-central-1');
});

test('says whether the key signed a text', async () => {
  kms.on(VerifyCommand).resolves({ SignatureValid: true });
  expect(await signer.isSigned(signed)).toBe(true);
  expect(kms).toHaveReceivedCommandWith(VerifyCommand, { ...asked, Signature: Buffer.from('a signature') });
  kms.on(VerifyCommand).rejects(new KMSInvalidSignatureException({ message: '', $metadata: {} }));
  expect(await signer.isSigned(signed)).toBe(false);
  kms.on(VerifyCommand).resolves({});
  expect(await signer.isSigned(signed)).toBe(false);
});

test('a key that cannot be used is no verdict', async () => {
  kms.rejects(new DisabledException({ message: 'It is disabled.', $metadata: {} }));
  const failure = (action: string) => ({
    name: 'CertificateUnavailable',
    message: expect.stringMatching(new RegExp(`^Key ${KeyId} could not .*DisabledException: It is disabled.*${action}`)),
  });
  await expect(signer.sign(signed.text)).rejects.toMatchObject(failure('kms:Sign'));
  await expect(signer.isSigned(signed)).rejects.toMatchObject(failure('kms:Verify'));
});
