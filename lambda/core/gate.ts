import type { LatencySpec } from './latency';
import type { Judgement, Verdict } from './verdict';

/** What every gate has. Gates come with the workflow's input: names of the user's resources are known only when deployed. */
interface GateBase {
  /** Tells the gates of one stage apart. */
  readonly id: string;
  /** True for a gate that says what it would have done, and does nothing. */
  readonly observeOnly: boolean;
  /** Evaluations in a row that may be inconclusive before the stage ends. */
  readonly inconclusiveBudget: number;
  /** Evaluations in a row that may end in an error before the stage ends. */
  readonly errorBudget: number;
}

/** An alarm that must be OK. */
export interface AlarmGate extends GateBase {
  readonly kind: 'alarm';
  readonly alarm: string;
}

/** A metric that must keep to a bound. */
export interface MetricGate extends GateBase {
  readonly kind: 'metric';
  /** Queries of CloudWatch GetMetricData; the one that returns data is judged. */
  readonly queries: readonly Record<string, unknown>[];
  /** Seconds of one window. */
  readonly period: number;
  readonly bound: Bound;
  /** Windows looked at, and how many of them must be beyond the bound to fail. */
  readonly windows: number;
  readonly breaching: number;
  /** True where a window without data is one beyond the bound. */
  readonly failOnMissing: boolean;
}

/** What the values of a metric are compared with. */
export type Bound =
  | { readonly kind: 'at-most' | 'at-least'; readonly value: number }
  /** Percent above, or below, the average of so many seconds before the run. */
  | { readonly kind: 'above-baseline' | 'below-baseline'; readonly percent: number; readonly seconds: number };

/** A function of the user that gives the verdict. */
export interface ProbeGate extends GateBase {
  readonly kind: 'probe';
  readonly functionName: string;
}

/** Reads that clients compared with the other side, since the shift. */
export interface ShadowGate extends GateBase {
  readonly kind: 'shadow';
  /** Queries of CloudWatch GetMetricData, for counts of a minute. */
  readonly reads: readonly Record<string, unknown>[];
  readonly mismatches: readonly Record<string, unknown>[];
  readonly failures: readonly Record<string, unknown>[];
  /** Percent of the reads. */
  readonly maxMismatch: number;
  readonly minSamples: number;
}

/** How long compared reads take on each side. */
export interface LatencyGate extends GateBase, LatencySpec {
  readonly kind: 'latency';
  /** Both sides as CloudWatch has them: `Namespace`, `MetricName` and `Dimensions`. */
  readonly legacy: Record<string, unknown>;
  readonly target: Record<string, unknown>;
  readonly failures: Record<string, unknown>;
}

export type GateSpec = AlarmGate | MetricGate | ProbeGate | ShadowGate | LatencyGate;

/** What one evaluation came to. */
export interface Outcome {
  /** `inconclusive`: there was nothing to measure yet. `error`: the measurement failed. */
  readonly verdict: Verdict;
  /** One sentence; not needed when successful. */
  readonly reason?: string;
  /** What was measured, and what with it was compared: the evidence. */
  readonly measured?: Readonly<Record<string, unknown>>;
}

/** What the evaluations of a gate in one stage of one run add up to. */
export interface GateRecord {
  readonly run: string;
  readonly id: string;
  readonly evaluations: number;
  readonly failed: number;
  /** Those without a verdict, because there was nothing to measure or it failed. A record of an older version does not say. */
  readonly doubts?: number;
  /** In a row, up to now. */
  readonly inconclusive: number;
  readonly errors: number;
  /** The last one, after the budgets. */
  readonly verdict: Verdict;
  readonly reason?: string;
  readonly measured?: Readonly<Record<string, unknown>>;
  readonly observeOnly: boolean;
}

/** A gate that nothing is known of yet. */
export function unknownGate(run: string, { id, observeOnly }: GateSpec): GateRecord {
  return { run, id, observeOnly, evaluations: 0, failed: 0, doubts: 0, inconclusive: 0, errors: 0, verdict: 'inconclusive' };
}

