import type { MetricValues } from '../../lambda/core/control';
import type { GateRecord } from '../../lambda/core/gate';
import type { Event, Ledger } from '../../lambda/core/ledger';
import { METRICS, type MetricName } from '../../lambda/core/names';
import type { OperatorConfiguration } from '../../lambda/core/operator-configuration';
import { phasesOf } from '../../lambda/core/slice';
import { gateNote } from '../../lambda/observe/gates';
import { observationsOf } from '../../lambda/observe/observe';
import type { Measurements, NotedGate, NotedObservations, Points, ReportData, Work } from './data';
import { lastRun, reportedRun } from './facts/run';

/** What a report is gathered from. */
export interface GatherPorts {
  readonly ledger: Pick<Ledger, 'events' | 'lease' | 'note' | 'checkpoints'>;
  readonly metrics: MetricValues;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Which change, and which run of it: the last one by default. */
export interface Asked extends Pick<OperatorConfiguration, 'migration' | 'stages' | 'metricNamespace'> {
  readonly run?: string;
}

/** Everything that is known of a run. Only reads; a metric that nobody published is empty. */
export async function gather(ports: GatherPorts, asked: Asked): Promise<ReportData> {
  const { ledger, now } = ports;
  const [events, lease] = await Promise.all([ledger.events(), ledger.lease()]);
  const run = asked.run ?? lastRun(events);
  const known = { migration: asked.migration, run, madeAt: now, events, lease };
  const nothing = { gates: [], observations: [], work: [], measurements: EMPTY };
  const found = reportedRun({ ...known, ...nothing });
  if (!found) return { ...known, ...nothing };
  const [gates, observations, work, measurements] = await Promise.all([
    gatesNoted(ports, asked, found.id),
    observationsNoted(ports, asked, found.id),
    workOf(ports, found.id, found.events),
    measurementsOf(ports, asked, found.from, found.to),
  ]);
  return { ...known, gates, observations, work, measurements };
}

const EMPTY: Measurements = { period: 60, divergence: [], lag: [], latencyLegacy: [], latencyTarget: [], retries: [] };

/** A note is of the newest run that came to the gate: what another one left says nothing here. */
async function gatesNoted({ ledger }: GatherPorts, { stages }: Asked, run: string): Promise<NotedGate[]> {
  const found = stages.flatMap(({ gates }, stage) =>
    gates.map(async (id) => ({ stage, record: (await ledger.note(gateNote(stage, id))) as unknown as GateRecord | undefined })),
  );
  return (await Promise.all(found)).filter((noted): noted is NotedGate => noted.record?.run === run);
}

async function observationsNoted({ ledger }: GatherPorts, { stages }: Asked, run: string): Promise<NotedObservations[]> {
  const found = await Promise.all(stages.map(async (_, stage) => ({ stage, ...(await observationsOf({ ledger }, run, stage)) })));
  return found.filter(({ observations }) => observations > 0);
}

/** What walks a table in passes, by generation: the names of their phases as the workflows make them. */
const PASSES = ['sketch', 'repair', 'target', 'legacy'];

/** Work whose checkpoints can be found: the backfill, passes over a table, and comparisons that an entry names. */
async function workOf({ ledger }: GatherPorts, run: string, events: readonly Event[]): Promise<Work[]> {
  const of = (phase: string) => phaseWork(ledger, run, phase);
  const generations = [...new Set(events.map(({ data }) => data.generation).filter((value) => typeof value === 'number'))];
  const named = [...new Set(events.filter(({ kind }) => kind === 'compared').map(({ data }) => String(data.phase)))];
  const passes = generations.flatMap((generation) => PASSES.map((name) => allPasses(of, `${name}-${generation}`)));
  const all = await Promise.all([of('backfill'), ...named.map(of), ...passes]);
  return all.flat().filter((work) => work !== undefined);
}

async function allPasses(of: (phase: string) => Promise<Work | undefined>, name: string): Promise<Work[]> {
  const found: Work[] = [];
  for (;;) {
    const work = await of(`${name}-${found.length + 1}`);
    if (!work) return found;
    found.push(work);
  }
}

async function phaseWork(ledger: GatherPorts['ledger'], run: string, phase: string): Promise<Work | undefined> {
  const checkpoints = (await Promise.all(phasesOf(phase).map((name) => ledger.checkpoints(run, name)))).flat();
  if (checkpoints.length === 0) return undefined;
  const counts: Record<string, number> = {};
  for (const each of checkpoints) {
    for (const [name, value] of Object.entries(each.counts)) counts[name] = (counts[name] ?? 0) + value;
  }
  return { phase, slices: checkpoints.length, done: checkpoints.filter(({ done }) => done).length, counts };
}

async function measurementsOf(ports: GatherPorts, { migration, metricNamespace }: Asked, from: number, to: number) {
  const period = periodOf(from, to, ports.now);
  const begin = Math.floor(from / (period * 1000)) * period * 1000;
  const points = async (MetricName: MetricName, Stat: string): Promise<Points> => {
    const Metric = { Namespace: metricNamespace, MetricName, Dimensions: [{ Name: 'Migration', Value: migration }] };
    const query = { Id: 'values', MetricStat: { Metric, Period: period, Stat }, ReturnData: true };
    const values = await ports.metrics.values([query], begin, to);
    return [...values].sort(([a], [b]) => a - b);
  };
  const [divergence, lag, latencyLegacy, latencyTarget, retries] = await Promise.all([
    points(METRICS.divergence, 'Sum'),
    points(METRICS.replicationLag, 'Maximum'),
    points(METRICS.shadowLatencyLegacy, 'p99'),
    points(METRICS.shadowLatencyTarget, 'p99'),
    points(METRICS.replicationErrors, 'Sum'),
  ]);
  return { period, divergence, lag, latencyLegacy, latencyTarget, retries };
}

/** Values that a chart has room for. */
const MOST_POINTS = 500;
const DAY = 86_400_000;

/**
 * Seconds of one window. What is older than 15 days is kept in windows of five minutes, and older than 63 days of an hour (Amazon
 * CloudWatch User Guide, "Metrics retention").
 */
export function periodOf(from: number, to: number, now: number): number {
  const kept = now - from > 63 * DAY ? 3600 : now - from > 15 * DAY ? 300 : 60;
  return Math.max(1, Math.ceil((to - from) / 1000 / MOST_POINTS / kept)) * kept;
}
