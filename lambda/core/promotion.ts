import { CERTIFICATES, objectKey } from './archive';
import { RolloutError } from './errors';
import type { Event } from './ledger';

/** What is observed while a stage bakes, as far as another environment wants to know. */
export interface CertifiedStage {
  readonly name: string;
  /** The worst of its observations. */
  readonly verdict: string;
  readonly observations: number;
  readonly inconclusive: number;
  /** Groups of the samples, and those of them that differed. */
  readonly checked: number;
  readonly diverged: number;
  /** Seconds. */
  readonly longestLag: number;
}

/** What one environment says to another of a run that completed. */
export interface Certificate {
  readonly migration: string;
  readonly run: string;
  readonly transform: { readonly version: string; readonly sha256: string };
  readonly planSha256: string;
  /** ISO time. */
  readonly completedAt: string;
  /** In their order. */
  readonly stages: readonly CertifiedStage[];
  /** The counters of the migration when the run completed. */
  readonly counts: Readonly<Record<string, number>>;
}

/** A certificate as it is kept: the text that was signed, byte by byte, and the signature in base64. */
export interface SignedText {
  readonly text: string;
  readonly signature: string;
}

/** Signs texts with one key, and says whether it signed them. */
export interface Signer {
  /** @throws CertificateUnavailable */
  sign(text: string): Promise<string>;
  /** @throws CertificateUnavailable when the key cannot be asked */
  isSigned(signed: SignedText): Promise<boolean>;
}

/** What a gate asks of a certificate. */
export interface PromotionSpec {
  /** Name of the bucket that holds it. */
  readonly bucket: string;
  /** ARN of the key that signed it. */
  readonly key: string;
  /** Id of the migration in the other environment; absent where it is the same as here. */
  readonly migration?: string;
  /** Seconds since the run completed, at most. */
  readonly within: number;
}

/** The certificate that is looked for. */
export interface Wanted extends PromotionSpec {
  readonly migration: string;
  readonly transformSha256: string;
}

/** What was found in its place: nothing, what the key did not sign, what it signed as something else, or a certificate. */
export type Found =
  | { readonly kind: 'nothing' | 'not-signed' | 'something-else' }
  | { readonly kind: 'certificate'; readonly certificate: Certificate };

/** Certificates of another environment. */
export interface Certificates {
  /** @throws CertificateUnavailable */
  find(wanted: Wanted): Promise<Found>;
}

/** Name of the newest certificate of a transform, on the shelf of its migration. */
export function certificateName(transformSha256: string): string {
  return `${transformSha256}.json`;
}

/** Name of the same as an object of a bucket. */
export function certificateKey(migration: string, transformSha256: string): string {
  return objectKey(CERTIFICATES, migration, certificateName(transformSha256));
}

/**
 * What the ledger of a migration has to say about a run that completed.
 * @throws InvalidConfiguration when the run did not complete, or was rolled back since
 */
export function certificateOf(migration: string, run: string, events: readonly Event[]): Certificate {
  const ours = events.filter((event) => event.run === run);
  const begun = ours.find(({ kind }) => kind === 'begun');
  const completed = ours.find(({ kind }) => kind === 'completed');
  if (!begun || !completed) throw notCertified(run, 'it has not completed');
  if (events.some(({ kind, seq }) => kind === 'rollback-begun' && seq > completed.seq))
    throw notCertified(run, 'it was rolled back');
  const names = begun.data.stages as readonly string[];
  return {
    ...{ migration, run, transform: begun.data.transform as Certificate['transform'] },
    planSha256: begun.data.planSha256 as string,
    completedAt: completed.at,
    stages: names.map((name, index) => stageOf(run, name, index, ours)),
    counts: completed.data.counts as Certificate['counts'],
  };
}

function stageOf(run: string, name: string, index: number, events: readonly Event[]): CertifiedStage {
  const passed = events.find(({ kind, data }) => kind === 'stage-passed' && data.stage === index);
  if (!passed) throw notCertified(run, `stage ${name} was not passed`);
  const { verdict, observations, inconclusive, checked, diverged, longestLag } = passed.data.observed as CertifiedStage;
  return { name, verdict, observations, inconclusive, checked, diverged, longestLag };
}

function notCertified(run: string, why: string): RolloutError {
  const text = `Run ${run} gets no certificate: ${why}. Only a run that completed, and stands, is certified.`;
  return new RolloutError('InvalidConfiguration', text, { run });
}

/** Why what was found does not do, as one sentence; undefined when it does. `now` is in milliseconds since 1970. */
export function objectionTo(found: Found, wanted: Wanted, now: number): string | undefined {
  const { bucket, key, migration, transformSha256 } = wanted;
  const object = `${certificateKey(migration, transformSha256)} in bucket ${bucket}`;
  switch (found.kind) {
    case 'nothing':
      return `There is no certificate ${object}: complete a run of migration ${migration} with this transform there first.`;
    case 'not-signed':
      return `${object} was not signed with key ${key}, or was changed since.`;
    case 'something-else':
      return `${object} was signed with key ${key}, but is no certificate of a run.`;
    case 'certificate':
      return mismatchOf(found.certificate, wanted) ?? ageOf(found.certificate, wanted, now);
  }
}

function mismatchOf({ migration, run, transform }: Certificate, wanted: Wanted): string | undefined {
  if (migration !== wanted.migration) return `The certificate is of migration ${migration}, and not of ${wanted.migration}.`;
  if (transform.sha256 === wanted.transformSha256) return undefined;
  return `Run ${run} passed with transform ${transform.sha256}, and here it is ${wanted.transformSha256}: run this one there.`;
}

function ageOf({ run, completedAt }: Certificate, { within }: Wanted, now: number): string | undefined {
  const age = (now - Date.parse(completedAt)) / 1000;
  if (age <= within) return undefined;
  return `Run ${run} passed at ${completedAt}, ${daysOf(age)} days ago, and ${daysOf(within)} are allowed: run it there again.`;
}

function daysOf(seconds: number): string {
  return (seconds / 86_400).toFixed(1);
}
