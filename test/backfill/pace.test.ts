import { inParallel, Parallelism, parts, UnitBudget } from '../../lambda/core/pace';

test('a budget is kept over time, though each request is paid afterwards', () => {
  const budget = new UnitBudget(100, 0);
  let now = 0;
  let spent = 0;
  while (now < 60_000) {
    now += budget.wait(now);
    budget.spend(25, now);
    spent += 25;
    now += 1;
  }
  expect(spent / 60).toBeGreaterThan(98);
  expect(spent / 60).toBeLessThan(103);
});

test('no more than one second is saved up', () => {
  const budget = new UnitBudget(10, 0);
  budget.spend(30, 1_000_000);
  expect(budget.wait(1_000_000)).toBe(2000);
});

test('a rate of 0 is no limit', () => {
  const budget = new UnitBudget(0, 0);
  budget.spend(1_000_000, 0);
  expect(budget.wait(0)).toBe(0);
});

test('parallelism doubles on quick answers, up to 16', () => {
  const parallelism = new Parallelism();
  for (let n = 0; n < 100; n++) parallelism.answered(n, n + 1);
  expect(parallelism.value).toBe(16);
});

test('one wave of throttling halves it once', () => {
  const parallelism = new Parallelism(16);
  for (let n = 0; n < 16; n++) parallelism.throttled(100, 200 + n);
  expect(parallelism.value).toBe(8);
  parallelism.throttled(300, 400);
  expect(parallelism.value).toBe(4);
});

test('slow answers halve it, and it never gets below one', () => {
  const parallelism = new Parallelism(2);
  parallelism.answered(0, 10);
  parallelism.answered(100, 1100);
  parallelism.answered(2000, 3000);
  parallelism.answered(4000, 5000);
  expect(parallelism.value).toBe(1);
});

test('inParallel keeps order and limit, and throws only when nothing is under way', async () => {
  let under = 0;
  let most = 0;
  const call = async (n: number) => {
    most = Math.max(most, ++under);
    await new Promise((resolve) => setTimeout(resolve, n % 3));
    under--;
    if (n === 7) throw new Error('seven');
    return n * 2;
  };
  expect(await inParallel(3, [1, 2, 3, 4, 5], call)).toEqual([2, 4, 6, 8, 10]);
  expect(most).toBe(3);
  await expect(inParallel(3, [5, 6, 7, 8, 9, 10, 11], call)).rejects.toThrow('seven');
  expect(under).toBe(0);
});

test('parts leave nothing out', () => {
  expect(parts([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(parts([], 2)).toEqual([]);
});
