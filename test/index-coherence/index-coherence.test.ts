import type { Item } from '../../lambda/core/item';
import { BY_TOWN, compared, filled, inhabitant, is, pass } from './scene';

const CLEAN = { listed: true, diverged: 0, lagging: 0, failed: 0, repaired: 0, list: '' };

test.each([
  ['some attributes', BY_TOWN],
  ['keys only', { ...BY_TOWN, projected: [] }],
  ['everything', { ...BY_TOWN, projected: 'all' as const }],
  ['a key of the table in its own', { ...BY_TOWN, keys: ['town', 'id'], types: { town: 'S' as const, id: 'S' as const } }],
])('an index with %s is coherent; items without its key are not missing', async (_, index) => {
  const { ports, published } = await filled(index);
  expect(await pass(ports)).toMatchObject({ ...CLEAN, checked: 100 });
  expect(await compared(ports)).toBe(0);
  expect(published.every(({ Divergence = 0 }) => Divergence === 0)).toBe(true);
});

const DAMAGES: [string, (entries: Item[]) => Item[], object][] = [
  ['missing', (entries) => entries.filter((entry) => !is('p7')(entry)), { kind: 'missing' }],
  ['stale', (all) => all.map((entry) => (is('p7')(entry) ? { ...entry, name: { S: 'old' } } : entry)), { attributes: ['name'] }],
  ['too much', (all) => [...all, { ...(all.find(is('p7')) as Item), town: { S: 'Bruges' } }], { kind: 'extra' }],
];

test.each(DAMAGES)(
  'an entry that is %s for good is told by its key, and nothing is counted for alarms',
  async (_, damage, told) => {
    const { reader, ports, ledger, archive, published } = await filled();
    reader.doctored = damage;
    const found = await pass(ports);
    expect(found).toMatchObject({ ...CLEAN, diverged: 1, list: expect.stringContaining('run-1/sketch-1') });
    const [event] = (await ledger.events()).filter(({ kind }) => kind === 'divergence');
    expect(event?.data.groups).toMatchObject([{ legacyKey: expect.stringContaining('id=p7'), differences: [told] }]);
    expect(Buffer.from(await archive.get('differences', found.list)).toString()).not.toContain('name p7');
    expect((await ledger.counter('divergence')).count).toBe(0);
    expect(published.every(({ Divergence = 0 }) => Divergence === 0)).toBe(true);
    expect(await compared(ports)).toBe(1);
  },
);

test('an item whose key has another type than the index declares is silently missing, and told', async () => {
  const { database, ports, reader } = await filled();
  database.put('target', inhabitant('odd', { age: { S: 'forty' } }));
  database.put('target', inhabitant('empty', { town: { S: '' } }));
  const before = reader.lookups;
  reader.doctored = (entries) => entries.filter((entry) => !is('empty')(entry));
  expect(await pass(ports)).toMatchObject({ ...CLEAN, diverged: 2, list: expect.anything() });
  expect(reader.lookups).toBe(before);
});

test('what the index has not heard of yet is no difference once it has', async () => {
  const { reader, ports, clock } = await filled();
  reader.doctored = (entries) => entries.filter((entry) => !is('p7')(entry));
  clock.woken = () => {
    reader.doctored = (entries) => entries;
  };
  expect(await pass(ports)).toMatchObject(CLEAN);
});

test('an item that changes all the time is no difference as long as the index follows', async () => {
  const { database, ports, clock, reader } = await filled();
  let n = 0;
  let behind: Item[] = [];
  const change = () => {
    behind = database.items('target').filter(is('p7'));
    database.put('target', inhabitant('p7', { name: { S: `version ${n++}` } }));
  };
  clock.woken = change;
  change();
  reader.doctored = (all) => all.map((entry) => (is('p7')(entry) ? { ...entry, name: behind[0]?.name as Item[string] } : entry));
  expect(await pass(ports)).toMatchObject(CLEAN);
});

test('where too much differs to be listed, it is compared item by item', async () => {
  const { database, reader, ports } = await filled();
  for (let n = 0; n < 9000; n++) database.put('target', inhabitant(`q${n}`));
  reader.doctored = () => [];
  expect(await pass(ports)).toMatchObject({ listed: false });
});

test('an index is only read', async () => {
  const { ports } = await filled();
  expect(() => ports.database.write([])).toThrow('nothing is written');
});
