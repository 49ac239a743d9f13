import { type Archive, CERTIFICATES } from '../core/archive';
import { RolloutError } from '../core/errors';
import type { Ledger } from '../core/ledger';
import { type Certificate, certificateName, certificateOf, type SignedText, type Signer } from '../core/promotion';
import { recordOnce } from '../core/record-once';

export interface CertifyPorts {
  readonly ledger: Ledger;
  readonly archive: Archive;
  readonly signer: Pick<Signer, 'sign'>;
  readonly migration: string;
  /** The transform that is deployed. */
  readonly transformSha256: string;
}

export interface CertifyInput {
  readonly run: string;
}

/**
 * Signs what the ledger says of a run that completed, and keeps it in the archive, where it replaces the certificate of an
 * earlier run with the same transform. The lease is given up by then: a second try says the same.
 * @throws InvalidConfiguration when the run did not complete or was rolled back; TransformChanged; CertificateUnavailable
 */
export async function certify(ports: CertifyPorts, { run }: CertifyInput): Promise<Record<string, never>> {
  const { ledger, archive, signer, migration } = ports;
  const certificate = certificateOf(migration, run, await ledger.events());
  requireSameTransform(certificate, ports.transformSha256);
  const text = JSON.stringify(certificate);
  const signed: SignedText = { text, signature: await signer.sign(text) };
  const name = certificateName(certificate.transform.sha256);
  await archive.put(CERTIFICATES, name, Buffer.from(JSON.stringify(signed)));
  await recordOnce(ledger, run, 'certified', { name });
  return {};
}

/** A stack that was deployed with another transform in the middle of the run has not tried either of them. */
function requireSameTransform({ run, transform }: Certificate, sha256: string): void {
  if (transform.sha256 === sha256) return;
  throw new RolloutError(
    'TransformChanged',
    `Run ${run} gets no certificate: it began with transform ${transform.sha256}, and ${sha256} was deployed since. Roll back, and ` +
      'run again with the one that you mean.',
    { run, began: transform.sha256, deployed: sha256 },
  );
}
