import { modelFrom } from '../../lambda/adapters/model';
import { backfill } from '../../lambda/backfill/backfill';
import { reverseTransform } from '../../lambda/client/reversed';
import { defineTransform } from '../../lambda/client/transform';
import type { KeySchema } from '../../lambda/core/item';
import { type Item, keyOf, withoutStamp } from '../../lambda/core/item';
import { replicateForward } from '../../lambda/core/replicate';
import { stamped } from '../../lambda/core/stamp';
import { MemoryDatabase } from '../memory/memory-database';
import { MemoryLedger } from '../memory/memory-ledger';
import { TestClock } from '../memory/people';

const OLD: KeySchema = ['id'];
const NEW: KeySchema = ['pk', 'sk'];

/** A city becomes one item, under other keys and in other words. */
const cities = defineTransform({
  version: 'cities-v2',
  up: ({ id, name, location }) => [
    {
      pk: `CITY#${id}`,
      sk: 'CITY',
      title: name,
      ...(location ? { at: { lat: Number(location.split(',')[0]), lon: Number(location.split(',')[1]) } } : {}),
    },
  ],
  down: ([city]) =>
    city && { id: city.pk.slice(5), name: city.title, ...(city.at ? { location: `${city.at.lat},${city.at.lon}` } : {}) },
  legacyKey: ({ pk }) => ({ id: String(pk).slice(5) }),
  targetKey: ({ id }) => ({ pk: `CITY#${id}`, sk: 'CITY' }),
  canary: {
    item: (n) => ({ id: `canary-${n}`, name: 'canary' }),
    number: ({ id }) => (String(id).startsWith('canary-') ? Number(String(id).slice(7)) : undefined),
  },
});

const there = modelFrom(cities, { legacy: OLD, target: NEW });
const back = modelFrom(reverseTransform(cities), { legacy: NEW, target: OLD });

/** Backfills one table into another. */
async function migrate(model: typeof there, from: readonly Item[]) {
  const database = new MemoryDatabase(model.schemas);
  for (const item of from) database.put('legacy', item);
  const clock = new TestClock();
  const ledger = new MemoryLedger(clock.now);
  await ledger.acquire('run-1', 'execution-1');
  const ports = {
    database,
    model,
    ledger,
    clock,
    speed: { maxWriteUnits: 0, maxConcurrency: 1 },
    remaining: () => 600_000,
    publish: async () => {},
  };
  await backfill(ports, { run: 'run-1', generation: 1, slice: 0, slices: 1 });
  return database;
}

const plain = (items: readonly Item[], schema: KeySchema) =>
  new Map(items.map((item) => [JSON.stringify(keyOf(item, schema)), withoutStamp(item)]));

test('what was migrated there is migrated back, item for item, with what was written meanwhile', async () => {
  const ids = Array.from({ length: 300 }, (_, n) => `${n}`);
  const before = ids.map((id): Item => {
    const city: Item = {
      id: { S: id },
      name: { S: `City ${id}` },
      ...(Number(id) % 3 ? { location: { S: `${id}.5,-${id}` } } : {}),
    };
    return Number(id) % 2 ? stamped(city, `t${id}`, 'client') : city;
  });
  const moved = (await migrate(there, before)).items('target');
  expect(plain(moved, NEW).size).toBe(300);

  const renamed = { ...(moved[0] as Item), title: { S: 'Ghent' } };
  const database = await migrate(back, moved);
  expect(plain(database.items('target'), OLD)).toEqual(plain(before, OLD));

  // While the way back runs, the application goes on writing to what is its source now.
  const change = {
    key: keyOf(renamed, NEW),
    before: moved[0] as Item,
    after: stamped(renamed, 'fresh', 'client'),
    byService: false,
  };
  database.put('legacy', change.after);
  const settling = { database, model: back, tokens: () => 'token', mayWrite: () => {} };
  expect(await replicateForward(settling, 'legacy', change)).toBe('changed');
  const { id } = there.legacyKey(change.key);
  expect(plain(database.items('target'), OLD).get(JSON.stringify({ id }))).toMatchObject({ name: { S: 'Ghent' } });
});

test('canaries come back as what they are, and reversing twice is the way there', () => {
  expect(back.canaryNumber(keyOf(back.canary(7), NEW))).toBe(7);
  const again = modelFrom(reverseTransform(reverseTransform(cities)), { legacy: OLD, target: NEW });
  const city: Item = { id: { S: '1' }, name: { S: 'Ghent' }, location: { S: '51.5,3' } };
  expect(again.up(city)).toEqual(there.up(city));
});

test('a legacy item that becomes two items stops it by name, before anything is written', async () => {
  const twice = { ...cities, up: (city: Record<string, unknown>) => [...cities.up(city), { pk: 'CITY#x', sk: 'SECOND' }] };
  const model = modelFrom(reverseTransform(twice), { legacy: NEW, target: OLD });
  const items = there.up({ id: { S: '1' }, name: { S: 'Ghent' } });
  await expect(migrate(model, items)).rejects.toMatchObject({
    name: 'TransformFailed',
    message: expect.stringMatching(/makes 2 target items of one legacy item/),
  });
});
