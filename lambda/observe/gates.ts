import type { Alarms, Clock, MetricValues, Probe } from '../core/control';
import {
  type GateRecord,
  type GateSpec,
  judgeMetric,
  judgeShadow,
  type LatencyGate,
  type MetricGate,
  type Outcome,
  type ProbeGate,
  recordOf,
  type ShadowGate,
  unknownGate,
} from '../core/gate';
import { judgeLatency, type LatencyCount } from '../core/latency';
import type { Ledger } from '../core/ledger';

export interface GatePorts {
  readonly ledger: Ledger;
  readonly alarms: Alarms;
  readonly metrics: MetricValues;
  readonly probe: Probe;
  readonly clock: Clock;
}

/** Which stage of which run is observed, and when its last routing table had reached everybody: milliseconds since 1970. */
export interface Observed {
  readonly run: string;
  readonly stage: number | string;
  readonly since: number;
}

/** Milliseconds after which CloudWatch has what was measured in a window. */
const SETTLED = 60_000;
const MINUTE = 60_000;
/** Milliseconds of reads that are looked at: what was longer ago says less. */
const LATENCY_TIME = 180 * MINUTE;
/** Characters of the evidence of a probe that are kept. */
const EVIDENCE = 2000;

/** Evaluates every gate once, beside each other, and keeps what each came to. */
export function evaluateGates(ports: GatePorts, observed: Observed, gates: readonly GateSpec[]): Promise<GateRecord[]> {
  return Promise.all(gates.map((gate) => evaluate(ports, observed, gate)));
}

/** The note with what the evaluations of a gate in one stage add up to. */
export function gateNote(stage: number | string, id: string): string {
  return `gate#${stage}#${id}`;
}

async function evaluate(ports: GatePorts, observed: Observed, gate: GateSpec): Promise<GateRecord> {
  const { ledger } = ports;
  const name = gateNote(observed.stage, gate.id);
  const known = (await ledger.note(name)) as unknown as GateRecord | undefined;
  const before = known?.run === observed.run ? known : unknownGate(observed.run, gate);
  const record = recordOf(gate, before, await outcomeOf(ports, observed, gate));
  await ledger.saveNote(name, { ...record });
  return record;
}

/** Never throws: what fails is the measurement, not the observation. */
async function outcomeOf(ports: GatePorts, observed: Observed, gate: GateSpec): Promise<Outcome> {
  try {
    if (gate.kind === 'alarm') return await lookAtAlarm(ports, gate.alarm);
    if (gate.kind === 'metric') {
      const began = async () => Date.parse((await ports.ledger.lease())?.since as string);
      return await measureMetric(ports, { ...observed, began }, gate);
    }
    if (gate.kind === 'latency') return await timeReads(ports, observed, gate);
    if (gate.kind === 'shadow') return await countShadowReads(ports, observed, gate);
    return await askProbe(ports, observed, gate);
  } catch (error) {
    return {
      verdict: 'error',
      reason: `It could not be measured: ${error instanceof Error ? `${error.name}: ${error.message}` : error}`,
    };
  }
}

async function lookAtAlarm({ alarms }: GatePorts, name: string): Promise<Outcome> {
  const [alarm] = await alarms.describe([name]);
  if (!alarm) return { verdict: 'error', reason: `Alarm ${name} does not exist.` };
  const measured = { alarm: name, state: alarm.state };
  if (alarm.state === 'OK') return { verdict: 'successful', measured };
  if (alarm.state === 'INSUFFICIENT_DATA') return { verdict: 'inconclusive', reason: `Alarm ${name} has no data.`, measured };
  return { verdict: 'failed', reason: `Alarm ${name} is in ALARM: ${alarm.reason ?? 'no reason given'}.`, measured };
}

/**
 * The newest windows that are over, as far as they began after the shift: what was before says nothing of the stage. `since` and
 * what `began` gives are that moment and the beginning of the run, in milliseconds since 1970.
 */
export async function measureMetric(
  { metrics, clock }: Pick<GatePorts, 'metrics' | 'clock'>,
  { since, began }: { readonly since: number; readonly began: () => Promise<number> },
  gate: MetricGate,
): Promise<Outcome> {
  const length = gate.period * 1000;
  const end = Math.floor((clock.now() - SETTLED) / length) * length;
  const begin = Math.max(end - gate.windows * length, Math.ceil(since / length) * length);
  if (end <= begin) return { verdict: 'inconclusive', reason: 'No window has passed since the shift.' };
  const found = await metrics.values(gate.queries, begin, end);
  const windows = Array.from({ length: (end - begin) / length }, (_, n) => found.get(begin + n * length));
  return judgeMetric(gate, windows, await baselineOf(metrics, began, gate));
}

