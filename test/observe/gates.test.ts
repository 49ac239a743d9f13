import type { Alarm } from '../../lambda/core/control';
import { type GateSpec, judgeGates, type MetricGate, recordOf, unknownGate } from '../../lambda/core/gate';
import type { Verdict } from '../../lambda/core/verdict';
import { evaluateGates, type GatePorts } from '../../lambda/observe/gates';
import { MemoryLedger } from '../memory/memory-ledger';

const MINUTE = 60_000;
const RUN_BEGAN = 100 * MINUTE;
const SHIFTED = 200 * MINUTE;
const NOW = 206 * MINUTE + 5000;

const common = { observeOnly: false, inconclusiveBudget: 2, errorBudget: 1 };
const alarm: GateSpec = { kind: 'alarm', id: 'errors', alarm: 'app-errors', ...common };
const probe: GateSpec = { kind: 'probe', id: 'orders', functionName: 'arn:check', ...common };
const metric = (more: Partial<MetricGate> = {}): MetricGate => ({
  ...{ kind: 'metric', id: 'p99', queries: [{ Id: 'gate' }], period: 60, windows: 5, breaching: 3, failOnMissing: false },
  ...{ bound: { kind: 'at-most', value: 50 }, ...common, ...more },
});

const shadow: GateSpec = {
  ...{
    kind: 'shadow',
    id: 'shadow',
    reads: [{ Id: 'reads' }],
    mismatches: [{ Id: 'mismatches' }],
    failures: [{ Id: 'failures' }],
  },
  ...{ maxMismatch: 1, minSamples: 100, ...common },
};

const latency: GateSpec = {
  ...{ kind: 'latency', id: 'latency', percentiles: [50, 99], maxPercentAbove: 10, minSamples: 2942 },
  ...{ legacy: { MetricName: 'old' }, target: { MetricName: 'new' }, failures: { MetricName: 'lost' }, ...common },
};

/** Reads of two minutes as CloudWatch counts them: the old path's take 1 to 100 ms, the new one's so many times as long. */
function timed(stat: string, name: string, { reads, factor }: { reads: number; factor: number }): Map<number, number> {
  const scale = name === 'new' ? factor : 1;
  const above = /^TC\((.+):\)$/.exec(stat)?.[1];
  const value =
    above !== undefined
      ? reads * Math.max(0, 1 - Number(above) / (100 * scale))
      : stat === 'SampleCount'
        ? reads
        : Number(stat.slice(1));
  return new Map([SHIFTED, SHIFTED + MINUTE].map((at) => [at, value]));
}

interface World {
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

async function portsOf({
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
      values: (queries, from, to) => {
        const { Metric, Stat } = (queries[0]?.MetricStat ?? {}) as { Metric?: { MetricName: string }; Stat?: string };
        if (Metric?.MetricName === 'lost') return may(new Map([[SHIFTED, failures]]));
        if (Metric && Stat) return may(times ? timed(Stat, Metric.MetricName, times) : new Map());
        if (queries[0]?.Id === 'failures') return may(new Map([[SHIFTED, failures]]));
        return may(queries[0]?.Id === 'mismatches' ? new Map([[SHIFTED, mismatches]]) : new Map(inside(from, to)));
      },
    },
    probe: () => may(answer),
    clock: { now: () => NOW, sleep: async () => {} },
  };
}

const ok: Alarm = { name: 'app-errors', state: 'OK', actionsEnabled: true };
const after = (...values: (number | undefined)[]) =>
  Object.fromEntries(values.flatMap((value, n) => (value === undefined ? [] : [[200 + n, value]])));
const before = { 50: 10, 60: 20, 70: 30 };
const above = metric({ bound: { kind: 'above-baseline', percent: 10, seconds: 3600 } });
const below = metric({ bound: { kind: 'below-baseline', percent: 50, seconds: 3600 } });

const OBSERVED = { run: 'run-1', stage: 0, since: SHIFTED };

