import fc from 'fast-check';
import { ChangeKey } from '../../examples/change-a-key/stack';
import transform, { partitionOf, partitionsOf, SHARDS } from '../../examples/change-a-key/transform';
import { describeMigration } from './migration-recipe';
import { staged } from './stage';

const device = fc.stringMatching(/^[a-c#][a-z0-9#]{0,3}$/);
const at = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
const rest = { value: fc.integer().map((n) => n / 100), unit: fc.string() };
const reading = fc.record({ device, at, ...rest }, { requiredKeys: ['device', 'at'] });

describeMigration({
  stage: () =>
    staged(['device', 'at'], ({ app, table: legacy, application }) => new ChangeKey(app, 'ChangeKey', { legacy, application })),
  transform,
  legacy: reading,
  target: reading.map((item) => ({ ...item, shard: partitionOf(item) })),
});

it('refuses nothing but what stands in another partition than its own', () => {
  const item = { device: 'd', at: '2026-11-28T09:30:00Z', value: 1 };
  const [right] = transform.up(item);
  expect(right).toEqual({ ...item, shard: partitionOf(item) });
  const wrong = partitionsOf('d').find((shard) => shard !== right?.shard) as string;
  expect(transform.up(transform.down([{ ...item, shard: wrong }]) as typeof item)).not.toEqual([{ ...item, shard: wrong }]);
});

it('names every partition of a device, and spreads its readings evenly', () => {
  const names = partitionsOf('d');
  const counts = new Map(names.map((name) => [name, 0]));
  const READINGS = 8000;
  for (let n = 0; n < READINGS; n++) {
    const name = partitionOf({ device: 'd', at: new Date(1_790_000_000_000 + n * 60_000).toISOString() });
    counts.set(name, (counts.get(name) as number) + 1);
  }
  expect(counts.size).toBe(SHARDS);
  for (const count of counts.values()) expect(Math.abs(count / (READINGS / SHARDS) - 1)).toBeLessThan(0.15);
});
