import { canonical, type Item, withoutStamp } from '../../lambda/core/item';
import { authorityOf, POSITIONS, type Position } from '../../lambda/core/position';
import { tokenOf, writerOf } from '../../lambda/core/stamp';
import { Application, everyoneAt, Replication } from './application';
import { PLACE, PROFILE } from './cities';

const DELFT = { ...PROFILE, name: 'Delft', marks: ['a'] };
const SEAT = { ...PLACE, feature: 'PPL' };

/** An application at a position, whose group has a profile and a place on both sides. */
async function settled(position: Position): Promise<Application> {
  const app = new Application({ table: everyoneAt('legacy') });
  await app.cities.put(DELFT);
  await app.cities.put(SEAT);
  await new Replication(app.database, app.access, 'legacy').run();
  await app.release(everyoneAt(position));
  app.calls.length = 0;
  return app;
}

/** Both sides without stamps, the legacy one as the target items made of it. */
function sides(app: Application): { legacy: string[]; target: string[] } {
  const text = (items: Item[]) => items.map((item) => canonical(withoutStamp(item))).sort();
  return {
    legacy: text(app.database.items('legacy').flatMap((item) => app.access.model.up(item))),
    target: text(app.database.items('target')),
  };
}

type Operation = (app: Application) => Promise<unknown>;

const OPERATIONS: readonly { name: string; run: Operation; answer: unknown; after: readonly unknown[] }[] = [
  { name: 'get what is there', run: ({ cities }) => cities.get(PROFILE), answer: DELFT, after: [DELFT, SEAT] },
  {
    name: 'get what is not there',
    run: ({ cities }) => cities.get({ pk: 'CITY#2', sk: 'PLACE' }),
    answer: undefined,
    after: [DELFT, SEAT],
  },
  {
    name: 'put a new item of a new group',
    run: ({ cities }) => cities.put({ pk: 'CITY#2', sk: 'PLACE', feature: 'PPLC' }),
    answer: undefined,
    after: [DELFT, SEAT, { pk: 'CITY#2', sk: 'PLACE', feature: 'PPLC' }],
  },
  {
    name: 'put over an item, whole',
    run: ({ cities }) => cities.put({ ...PROFILE, name: 'Leiden' }),
    answer: undefined,
    after: [{ ...PROFILE, name: 'Leiden' }, SEAT],
  },
  {
    name: 'update an item',
    run: ({ cities }) => cities.update(PROFILE, (c) => c && { ...c, marks: ['a', 'b'] }),
    answer: { ...DELFT, marks: ['a', 'b'] },
    after: [{ ...DELFT, marks: ['a', 'b'] }, SEAT],
  },
  {
    name: 'update what is not there',
    run: ({ cities }) =>
      cities.update({ pk: 'CITY#2', sk: 'PROFILE' }, (c) => c ?? { pk: 'CITY#2', sk: 'PROFILE', name: 'Gouda' }),
    answer: { pk: 'CITY#2', sk: 'PROFILE', name: 'Gouda' },
    after: [DELFT, SEAT, { pk: 'CITY#2', sk: 'PROFILE', name: 'Gouda' }],
  },
  { name: 'update to nothing', run: ({ cities }) => cities.update(PLACE, () => undefined), answer: undefined, after: [DELFT] },
  {
    name: 'update nothing to nothing',
    run: ({ cities }) => cities.update({ pk: 'CITY#2', sk: 'PLACE' }, (c) => c),
    answer: undefined,
    after: [DELFT, SEAT],
  },
  { name: 'delete an item', run: ({ cities }) => cities.delete(PROFILE), answer: undefined, after: [SEAT] },
  {
    name: 'delete what is not there',
    run: ({ cities }) => cities.delete({ pk: 'CITY#2', sk: 'PLACE' }),
    answer: undefined,
    after: [DELFT, SEAT],
  },
  {
    name: 'delete a group, item by item',
    run: async ({ cities }) => {
      await cities.delete(PROFILE);
      await cities.delete(PLACE);
    },
    answer: undefined,
    after: [],
  },
  { name: 'query', run: ({ cities }) => cities.query({ pk: 'CITY#1' }), answer: [SEAT, DELFT], after: [DELFT, SEAT] },
];