/** Every gate: passing, failing, inconclusive, erring. */
const CASES: readonly [what: string, gate: GateSpec, world: World, verdict: Verdict, reason?: RegExp][] = [
  [
    'compared reads of which too many could not be',
    shadow,
    { values: after(200), failures: 11 },
    'inconclusive',
    /11 comparisons could not be made/,
  ],
  ['compared reads of which few could not be', shadow, { values: after(200), failures: 10 }, 'successful'],
  ['reads that are as quick', latency, { timed: { reads: 3000, factor: 1 } }, 'successful'],
  ['reads that are slower within the margin', latency, { timed: { reads: 3000, factor: 1.09 } }, 'successful'],
  [
    'reads that are half as slow again',
    latency,
    { timed: { reads: 3000, factor: 1.5 } },
    'failed',
    /^p50: .* p99: 2\d\.\d+ percent of the reads/,
  ],
  [
    'reads of which too many get no answer',
    latency,
    { timed: { reads: 3000, factor: 1 }, failures: 61 },
    'inconclusive',
    /61 comparisons/,
  ],
  ['too few reads', latency, { timed: { reads: 1000, factor: 9 } }, 'inconclusive', /2000 reads were timed on both paths; 2942/],
  ['reads that nobody times', latency, {}, 'inconclusive', /No reads were timed/],
  ['reads when CloudWatch is down', latency, { failing: true }, 'inconclusive', /could not be measured/],
  ['an alarm that is OK', alarm, { alarms: [ok] }, 'successful'],
  [
    'an alarm that went off',
    alarm,
    { alarms: [{ ...ok, state: 'ALARM', reason: '7 > 5' }] },
    'failed',
    /app-errors is in ALARM: 7 > 5/,
  ],
  ['an alarm without data', alarm, { alarms: [{ ...ok, state: 'INSUFFICIENT_DATA' }] }, 'inconclusive', /no data/],
  ['an alarm that does not exist', alarm, {}, 'inconclusive', /does not exist/],
  ['alarms that cannot be asked', alarm, { failing: true }, 'inconclusive', /could not be measured: Error: it is down/],

  ['compared reads that agree', shadow, { values: after(60, 40) }, 'successful'],
  ['as many that differ as may', shadow, { values: after(60, 40), mismatches: 1 }, 'successful'],
  [
    'one more that differs',
    shadow,
    { values: after(60, 40), mismatches: 2 },
    'failed',
    /2 of 100 compared reads differ; 1 percent may/,
  ],
  ['too few compared reads', shadow, { values: after(60, 39) }, 'inconclusive', /99 reads were compared; 100 are asked for/],
  ['too few, of which too many differ in any case', shadow, { values: after(5), mismatches: 2 }, 'failed'],
  ['no compared reads, and some of before the shift', shadow, { values: before }, 'inconclusive', /0 reads were compared/],
  ['counts that cannot be asked for', shadow, { failing: true }, 'inconclusive', /could not be measured/],

  ['a metric within its bound', metric(), { values: after(10, 20, 30, 40, 50) }, 'successful'],
  ['a blip', metric(), { values: after(10, 99, 20, 99, 20) }, 'successful'],
  [
    'a metric beyond its bound',
    metric(),
    { values: after(10, 99, 99, 20, 99) },
    'failed',
    /3 of 5 windows are above 50 \(10, 99, 99, 20, 99\)/,
  ],
  ['only the newest windows', metric({ windows: 2, breaching: 2 }), { values: after(99, 99, 99, 10, 10) }, 'successful'],
  [
    'a metric below its bound',
    metric({ bound: { kind: 'at-least', value: 50 } }),
    { values: after(9, 9, 9) },
    'failed',
    /below 50/,
  ],
  ['a metric without data', metric(), {}, 'inconclusive', /no data yet/],
  ['data of before the shift alone', metric(), { values: { 199: 99, 198: 99, 197: 99 } }, 'inconclusive', /no data yet/],
  ['missing data that must not be', metric({ failOnMissing: true }), { values: after(10, 10) }, 'failed', /3 of 5/],
  ['metrics that cannot be asked', metric(), { failing: true }, 'inconclusive', /it is down/],
  ['a metric near its baseline', above, { values: { ...before, ...after(22, 22, 22, 22, 22) } }, 'successful'],
  ['a metric above its baseline', above, { values: { ...before, ...after(23, 23, 23, 23, 23) } }, 'failed', /above 22/],
  ['a metric below its baseline', below, { values: { ...before, ...after(9, 9, 9, 9, 9) } }, 'failed', /below 10/],
  ['a metric without a baseline', above, { values: after(9, 9, 9) }, 'inconclusive', /from before the run/],

  ['a probe that is content', probe, { answer: { verdict: 'successful', evidence: { orders: 7 } } }, 'successful'],
  ['a probe that is not', probe, { answer: { verdict: 'failed', reason: 'No order in EU.' } }, 'failed', /No order in EU\./],
  ['a probe that does not know', probe, { answer: { verdict: 'inconclusive', reason: 'Night.' } }, 'inconclusive', /Night/],
  ['a probe without a verdict', probe, { answer: { ok: true } }, 'inconclusive', /gave no verdict/],
  ['a probe without an answer', probe, {}, 'inconclusive', /gave no verdict/],
  ['a probe that breaks', probe, { failing: true }, 'inconclusive', /it is down/],
];

