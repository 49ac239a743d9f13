import { createHash } from 'node:crypto';
import { type Item, keyText } from './item';

/** Documents that are traced besides canaries: those of one key in so many, always the same ones. */
const ONE_OF = 1000;

/** Samples that the ledger keeps of a direction. */
export const SAMPLES_KEPT = 50;

/** Where an invocation stands in X-Ray. */
export interface TraceHeader {
  readonly trace: string;
  /** Id of the segment that Lambda made for the function. */
  readonly parent: string;
}

/** A piece of work. Times in milliseconds since 1970. */
export interface Span {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
  /** Name of the error that it ended with. */
  readonly error?: string;
  /** What X-Ray can search by: letters, digits and `_` in names. */
  readonly annotations?: Readonly<Record<string, string | number>>;
  readonly parts?: readonly Span[];
}

/** Gives a span to whoever keeps traces. Never throws, and does not say whether it arrived. */
export type SendSpan = (header: TraceHeader, span: Span) => void;

/** A change of a sampled document, as the ledger keeps it. */
export interface TraceSample {
  /** `keyDigest` of the group. */
  readonly key: string;
  readonly trace: string;
  /** ISO time. */
  readonly at: string;
  /** Sequence number of the stream record. */
  readonly sequence: string;
  readonly outcome: string;
}

/**
 * Reads a tracing header; undefined where the invocation is not sampled, as then no trace is kept that anybody could look up.
 * Format: AWS X-Ray Developer Guide, "Tracing header"; Lambda gives it as `_X_AMZN_TRACE_ID`.
 */
export function traceHeaderOf(text: string | undefined): TraceHeader | undefined {
  const fields = Object.fromEntries((text ?? '').split(';').map((field) => field.trim().split('=')));
  const { Root, Parent, Sampled } = fields as Record<string, string | undefined>;
  return Root && Parent && Sampled === '1' ? { trace: Root, parent: Parent } : undefined;
}

/** Names the group of a legacy key where keys must not be told: 16 hex digits. */
export function keyDigest(legacyKey: Item): string {
  return createHash('sha256').update(keyText(legacyKey)).digest('hex').slice(0, 16);
}

/** Whether the documents of a group are traced. */
export function isTraced(digest: string): boolean {
  return Number.parseInt(digest.slice(0, 8), 16) % ONE_OF === 0;
}

/** The note in the ledger with the samples of a direction. */
export function tracesNote(direction: 'forward' | 'reverse'): string {
  return `traces#${direction}`;
}

/** The samples of such a note, oldest first. */
export function samplesIn(note: Readonly<Record<string, unknown>> | undefined): TraceSample[] {
  return Array.isArray(note?.samples) ? (note.samples as TraceSample[]) : [];
}

/** The newest samples of both, each once. */
export function withSamples(known: readonly TraceSample[], fresh: readonly TraceSample[]): TraceSample[] {
  const all = new Map([...known, ...fresh].map((sample) => [`${sample.trace} ${sample.sequence}`, sample]));
  return [...all.values()].slice(-SAMPLES_KEPT);
}
