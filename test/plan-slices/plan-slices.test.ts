import { planSlices } from '../../lambda/plan-slices/plan-slices';
import { sumSlices } from '../../lambda/sum-slices/sum-slices';
import { MemoryLedger } from '../memory/memory-ledger';

test('every slice once, in the least space', () => {
  expect(planSlices(3)).toEqual({
    items: [
      { slice: 0, slices: 3 },
      { slice: 1, slices: 3 },
      { slice: 2, slices: 3 },
    ],
  });
});

test('a thousand slices stay far below the 256 KB of a state', () => {
  expect(JSON.stringify(planSlices(1000)).length).toBeLessThan(50_000);
});

test.each([0, 1001, 1.5, Number.NaN])('%p slices are refused with the bounds', (slices) => {
  expect(() => planSlices(slices)).toThrow(/from 1 to 1000/);
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