test.each(CASES.map(([what, ...rest]) => [what, rest] as const))('%s', async (_, [gate, world, verdict, reason]) => {
  const [record] = await evaluateGates(await portsOf(world), OBSERVED, [gate]);
  expect(record).toMatchObject({ id: gate.id, verdict, evaluations: 1 });
  if (reason) expect(record?.reason).toMatch(reason);
  if (verdict === 'successful') expect(record?.measured).toBeDefined();
});

test('before a window has passed since the shift a metric is inconclusive', async () => {
  const ports = await portsOf({ values: after(99, 99, 99) });
  const [record] = await evaluateGates(ports, { ...OBSERVED, since: NOW - 30_000 }, [metric()]);
  expect(record).toMatchObject({ verdict: 'inconclusive', reason: 'No window has passed since the shift.' });
});

test('what cannot be measured is an error when its own budget is used up, and data sets the budget back', async () => {
  const verdicts = (outcomes: readonly Verdict[]) => {
    let record = unknownGate('run-1', probe);
    return outcomes.map((verdict) => {
      record = recordOf(probe, record, { verdict });
      return record.verdict;
    });
  };
  expect(verdicts(['inconclusive', 'inconclusive', 'inconclusive'])).toEqual(['inconclusive', 'inconclusive', 'error']);
  expect(verdicts(['error', 'error'])).toEqual(['inconclusive', 'error']);
  expect(verdicts(['error', 'inconclusive', 'error', 'inconclusive'])).not.toContain('error');
  expect(verdicts(['inconclusive', 'inconclusive', 'successful', 'inconclusive'])).not.toContain('error');
});

test('the evaluations of a stage add up in the ledger, and another run begins anew', async () => {
  const ports = await portsOf({ alarms: [{ ...ok, state: 'INSUFFICIENT_DATA' }] });
  await evaluateGates(ports, OBSERVED, [alarm]);
  const [second] = await evaluateGates(ports, OBSERVED, [alarm]);
  expect(second).toMatchObject({ evaluations: 2, inconclusive: 2 });
  expect(await ports.ledger.note('gate#0#errors')).toEqual(second);
  const [other] = await evaluateGates(ports, { ...OBSERVED, run: 'run-2' }, [alarm]);
  expect(other).toMatchObject({ run: 'run-2', evaluations: 1 });
});

test('the worst gate decides, and one that only observes does not', () => {
  const record = (id: string, verdict: Verdict, observeOnly = false) => ({
    ...unknownGate('run-1', { ...alarm, id, observeOnly }),
    verdict,
    reason: `is ${verdict}`,
  });
  expect(judgeGates([])).toEqual({ verdict: 'successful', reasons: [] });
  expect(judgeGates([record('a', 'failed', true)])).toEqual({ verdict: 'successful', reasons: [] });
  expect(judgeGates([record('a', 'inconclusive'), record('b', 'failed'), record('c', 'error')])).toEqual({
    verdict: 'failed',
    reasons: ['Gate b: is failed'],
  });
});
