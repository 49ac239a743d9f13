import type { Plan } from '../../lambda/core/plan';
import { BUCKETS } from '../../lambda/core/routing-table';
import { progressOf } from '../../lambda/sample/progress';
import { MemoryLedger } from '../memory/memory-ledger';
import { allIn } from '../memory/people';

const PLAN: Plan = { stages: [], lease: 60, poll: 15, inFlight: 10 };

async function rolling(phase = 'backfill', plan: Partial<Plan> = {}) {
  const ledger = new MemoryLedger();
  await ledger.acquire('run-1', 'execution-1');
  await ledger.saveNote('size', { items: 200, slices: 4 });
  const save = (slice: number, done: boolean, counts: Record<string, number>) =>
    ledger.saveCheckpoint('run-1', phase, slice, { done, counts });
  return { ledger, save, ports: { ledger, plan: { ...PLAN, ...plan } } };
}

test('says what share of the keys has left legacy, and has the target as its truth', async () => {
  const { ports } = await rolling();
  const ranges = [
    { below: 500, position: 'target' as const },
    { below: 2000, position: 'dual-target' as const },
    { below: 3000, position: 'shadow' as const },
    { below: BUCKETS, position: 'legacy' as const },
  ];
  expect(await progressOf(ports, allIn('legacy', { ranges }))).toEqual({ KeysMoving: 30, KeysOnTarget: 20 });
  expect(await progressOf(ports, allIn('fenced'))).toMatchObject({ KeysOnTarget: 100 });
});

test('while items are copied it says how many', async () => {
  const { ports, save } = await rolling();
  await save(0, true, { items: 60 });
  await save(1, false, { items: 30 });
  expect(await progressOf(ports, allIn('legacy'))).toMatchObject({ CopiedItems: 45, CopiedSlices: 25 });
});

test('the count of items may be hours old: what is done is all, and nothing is more than all', async () => {
  const { ports, save } = await rolling();
  for (const slice of [0, 1, 2]) await save(slice, true, { items: 100 });
  expect(await progressOf(ports, allIn('legacy'))).toMatchObject({ CopiedItems: 100, CopiedSlices: 75 });
  await save(3, true, { items: 0 });
  expect(await progressOf(ports, allIn('legacy'))).toMatchObject({ CopiedItems: 100, CopiedSlices: 100 });
});

test('nothing is said of copying once keys move, when nobody copies, or before it begins', async () => {
  const { ports, save, ledger } = await rolling();
  expect(await progressOf(ports, allIn('legacy'))).not.toHaveProperty('CopiedItems');
  await save(0, true, { items: 60 });
  expect(await progressOf(ports, allIn('shadow'))).toEqual({ KeysMoving: 100, KeysOnTarget: 0 });
  await ledger.release(1);
  expect(await progressOf(ports, allIn('legacy'))).toEqual({ KeysMoving: 0, KeysOnTarget: 0 });
});

test('in place items follow when all keys are there', async () => {
  const { ports, save } = await rolling('target-1-1', { kind: 'amend' });
  await save(0, true, { checked: 50, repaired: 10 });
  expect(await progressOf(ports, allIn('legacy'))).not.toHaveProperty('CopiedItems');
  expect(await progressOf(ports, allIn('target'))).toMatchObject({ CopiedItems: 25, CopiedSlices: 25 });
});

test('a reindex copies nothing', async () => {
  const { ports, save } = await rolling('backfill', { kind: 'reindex' });
  await save(0, true, { items: 60 });
  expect(await progressOf(ports, allIn('legacy'))).toEqual({ KeysMoving: 0, KeysOnTarget: 0 });
});