describe.each(POSITIONS)('at %s', (position) => {
  test.each(OPERATIONS)('$name', async ({ run, answer, after }) => {
    const app = await settled(position);
    expect(await run(app)).toEqual(answer);
    const wanted = new Application();
    for (const item of after) await wanted.cities.put(item as never);
    const { legacy: expected } = sides(wanted);

    const now = sides(app);
    expect(now[authorityOf(position)]).toEqual(expected);
    if (position.startsWith('dual')) expect(now).toEqual({ legacy: expected, target: expected });

    await new Replication(app.database, app.access, position).run();
    expect(sides(app)).toEqual({ legacy: expected, target: expected });
  });

  test('every write carries a fresh token of the client, the same on both sides', async () => {
    const app = await settled(position);
    await app.cities.put({ ...PROFILE, name: 'Leiden' });
    const written = app.database.changes.slice(-3).map(({ after }) => after);
    const stamps = written.filter((item) => writerOf(item) === 'client' && JSON.stringify(item).includes('Leiden'));
    expect(stamps).toHaveLength(position.startsWith('dual') ? 2 : 1);
    expect(new Set(stamps.map(tokenOf)).size).toBe(1);
  });
});

/** No position asks for more than its protocol needs. */
test.each<[Position, string[], string[], string[], string[]]>([
  ['legacy', ['get'], ['get', 'write'], ['get', 'write'], ['query']],
  ['shadow', ['get'], ['get', 'write'], ['get', 'write'], ['query']],
  ['dual-legacy', ['get'], ['get', 'write'], ['get', 'write'], ['query']],
  ['dual-target', ['get'], ['get', 'get', 'get', 'write'], ['get', 'get', 'get', 'write'], ['query']],
  ['target', ['get'], ['write'], ['get', 'write'], ['query']],
])('requests at %s', async (position, get, put, update, query) => {
  const app = await settled(position);
  const counted = async (run: Operation) => {
    app.calls.length = 0;
    await run(app);
    return [...app.calls];
  };
  expect(await counted(({ cities }) => cities.get(PROFILE))).toEqual(get);
  expect(await counted(({ cities }) => cities.put(DELFT))).toEqual(put);
  expect(await counted(({ cities }) => cities.update(PROFILE, (c) => c && { ...c, marks: ['z'] }))).toEqual(update);
  expect(await counted(({ cities }) => cities.query({ pk: 'CITY#1' }))).toEqual(query);
});

test('in dual-legacy a write brings a lagging sibling along, and takes away what went', async () => {
  const app = await settled('shadow');
  await app.cities.update(PLACE, (c) => c && { ...c, feature: 'PPLC' });
  await app.release(everyoneAt('dual-legacy'));
  await app.cities.delete(PROFILE);
  const { legacy, target } = sides(app);
  expect(target).toEqual(legacy);
  expect(target).toEqual([canonical({ pk: { S: 'CITY#1' }, sk: { S: 'PLACE' }, feature: { S: 'PPLC' } })]);
});

test('in dual-target a write keeps what a client in target has made beside it', async () => {
  const app = await settled('target');
  const replication = new Replication(app.database, app.access, 'dual-target');
  await replication.run();
  await app.cities.put({ ...PLACE, feature: 'PPLC' });
  await app.cities.put({ ...PROFILE, name: 'Leiden' });
  await app.release(everyoneAt('dual-target'));
  await app.cities.update(PROFILE, (c) => c && { ...c, marks: ['later'] });
  await replication.run();
  const { legacy, target } = sides(app);
  expect(legacy).toEqual(target);
  expect(await app.cities.query({ pk: 'CITY#1' })).toEqual([
    { ...PLACE, feature: 'PPLC' },
    { ...PROFILE, name: 'Leiden', marks: ['later'] },
  ]);
});
