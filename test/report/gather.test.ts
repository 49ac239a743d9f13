import { type Asked, gather, periodOf } from '../../bin/report/gather';
import type { MetricValues } from '../../lambda/core/control';
import { BEGUN } from '../memory/begun';
import { MemoryLedger } from '../memory/memory-ledger';

const ASKED: Asked = {
  migration: 'CitiesV2',
  metricNamespace: 'DynamoDBRollout',
  stages: [
    { name: 'shadow', gates: ['latency'] },
    { name: 'full', gates: [] },
  ],
};
const DAY = 86_400_000;

function world() {
  let time = 60_000;
  const ledger = new MemoryLedger(() => time);
  const queries: Record<string, unknown>[] = [];
  const metrics: MetricValues = {
    values: async ([query]) => {
      queries.push(query as Record<string, unknown>);
      const { Metric } = (query as { MetricStat: { Metric: { MetricName: string } } }).MetricStat;
      return Metric.MetricName === 'ReplicationLag'
        ? new Map([
            [120_000, 2],
            [60_000, 1],
          ])
        : new Map();
    },
  };
  const at = (now: number) => {
    time = now;
  };
  return {
    ledger,
    queries,
    at,
    gather: (asked: Partial<Asked> = {}) => gather({ ledger, metrics, now: 600_000 }, { ...ASKED, ...asked }),
  };
}

test('a migration that nobody began has nothing, and no metric is asked for', async () => {
  const w = world();
  expect(await w.gather()).toMatchObject({ migration: 'CitiesV2', run: undefined, events: [], work: [] });
  expect(w.queries).toEqual([]);
});

test('the last run is gathered unless another is named, with the values of its own time, oldest first', async () => {
  const w = world();
  await w.ledger.append('run-1', 'begun', { ...BEGUN, stages: ['shadow'] });
  await w.ledger.append('run-2', 'begun', { ...BEGUN, generation: 2, stages: ['shadow'] });
  const data = await w.gather();
  expect(data.run).toBe('run-2');
  expect(data.measurements).toMatchObject({
    period: 60,
    lag: [
      [60_000, 1],
      [120_000, 2],
    ],
    divergence: [],
  });
  expect(w.queries[0]).toMatchObject({
    MetricStat: { Metric: { Namespace: 'DynamoDBRollout', Dimensions: [{ Name: 'Migration', Value: 'CitiesV2' }] } },
  });
  expect((await w.gather({ run: 'run-1' })).run).toBe('run-1');
});

test('notes count where they are of that run', async () => {
  const w = world();
  await w.ledger.append('run-1', 'begun', BEGUN);
  await w.ledger.saveNote('gate#0#latency', { run: 'run-1', id: 'latency', evaluations: 2, verdict: 'successful' });
  await w.ledger.saveNote('observations#0', { run: 'run-1', observations: 4 });
  await w.ledger.saveNote('observations#1', { run: 'run-0', observations: 9 });
  const { gates, observations } = await w.gather();
  expect(gates).toEqual([{ stage: 0, record: expect.objectContaining({ evaluations: 2 }) }]);
  expect(observations).toEqual([expect.objectContaining({ stage: 0, observations: 4 })]);
  await w.ledger.saveNote('gate#0#latency', { run: 'run-2', id: 'latency' });
  expect((await w.gather()).gates).toEqual([]);
});

test('the work of the backfill, of every pass, and of comparisons that are on record adds up', async () => {
  const w = world();
  const save = (phase: string, slice: number, done: boolean, counts: Record<string, number>) =>
    w.ledger.saveCheckpoint('run-1', phase, slice, { done, counts });
  await w.ledger.append('run-1', 'begun', { ...BEGUN, stages: [] });
  await w.ledger.append('run-1', 'compared', {
    phase: 'compare-0-1-1',
    checked: 3,
    failed: 0,
    repaired: 0,
    diverged: 0,
    lagging: 0,
    unseen: 0,
    list: '',
  });
  await save('backfill', 0, true, { items: 5, units: 7 });
  await save('backfill', 1, false, { items: 6, units: 8 });
  await save('sketch-1-1/legacy', 0, true, { checked: 1 });
  await save('sketch-1-2/target', 0, true, { checked: 2 });
  await save('compare-0-1-1', 0, true, { checked: 3 });
  expect((await w.gather()).work).toEqual([
    { phase: 'backfill', slices: 2, done: 1, counts: { items: 11, units: 15 } },
    { phase: 'compare-0-1-1', slices: 1, done: 1, counts: { checked: 3 } },
    { phase: 'sketch-1-1', slices: 1, done: 1, counts: { checked: 1 } },
    { phase: 'sketch-1-2', slices: 1, done: 1, counts: { checked: 2 } },
  ]);
});

test.each([
  ['an hour', 3_600_000, 0, 60],
  ['seven days', 7 * DAY, 0, 1260],
  ['an hour, twenty days ago', 3_600_000, 20 * DAY, 300],
  ['an hour, ninety days ago', 3_600_000, 90 * DAY, 3600],
])('%s is asked for in windows that are kept, and are not too many', (_, length, ago, period) => {
  const now = 1e12;
  const found = periodOf(now - ago - length, now - ago, now);
  expect(found).toBe(period);
  expect(length / 1000 / found).toBeLessThanOrEqual(500);
});
