import { type BuildIndexInput, buildIndex } from '../../lambda/build-index/build-index';
import type { Indexes, IndexState } from '../../lambda/core/control';
import { MemoryLedger } from '../memory/memory-ledger';
import { TestClock } from '../memory/people';

const RUN = { run: 'run-1', generation: 1, index: 'byTown' };
const create = { keys: [{ name: 'town', type: 'S' as const }], projection: 'ALL' as const };

async function scene(...found: IndexState[]) {
  const clock = new TestClock();
  const ledger = new MemoryLedger(clock.now);
  await ledger.acquire('run-1', 'execution-1');
  const made: string[] = [];
  const indexes: Indexes = {
    list: async () => found,
    create: async (name, { keys }) => {
      made.push(name);
      found.push({ name, status: 'CREATING', keys: keys.map((key) => key.name) });
    },
    drop: async () => {},
  };
  const ask = (more: Partial<BuildIndexInput> = {}) => buildIndex({ ledger, indexes, clock }, { ...RUN, ...more });
  const kinds = async () => (await ledger.events()).map(({ kind }) => kind);
  return { clock, found, made, ask, kinds };
}

const index = (status: string, keys = ['town']): IndexState => ({ name: 'byTown', status, keys });

test('an index that is filled is not waited for', async () => {
  const { ask, kinds } = await scene(index('ACTIVE'));
  expect(await ask()).toEqual({ wait: 0 });
  expect(await ask()).toEqual({ wait: 0 });
  expect(await kinds()).toEqual(['index-built']);
});

test('one that is being filled is waited for, less and less often', async () => {
  const { ask, clock, found, kinds } = await scene(index('CREATING'));
  expect(await ask()).toEqual({ wait: 15 });
  clock.time += 1000 * 1000;
  expect(await ask()).toEqual({ wait: 50 });
  clock.time += 30 * 3600 * 1000;
  expect(await ask()).toEqual({ wait: 1800 });
  found[0] = index('ACTIVE');
  expect(await ask()).toEqual({ wait: 0 });
  expect(await kinds()).toEqual(['index-awaited', 'index-built']);
});

test('it is made where the rollout has to, once', async () => {
  const { ask, made } = await scene();
  expect(await ask({ create })).toEqual({ wait: 15 });
  expect(await ask({ create })).toEqual({ wait: 15 });
  expect(made).toEqual(['byTown']);
});

test('one that is being deleted is waited for, and not taken for the new one', async () => {
  const { ask, made } = await scene(index('DELETING'));
  expect(await ask({ create })).toEqual({ wait: 15 });
  expect(made).toEqual([]);
});

test.each([
  ['it is not there and nobody makes it', [{ name: 'byName', status: 'ACTIVE', keys: ['name'] }], {}, 'it has byName. Add it'],
  ['there is none at all', [], {}, 'it has none'],
  ['it has other keys', [index('ACTIVE', ['town', 'age'])], { create }, 'with the keys town, age, and not with town'],
])('refused where %s', async (_, found, more, why) => {
  const { ask, made } = await scene(...found);
  await expect(ask(more)).rejects.toMatchObject({ name: 'PreflightFailed', message: expect.stringContaining(why) });
  expect(made).toEqual([]);
});

test('a run that was taken over makes nothing', async () => {
  const { ask, made } = await scene();
  await expect(ask({ create, generation: 7 })).rejects.toMatchObject({ name: 'LeaseLost' });
  expect(made).toEqual([]);
});
