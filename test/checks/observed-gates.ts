import type { Alarm } from '../../lambda/core/control';
import type { GateSpec } from '../../lambda/core/gate';
import { METRICS } from '../../lambda/core/names';
import { evaluateGates, type GatePorts } from '../../lambda/observe/gates';
import { type Gate, MigrationMetrics } from '../../lib';
import { MemoryLedger } from '../memory/memory-ledger';
import type { Run } from './check';

const MINUTE = 60_000;
const RUN_BEGAN = 100 * MINUTE;
const SHIFTED = 200 * MINUTE;
const NOW = 206 * MINUTE + 5000;

/** Which stage is observed, and since when; six minutes have passed. */
export const OBSERVED = { run: 'run-1', stage: 0, since: SHIFTED };

/** Metrics of how long compared reads take. */
const LATENCIES: readonly string[] = [METRICS.shadowLatencyLegacy, METRICS.shadowLatencyTarget];

/** Reads of two minutes as CloudWatch counts them: the old path's take 1 to 100 ms, the new one's so many times as long. */
function timed(stat: string, name: string, { reads, factor }: { reads: number; factor: number }): Map<number, number> {
  const scale = name === METRICS.shadowLatencyTarget ? factor : 1;
  const above = /^TC\((.+):\)$/.exec(stat)?.[1];
  const value =
    above !== undefined
      ? reads * Math.max(0, 1 - Number(above) / (100 * scale))
      : stat === 'SampleCount'
        ? reads
        : Number(stat.slice(1));
  return new Map([SHIFTED, SHIFTED + MINUTE].map((at) => [at, value]));
}

export interface World {
  /** Reads a minute on each side, and by how much the new path is slower. */
  readonly timed?: { readonly reads: number; readonly factor: number };
  readonly alarms?: readonly Alarm[];
  /** Values by minute; those before the run, too. */
  readonly values?: Readonly<Record<number, number>>;
  /** Of these reads, all compared in one minute, so many differ. */
  readonly mismatches?: number;
  /** Comparisons that failed. */
  readonly failures?: number;
  readonly answer?: unknown;
  readonly failing?: boolean;
}

export async function portsOf({
  alarms = [],
  values = {},
  mismatches = 0,
  failures = 0,
  timed: times,
  answer,
  failing,
}: World): Promise<GatePorts> {
  const may = async <T>(value: T): Promise<T> => {
    if (failing) throw new Error('it is down');
    return value;
  };
  const ledger = new MemoryLedger(() => RUN_BEGAN);
  await ledger.acquire('run-1', 'execution-1');
  const inside = (from: number, to: number) =>
    Object.entries(values).flatMap(([minute, value]): [number, number][] => {
      const at = Number(minute) * MINUTE;
      return at >= from && at < to ? [[at, value]] : [];
    });
  return {
    ledger,
    alarms: { describe: () => may([...alarms]) },
    metrics: {
      values: ([query], from, to) => {
        const { Metric, Stat } = (query as { MetricStat: { Metric: { MetricName: string }; Stat: string } }).MetricStat;
        const name = Metric.MetricName;
        if (name === METRICS.shadowFailures) return may(new Map([[SHIFTED, failures]]));
        if (name === METRICS.shadowMismatch) return may(new Map([[SHIFTED, mismatches]]));
        if (LATENCIES.includes(name)) return may(times ? timed(Stat, name, times) : new Map());
        return may(new Map(inside(from, to)));
      },
    },
    probe: () => may(answer),
    clock: { now: () => NOW, sleep: async () => {} },
  };
}

export const ok: Alarm = { name: 'app-errors', state: 'OK', actionsEnabled: true };
export const after = (...values: (number | undefined)[]) =>
  Object.fromEntries(values.flatMap((value, n) => (value === undefined ? [] : [[200 + n, value]])));
export const before = { 50: 10, 60: 20, 70: 30 };

/** A gate as an observation is told of it. */
export function specOf({ _parts }: Gate): GateSpec {
  const spec = _parts.observed?.spec(new MigrationMetrics('App', 'migration'));
  if (!spec) throw new Error(`${_parts.id} is not evaluated in an observation.`);
  return spec;
}

/** One evaluation of a gate in a world. */
export function observed(gate: Gate, world: World): Run {
  return async () => {
    const [record] = await evaluateGates(await portsOf(world), OBSERVED, [specOf(gate)]);
    expect(record).toMatchObject({ id: gate.id, evaluations: 1 });
    if (record?.verdict === 'successful') expect(record.measured).toBeDefined();
    // Within its budget an error is told as inconclusive.
    return { verdict: record?.errors ? 'error' : (record?.verdict ?? 'error'), reason: record?.reason };
  };
}
