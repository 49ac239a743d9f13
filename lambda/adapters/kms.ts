import { createHash } from 'node:crypto';
import { KMSClient, KMSInvalidSignatureException, SignCommand, VerifyCommand } from '@aws-sdk/client-kms';
import { RolloutError } from '../core/errors';
import type { SignedText, Signer } from '../core/promotion';

/** The algorithm of a key of ECC_NIST_P256 (AWS KMS Developer Guide, "Key spec reference"). */
const ALGORITHM = { SigningAlgorithm: 'ECDSA_SHA_256', MessageType: 'DIGEST' } as const;

/** An asymmetric key of KMS, of this account or another one, by its ARN. Its private part never leaves KMS. */
export class KmsSigner implements Signer {
  constructor(
    private readonly client: KMSClient,
    private readonly key: string,
  ) {}

  async sign(text: string): Promise<string> {
    const command = new SignCommand({ KeyId: this.key, Message: digestOf(text), ...ALGORITHM });
    const { Signature } = await this.client.send(command).catch((error) => {
      throw unavailable(this.key, 'sign', 'kms:Sign', error);
    });
    return Buffer.from(Signature as Uint8Array).toString('base64');
  }

  /** A signature that does not fit is an error of its own (AWS KMS API, Verify). */
  async isSigned({ text, signature }: SignedText): Promise<boolean> {
    const Signature = Buffer.from(signature, 'base64');
    try {
      const command = new VerifyCommand({ KeyId: this.key, Message: digestOf(text), Signature, ...ALGORITHM });
      return (await this.client.send(command)).SignatureValid === true;
    } catch (error) {
      if (error instanceof KMSInvalidSignatureException) return false;
      throw unavailable(this.key, 'verify', 'kms:Verify', error as Error);
    }
  }
}

/** KMS takes 4096 bytes of a message, or the digest of a longer one (AWS KMS API, Sign). */
function digestOf(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}

/** A signer in the Region of the key, which its ARN names. */
export function signerOf(key: string): KmsSigner {
  return new KmsSigner(new KMSClient({ region: key.split(':')[3] }), key);
}

function unavailable(key: string, what: string, action: string, cause: Error): RolloutError {
  return new RolloutError(
    'CertificateUnavailable',
    `Key ${key} could not ${what} a certificate: ${cause.name}: ${cause.message} It has to be enabled, of ECC_NIST_P256 for ` +
      `SIGN_VERIFY, and let the function use ${action}; in another account its key policy has to allow that, too.`,
    { key },
    cause,
  );
}
