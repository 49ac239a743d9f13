import { planSlices } from '../../lambda/plan-slices/plan-slices';
import { sumSlices } from '../../lambda/sum-slices/sum-slices';
import { MemoryLedger } from '../memory/memory-ledger';

const DEPLOYED = { maxWriteUnits: 0, maxConcurrency: 40 };
const RUN = { run: 'run-1', generation: 1 };

function plan(slices: number, ledger = new MemoryLedger()) {
  return planSlices({ ledger, speed: DEPLOYED }, { ...RUN, slices });
}

test('every slice once, in the least space, as many at a time as the stack was deployed for', async () => {
  expect(await plan(3)).toEqual({
    items: [
      { slice: 0, slices: 3 },
      { slice: 1, slices: 3 },
      { slice: 2, slices: 3 },
    ],
    maxConcurrency: 40,
  });
});

test.each([
  ['run that is planned for', RUN, 7],
  ['run before', { run: 'run-0', generation: 1 }, 40],
  ['rollout that a rollback takes back', { run: 'run-1', generation: 0 }, 40],
])('what an operator set for the %s counts: %p', async (_, whose, expected) => {
  const ledger = new MemoryLedger();
  await ledger.saveNote('settings', { ...whose, maxWriteUnits: 0, maxConcurrency: 7 });
  expect(await plan(1, ledger)).toMatchObject({ maxConcurrency: expected });
});

test('a thousand slices stay far below the 256 KB of a state', async () => {
  expect(JSON.stringify(await plan(1000)).length).toBeLessThan(50_000);
});

test.each([0, 1001, 1.5, Number.NaN])('%p slices are refused with the bounds', async (slices) => {
  await expect(plan(slices)).rejects.toThrow(/from 1 to 1000/);
});

test('sums are over both sides of a phase, and slices that are not done count as failed', async () => {
  const ledger = new MemoryLedger();
  await ledger.saveCheckpoint('r', 'count-1/legacy', 0, { done: true, counts: { checked: 5, diverged: 1 } });
  await ledger.saveCheckpoint('r', 'count-1/target', 0, { done: true, counts: { checked: 7, repaired: 2 } });
  await ledger.saveCheckpoint('r', 'count-1/target', 1, { done: false, counts: { checked: 1, failed: 1 } });
  await ledger.saveCheckpoint('r', 'count-10/legacy', 0, { done: true, counts: { checked: 100 } });
  expect(await sumSlices(ledger, { run: 'r', phase: 'count-1' })).toEqual({
    checked: 13,
    repaired: 2,
    diverged: 1,
    lagging: 0,
    failed: 1,
  });
});
