import { ListMapRunsCommand, SFNClient, UpdateMapRunCommand } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { StepFunctionsMapRuns } from '../../lambda/adapters/sfn';
import { problemsOfSpeed, shareOf } from '../../lambda/core/speed';
import { type SetEvent, set } from '../../lambda/set/set';
import { MemoryIdentities, session } from '../memory/memory-identities';
import { MemoryLedger } from '../memory/memory-ledger';
import { takenOver } from '../memory/taken-over';

const WHY = { reason: 'orders are slow', by: 'Ada' };
const DEPLOYED = { maxWriteUnits: 0, maxConcurrency: 40 };

/** A rollout with two maps at work. */
async function rollout() {
  const ledger = new MemoryLedger(() => 0);
  await ledger.acquire('run-1', 'execution-1');
  const limited: [string, number][] = [];
  const mapRuns = {
    limit: async (execution: string, workers: number) => {
      limited.push([execution, workers]);
      return 2;
    },
  };
  const ports = { ledger, mapRuns, identities: new MemoryIdentities(), speed: DEPLOYED };
  return { ledger, ports, limited, set: (event: Omit<SetEvent, 'reason'>) => set(ports, { ...WHY, ...event }) };
}

const note = (ledger: MemoryLedger) => ledger.note('settings');

test('workers and maps are told, and the ledger says who set what, and why', async () => {
  const r = await rollout();
  expect(await r.set({ maxWriteUnits: 500 })).toEqual({ run: 'run-1', maxWriteUnits: 500, maxConcurrency: 40, mapRuns: 2 });
  expect(await r.set({ maxConcurrency: 10 })).toMatchObject({ maxWriteUnits: 500, maxConcurrency: 10 });
  expect(r.limited).toEqual([
    ['execution-1', 40],
    ['execution-1', 10],
  ]);
  expect(await note(r.ledger)).toMatchObject({ run: 'run-1', generation: 1, maxWriteUnits: 500, maxConcurrency: 10 });
  expect((await r.ledger.events()).map(({ kind, data }) => ({ kind, ...data }))).toEqual([
    { kind: 'settings-changed', generation: 1, ...WHY, maxWriteUnits: 500, maxConcurrency: 40, before: DEPLOYED },
    {
      ...{ kind: 'settings-changed', generation: 1, ...WHY, maxWriteUnits: 500, maxConcurrency: 10 },
      before: { maxWriteUnits: 500, maxConcurrency: 40 },
    },
  ]);
});

test('the same again records nothing, and tells the maps once more: the call before may have ended in between', async () => {
  const r = await rollout();
  const { limit } = r.ports.mapRuns;
  r.ports.mapRuns.limit = () => Promise.reject(new Error('throttled'));
  await expect(r.set({ maxConcurrency: 5 })).rejects.toThrow('throttled');
  r.ports.mapRuns.limit = limit;
  await r.set({ maxConcurrency: 5 });
  expect(r.limited).toEqual([['execution-1', 5]]);
  expect(await r.ledger.events()).toHaveLength(1);
});

test('of two that set at once, what stands in the ledger last holds, whoever saves first', async () => {
  const r = await rollout();
  const saveLatest = r.ledger.saveLatest.bind(r.ledger);
  r.ledger.saveLatest = async (...args) => {
    r.ledger.saveLatest = saveLatest;
    await r.set({ maxConcurrency: 3 });
    return saveLatest(...args);
  };
  await r.set({ maxConcurrency: 30 });
  expect(await note(r.ledger)).toMatchObject({ maxConcurrency: 3 });
});

test('no limit is 0, as when the stack is deployed without one', async () => {
  const r = await rollout();
  await r.set({ maxWriteUnits: 100 });
  expect(await r.set({ maxWriteUnits: 0 })).toMatchObject({ maxWriteUnits: 0 });
});

