import { tellCost, windowCost } from '../../lambda/core/window-cost';

const USE = { bytes: 100 * 1024 ** 3, pointInTimeRecovery: true, writeUnits: 10 };

test('a day: a hundred gigabytes, kept for recovery, and ten write units a second', () => {
  const { storage, recovery, writes, total } = windowCost(USE);
  expect(storage).toBeCloseTo((100 * 0.25 * 12) / 365, 6);
  expect(recovery).toBeCloseTo((100 * 0.2 * 12) / 365, 6);
  expect(writes).toBeCloseTo(0.54, 6);
  expect(total).toBeCloseTo(storage + recovery + writes, 9);
});

test('without recovery that part is nothing; in one table all of it is', () => {
  expect(windowCost({ ...USE, pointInTimeRecovery: false }).recovery).toBe(0);
  expect(windowCost({ ...USE, inPlace: true }).total).toBe(0);
});

test('is told with the region and the date of the prices', () => {
  expect(tellCost(windowCost(USE))).toBe(
    'The open window costs about $2.02 a day: storage $0.82, point-in-time recovery $0.66, replication $0.54 ' +
      '(on-demand list prices of US East (N. Virginia), 2024-12).',
  );
});
