import type { Deployed } from '../../lambda/core/control';
import { sample } from '../../lambda/sample/sample';
import { MemoryDatabase } from '../memory/memory-database';
import { MemoryLedger } from '../memory/memory-ledger';
import { allIn, counting, people, TestClock } from '../memory/people';

/** A reindex under way: nothing is carried over, so that nothing is sent or compared. */
async function rolling() {
  const ledger = new MemoryLedger();
  await ledger.acquire('run-1', 'execution-1');
  const published: Record<string, number>[] = [];
  const ports: Parameters<typeof sample>[0] = {
    ...{ ledger, model: people, database: new MemoryDatabase(people.schemas), tokens: counting(), random: () => 0.5 },
    ...{ clock: new TestClock(), triggers: [], alarms: { describe: async () => [] }, metrics: { values: async () => new Map() } },
    plan: { kind: 'reindex', stages: [], lease: 60, poll: 15, inFlight: 10 },
    control: {
      deployed: async () => ({ table: allIn('target'), deployment: 1, newest: 1, recent: [] }) as Deployed,
    } as never,
    publish: async (metrics) => void published.push(metrics as Record<string, number>),
    givenUp: async () => 0,
    reverseWindow: 3600,
    compare: async () => ({ checked: 0, diverged: 0 }),
  };
  return { ledger, ports, published };
}

test('tells every minute how far a change has come', async () => {
  const { ports, published } = await rolling();
  expect(await sample(ports)).toEqual({ checked: 0, diverged: 0, unknown: [] });
  expect(published).toContainEqual({ KeysMoving: 100, KeysOnTarget: 100 });
});

test('progress that cannot be told is named, and stops nothing', async () => {
  const { ledger, ports, published } = await rolling();
  ledger.lease = () => Promise.reject(new Error('throttled'));
  expect((await sample(ports)).unknown).toEqual(['Progress could not be told: Error: throttled']);
  expect(published).toContainEqual(expect.objectContaining({ Divergence: 0 }));
});

test('nothing is told of a change that is closed: its share of keys stays, and costs nothing', async () => {
  const { ledger, ports, published } = await rolling();
  await ledger.release(1);
  await ledger.close(1);
  await sample(ports);
  expect(published).toHaveLength(1);
  expect(published[0]).not.toHaveProperty('KeysMoving');
});