/** The record after one more evaluation. What could not be measured too often in a row is an error for good. */
export function recordOf(gate: GateSpec, before: GateRecord, { verdict, reason, measured }: Outcome): GateRecord {
  const inconclusive = verdict === 'inconclusive' ? before.inconclusive + 1 : 0;
  const errors = verdict === 'error' ? before.errors + 1 : 0;
  const isSpent = inconclusive > gate.inconclusiveBudget || errors > gate.errorBudget;
  const isDoubt = verdict === 'inconclusive' || verdict === 'error';
  const after = isSpent ? 'error' : isDoubt ? 'inconclusive' : verdict;
  return {
    ...{ run: before.run, id: gate.id, observeOnly: gate.observeOnly, evaluations: before.evaluations + 1 },
    ...{ failed: before.failed + (verdict === 'failed' ? 1 : 0), doubts: (before.doubts ?? 0) + (isDoubt ? 1 : 0) },
    ...{ inconclusive, errors, verdict: after },
    ...(reason === undefined ? {} : { reason }),
    ...(measured === undefined ? {} : { measured }),
  };
}

/** What the gates of a stage come to: the worst of them, without those that only observe. */
export function judgeGates(records: readonly GateRecord[]): Judgement {
  const binding = records.filter(({ observeOnly }) => !observeOnly);
  const verdict = (['failed', 'error', 'inconclusive'] as const).find((bad) => binding.some((one) => one.verdict === bad));
  if (!verdict) return { verdict: 'successful', reasons: [] };
  const reasons = binding
    .filter((one) => one.verdict === verdict)
    .map(({ id, reason }) => `Gate ${id}: ${reason ?? 'no reason given'}`);
  return { verdict, reasons };
}

/** What clients told of comparisons. */
export interface ShadowCount {
  readonly reads: number;
  readonly mismatches: number;
  readonly failures: number;
}

/** Percent of the comparisons that may fail before the rest says nothing. */
const MOST_FAILURES = 5;

/** Compared reads against the share of them that may differ. Too few say nothing, unless so many differ that more cannot mend it. */
export function judgeShadow({ maxMismatch, minSamples }: ShadowGate, counts: ShadowCount): Outcome {
  const { reads, mismatches, failures } = counts;
  const measured = { ...counts, maxMismatch };
  const most = (Math.max(reads, minSamples) * maxMismatch) / 100;
  if (mismatches > most) {
    return {
      verdict: 'failed',
      reason: `${mismatches} of ${reads} compared reads differ; ${maxMismatch} percent may.`,
      measured,
    };
  }
  if (failures > (reads * MOST_FAILURES) / 100) {
    const reason = `${failures} comparisons could not be made, beside ${reads} that could: what fails may be what differs.`;
    return { verdict: 'inconclusive', reason, measured };
  }
  if (reads >= minSamples) return { verdict: 'successful', measured };
  return { verdict: 'inconclusive', reason: `${reads} reads were compared; ${minSamples} are asked for.`, measured };
}

/** The windows of a metric against its bound; undefined for a window without data. `baseline` only where the bound has one. */
export function judgeMetric(gate: MetricGate, windows: readonly (number | undefined)[], baseline: number | undefined): Outcome {
  const limit = limitOf(gate.bound, baseline);
  if (limit === undefined) return { verdict: 'inconclusive', reason: 'There is no data from before the run to compare with.' };
  const isBeyond = (value: number | undefined) =>
    value === undefined ? gate.failOnMissing : limit.below ? value < limit.value : value > limit.value;
  const beyond = windows.filter(isBeyond).length;
  const values = windows.map((value) => value ?? null);
  const measured = { values, [limit.below ? 'atLeast' : 'atMost']: limit.value, ...(baseline === undefined ? {} : { baseline }) };
  const told = `${beyond} of ${windows.length} windows are ${limit.below ? 'below' : 'above'} ${limit.value}`;
  if (beyond >= gate.breaching) return { verdict: 'failed', reason: `${told} (${values.join(', ')}).`, measured };
  const isKnown = windows.some((value) => value !== undefined);
  return isKnown ? { verdict: 'successful', measured } : { verdict: 'inconclusive', reason: 'There is no data yet.', measured };
}

function limitOf(bound: Bound, baseline: number | undefined): { value: number; below: boolean } | undefined {
  if ('value' in bound) return { value: bound.value, below: bound.kind === 'at-least' };
  if (baseline === undefined) return undefined;
  const below = bound.kind === 'below-baseline';
  const factor = 1 + ((below ? -1 : 1) * bound.percent) / 100;
  return { value: baseline * factor, below };
}
