import { adoption } from '../../lambda/adoption/adoption';
import { countsAt, markCounts } from '../../lambda/core/marks';
import { MemoryLedger } from '../memory/memory-ledger';

async function scene() {
  const clock = { time: 0, now: () => clock.time, sleep: async () => {} };
  const ledger = new MemoryLedger(clock.now);
  const { generation } = await ledger.acquire('run-1', 'execution-1');
  await markCounts(ledger, 'run-1', 'begin');
  const look = (seconds: number, more = {}) => {
    clock.time = seconds * 1000;
    return adoption({ ledger, clock }, { run: 'run-1', generation, quiet: 600, ...more });
  };
  const kinds = async () => (await ledger.events()).map(({ kind }) => kind);
  return { ledger, look, kinds, generation };
}

test('passes when nobody wrote without the client for as long as is asked', async () => {
  const { look, kinds } = await scene();
  expect(await look(0)).toEqual({ wait: 600 });
  expect(await look(599.5)).toEqual({ wait: 1 });
  expect(await look(600)).toEqual({ wait: 0 });
  expect(await look(700)).toEqual({ wait: 0 });
  expect(await kinds()).toEqual(['adoption-awaited', 'adopted']);
});

test('each such write begins the wait anew, and what came before it ended is forgiven', async () => {
  const { ledger, look } = await scene();
  await look(0);
  await ledger.count('unadopted', 3);
  expect(await look(600)).toEqual({ wait: 600 });
  expect(await look(1200)).toEqual({ wait: 0 });
  expect((await countsAt(ledger, 'run-1', -1)).unadopted).toBe(3);
});

test('what an earlier run saw does not count, and the lease is held', async () => {
  const { ledger, look, generation } = await scene();
  await ledger.saveNote('adoption', { run: 'run-0', count: 0, since: -9_000_000 });
  expect(await look(0)).toEqual({ wait: 600 });
  await expect(look(1, { generation: generation + 1 })).rejects.toMatchObject({ name: 'LeaseLost' });
});