test.each([
  ['nothing', {}, /maxWriteUnits, maxConcurrency or both must be given/],
  ['no reason', { maxConcurrency: 5, reason: ' ' }, /reason must say why/],
  [
    'half a unit',
    { maxWriteUnits: 0.5 },
    /maxWriteUnits must be a whole number from 1 to 1000000, or 0 for no limit, and is 0\.5/,
  ],
  ['no worker', { maxConcurrency: 0 }, /maxConcurrency must be a whole number from 1 to 1000, and is 0/],
  ['a text', { maxConcurrency: '5' as never }, /maxConcurrency must be a whole number/],
  [
    'less than a unit for each worker',
    { maxWriteUnits: 39 },
    /maxWriteUnits is 39 for 40 workers: .* Give more units, or fewer workers/,
  ],
])('%s is refused, and nothing changes', async (_, event, why) => {
  const r = await rollout();
  await expect(r.set(event)).rejects.toMatchObject({ name: 'InvalidDecision' });
  await expect(r.set(event)).rejects.toThrow(why);
  expect([await r.ledger.events(), await note(r.ledger), r.limited]).toEqual([[], undefined, []]);
});

test('a rollback is not slowed down, and where nothing runs nothing is set', async () => {
  const r = await rollout();
  await takenOver(r.ledger, 'soft');
  await expect(r.set({ maxConcurrency: 1 })).rejects.toMatchObject({
    name: 'InvalidDecision',
    message: expect.stringContaining('There is no rollout whose speed could be set: run run-1 is being rolled back'),
  });
});

describe('the share of a worker', () => {
  const speed = { maxWriteUnits: 1000, maxConcurrency: 40 };

  test.each([
    ['one of forty workers', shareOf(speed, 1000), 25],
    ['one of as many workers as slices', shareOf(speed, 4), 250],
    ['a map begun with more than it has now: those that run go on', shareOf({ ...speed, maxConcurrency: 10 }, 1000, 40), 25],
    ['a map begun with fewer than it has now', shareOf(speed, 1000, 10), 25],
    ['no limit', shareOf({ ...speed, maxWriteUnits: 0 }, 1000), 0],
  ])('%s', (_, share, expected) => expect(share).toBe(expected));

  test('all together never use more than the limit, however the concurrency was changed', () => {
    for (const begunWith of [1, 7, 40]) {
      for (const maxConcurrency of [1, 10, 100]) {
        for (const slices of [1, 5, 1000]) {
          const atWork = Math.min(slices, Math.max(begunWith, maxConcurrency));
          expect(atWork * shareOf({ maxWriteUnits: 1000, maxConcurrency }, slices, begunWith)).toBeLessThanOrEqual(1000.000001);
        }
      }
    }
  });

  test('each worker has a unit a second at least', () => {
    expect(problemsOfSpeed({ maxWriteUnits: 40, maxConcurrency: 40 })).toEqual([]);
    expect(problemsOfSpeed({ maxWriteUnits: 0, maxConcurrency: 40 })).toEqual([]);
  });
});

test('maps at work are found on all pages, and those that are over are left alone', async () => {
  const sfn = mockClient(SFNClient);
  const run = (mapRunArn: string, stopDate?: Date) => ({
    executionArn: 'e',
    stateMachineArn: 's',
    startDate: new Date(0),
    mapRunArn,
    stopDate,
  });
  sfn
    .on(ListMapRunsCommand, { executionArn: 'e' })
    .resolves({ mapRuns: [run('over', new Date(1)), run('a')], nextToken: 'more' });
  sfn.on(ListMapRunsCommand, { executionArn: 'e', nextToken: 'more' }).resolves({ mapRuns: [run('b')] });
  sfn.on(UpdateMapRunCommand).resolves({});
  expect(await new StepFunctionsMapRuns(new SFNClient({})).limit('e', 7)).toBe(2);
  expect(sfn.commandCalls(UpdateMapRunCommand).map(({ args }) => args[0].input)).toEqual([
    { mapRunArn: 'a', maxConcurrency: 7 },
    { mapRunArn: 'b', maxConcurrency: 7 },
  ]);
});

test('the ledger has who set it, where it is proved', async () => {
  const r = await rollout();
  await expect(r.set({ maxWriteUnits: 1, proof: 'ada for pause' })).rejects.toMatchObject({ name: 'IdentityNotProved' });
  await r.set({ maxWriteUnits: 500, proof: 'ada for set' });
  expect((await r.ledger.events()).map(({ who }) => who)).toEqual([session('ada')]);
});
