import { costOf } from '../../bin/operator/cost';
import { itinerary } from '../../bin/operator/itinerary';
import { CHANGES } from '../lib/runbook/changes';

const manifestOf = (name: string) => (CHANGES[name] as (typeof CHANGES)[string])().manifest;
const SIZE = { items: 1_000_000, bytes: 650_000_000 };

function lineOf(what: string, name: string, fanOut = 1, size = SIZE) {
  const manifest = manifestOf(name);
  return costOf(manifest, itinerary(manifest), size, fanOut).lines.find((line) => line.what === what);
}

test('a migration writes each target item once, and more where one item becomes several', () => {
  expect(lineOf('DynamoDB writes', 'a minimal migration')).toEqual({
    what: 'DynamoDB writes',
    amount: '1,000,000 write units',
    dollars: 0.625,
  });
  expect(lineOf('DynamoDB writes', 'a minimal migration', 3)?.amount).toBe('3,000,000 write units');
});

test('reads are a scan of legacy, and both sides for each comparison', () => {
  // The backfill, one comparison before the first stage and one at the end; half a unit for each 4 KB, the stamp included.
  const bytes = 650_000_000 + 2 * (650_000_000 + 725_000_000);
  expect(lineOf('DynamoDB reads', 'a minimal migration')?.amount).toBe(
    `${Math.round(bytes / 4096 / 2).toLocaleString('en-US')} read units`,
  );
});

test('a reindex writes nothing, an amendment writes each item once', () => {
  expect(lineOf('DynamoDB writes', 'a minimal reindex')?.amount).toBe('0 write units');
  expect(lineOf('DynamoDB writes', 'a minimal amendment')?.amount).toBe('1,000,000 write units');
});

test('the total is that of its lines, grows with the table, and says what it rests on', () => {
  const manifest = manifestOf('a maximal migration');
  const of = (items: number) => costOf(manifest, itinerary(manifest), { items, bytes: items * 650 });
  const [small, large] = [of(1000), of(1_000_000)];
  expect(large.total).toBeCloseTo(large.lines.reduce((sum, { dollars }) => sum + dollars, 0));
  for (const [n, line] of small.lines.entries()) expect(line.dollars).toBeLessThanOrEqual(large.lines[n]?.dollars as number);
  expect(large.basis).toMatch(/list prices of US East .*1,000,000 items .*live traffic not counted/);
});