/** All whole minutes since the shift, as far as CloudWatch has them. A bake that began under an older definition counts no failures. */
async function countShadowReads({ metrics, clock }: GatePorts, { since }: Observed, gate: ShadowGate): Promise<Outcome> {
  const { begin, end } = minutesSince(clock, since);
  const sum = async (queries: ShadowGate['reads']) =>
    end <= begin || queries.length === 0 ? 0 : total(await metrics.values(queries, begin, end));
  const [reads, mismatches, failures] = await Promise.all([sum(gate.reads), sum(gate.mismatches), sum(gate.failures ?? [])]);
  return judgeShadow(gate, { reads, mismatches, failures });
}

/** Whole minutes since the shift, at most three hours of them: counts of single minutes add up exactly. */
async function timeReads({ metrics, clock }: GatePorts, { since }: Observed, gate: LatencyGate): Promise<Outcome> {
  const { begin: shifted, end } = minutesSince(clock, since);
  const begin = Math.max(end - LATENCY_TIME, shifted);
  if (end <= begin) return { verdict: 'inconclusive', reason: 'No minute has passed since the shift.' };
  const minutes = async (Metric: LatencyGate['legacy'], Stat: string) => {
    const query = { Id: 'latency', MetricStat: { Metric, Period: MINUTE / 1000, Stat }, ReturnData: true };
    return metrics.values([query], begin, end);
  };
  const count = async (metric: LatencyGate['legacy'], stat: string) => total(await minutes(metric, stat));
  const perMinute = await minutes(gate.legacy, 'SampleCount');
  const reads = {
    old: total(perMinute),
    new: await count(gate.target, 'SampleCount'),
    failed: await count(gate.failures, 'Sum'),
  };
  if (reads.old === 0) return { verdict: 'inconclusive', reason: 'No reads were timed since the shift.' };
  const counts = gate.percentiles.map(async (percentile): Promise<LatencyCount> => {
    const values = await minutes(gate.legacy, `p${percentile}`);
    const old = [...values].reduce((sum, [at, value]) => sum + value * (perMinute.get(at) ?? 0), 0) / reads.old;
    const allowed = old * (1 + gate.maxPercentAbove / 100);
    const [oldAbove, newAbove] = await Promise.all([
      count(gate.legacy, `TC(${rounded(old)}:)`),
      count(gate.target, `TC(${rounded(allowed)}:)`),
    ]);
    return { percentile, old, oldAbove, newAbove };
  });
  return judgeLatency(gate, reads, await Promise.all(counts));
}

/** The whole minutes since a moment of which CloudWatch has everything; none where `end` is not after `begin`. */
function minutesSince(clock: Clock, since: number): { begin: number; end: number } {
  return { begin: Math.ceil(since / MINUTE) * MINUTE, end: Math.floor((clock.now() - SETTLED) / MINUTE) * MINUTE };
}

function total(values: ReadonlyMap<number, number>): number {
  return [...values.values()].reduce((sum, value) => sum + value, 0);
}

/** Bounds of a trimmed count have ten decimals at most (Amazon CloudWatch User Guide, "CloudWatch statistics definitions"). */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1e6) / 1e6;
}

/** The average of the time before the run; undefined without data. */
async function baselineOf(metrics: MetricValues, began: () => Promise<number>, { bound, queries, period }: MetricGate) {
  if (!('seconds' in bound)) return undefined;
  const end = Math.floor((await began()) / (period * 1000)) * period * 1000;
  const values = await metrics.values(queries, end - bound.seconds * 1000, end);
  return values.size === 0 ? undefined : total(values) / values.size;
}

async function askProbe({ probe }: GatePorts, { run, stage }: Observed, { id, functionName }: ProbeGate): Promise<Outcome> {
  const answer = await probe(functionName, { run, stage, gate: id });
  const { verdict, reason, evidence } = (answer ?? {}) as { verdict?: unknown; reason?: unknown; evidence?: unknown };
  if (verdict !== 'successful' && verdict !== 'failed' && verdict !== 'inconclusive') {
    return { verdict: 'error', reason: `Function ${functionName} gave no verdict: successful, failed or inconclusive.` };
  }
  const measured = evidence === undefined ? {} : { evidence: JSON.stringify(evidence).slice(0, EVIDENCE) };
  return { verdict, measured, ...(reason === undefined ? {} : { reason: String(reason).slice(0, EVIDENCE) }) };
}
