import { modelFrom } from '../../lambda/adapters/model';
import { defineAmendment } from '../../lambda/client/amendment';
import { amend, amendedDatabase } from '../../lambda/core/amendment';
import type { Item } from '../../lambda/core/item';
import type { Write } from '../../lambda/core/ports';
import { stamped } from '../../lambda/core/stamp';
import { keyDigest, tracesNote } from '../../lambda/core/tracing';
import { trace } from '../../lambda/trace/trace';
import { oneTable } from '../memory/one-table';
import { allIn, people, person, profile } from '../memory/people';
import { scene } from './scene';

const POISON = { error: 'TransformFailed', direction: 'forward', revision: 1, side: 'legacy', cause: 'It throws.' };

const town = (id: string, name: string, token: string): Item =>
  stamped({ pk: { S: `P#${id}` }, sk: { S: 'TOWN' }, town: { S: name } }, token, 'forward');

/** A person on both sides, equal. */
function settled() {
  const all = scene(allIn('dual-target', { pins: [{ key: 'p1', position: 'dual-target' }] }));
  all.raw.put('legacy', person('p1', 'secret', { town: 'Ghent', token: 't1' }));
  all.raw.put('target', profile('p1', 'secret', 't1', 'forward'));
  all.raw.put('target', town('p1', 'Ghent', 't1'));
  return all;
}

test('tells where a document stands and what both tables hold of it, without a value', async () => {
  const { ports } = settled();
  const journey = await trace(ports, { key: { id: 'p1' } });
  expect(journey).toMatchObject({
    asked: { side: 'legacy', key: 'id=p1' },
    group: { legacyKey: 'id=p1', routingKey: 'p1', digest: keyDigest({ id: { S: 'p1' } }), canary: false },
    routing: { revision: 1, run: 'run-1', position: 'dual-target', pinned: true, authority: 'target', spreading: false },
    agreement: { verdict: 'same', looks: 1, differences: [] },
    transform: {
      up: { outcome: 'fits', keys: ['pk=P#p1,sk=PROFILE', 'pk=P#p1,sk=TOWN'] },
      down: { outcome: 'fits', keys: ['id=p1'] },
    },
    unknown: [],
  });
  expect(journey.items).toMatchObject([
    { side: 'legacy', key: 'id=p1', token: 't1', writer: 'client' },
    { side: 'target', key: 'pk=P#p1,sk=PROFILE', token: 't1', writer: 'forward' },
    { side: 'target', key: 'pk=P#p1,sk=TOWN', token: 't1', writer: 'forward' },
  ]);
  expect(JSON.stringify(journey)).not.toMatch(/secret|Ghent/);
});

test('the same document by the key of one of its target items', async () => {
  const { ports } = settled();
  const journey = await trace(ports, { key: { sk: 'TOWN', pk: 'P#p1' } });
  expect(journey.asked).toEqual({ side: 'target', key: 'pk=P#p1,sk=TOWN' });
  expect(journey.items).toHaveLength(3);
});

test('values are told where they are asked for', async () => {
  const { ports } = settled();
  const { items, streams, valuesLeftOut } = await trace(ports, { key: { id: 'p1' }, values: true });
  expect(items[0]?.value).toMatchObject({ name: { S: 'secret' } });
  expect(streams[1]?.records[0]).toMatchObject({ change: 'inserted', after: { name: { S: 'secret' } } });
  expect(valuesLeftOut).toBe(0);
});

test('what an answer cannot hold is left out, and counted', async () => {
  const { raw, ports } = settled();
  const { STAMP: _, ...item } = raw.items('legacy')[0] as Item;
  for (let n = 0; n < 9; n++) raw.put('legacy', { ...item, name: { S: `${n}`.repeat(390_000) } });
  const journey = await trace(ports, { key: { id: 'p1' }, values: true });
  expect(journey.valuesLeftOut).toBeGreaterThan(0);
  expect(JSON.stringify(journey).length).toBeLessThan(6_000_000);
  expect(journey.streams[0]?.records.at(-1)).toHaveProperty('after');
});

test('says what differs, by path, once it has stood for a moment', async () => {
  const { raw, ports, clock } = settled();
  raw.put('target', stamped({ ...profile('p1', 'other'), age: { N: '1' } }, 't1', 'client'));
  raw.remove('target', { pk: { S: 'P#p1' }, sk: { S: 'TOWN' } });
  const before = clock.now();
  const { agreement, transform } = await trace(ports, { key: { id: 'p1' } });
  expect(agreement).toEqual({
    verdict: 'diverged',
    looks: 4,
    differences: [
      { targetKey: 'pk=P#p1,sk=PROFILE', kind: 'different', paths: ['age', 'name'] },
      { targetKey: 'pk=P#p1,sk=TOWN', kind: 'missing' },
    ],
  });
  expect(transform.down).toMatchObject({ outcome: 'fails', error: 'NotRepresentable' });
  expect(clock.now() - before).toBe(1500);
});

test('a change that arrives while it looks is no difference', async () => {
  const { raw, ports, clock } = settled();
  raw.put('legacy', person('p1', 'new', { town: 'Ghent', token: 't2' }));
  clock.woken = () => {
    raw.put('target', profile('p1', 'new', 't2', 'forward'));
    raw.put('target', town('p1', 'Ghent', 't2'));
  };
  expect((await trace(ports, { key: { id: 'p1' } })).agreement).toEqual({ verdict: 'same', looks: 2, differences: [] });
});

test('an item that the group had, and that only the stream still knows of, is looked for', async () => {
  const { raw, ports } = settled();
  raw.put('legacy', person('p1', 'secret', { token: 't2' }));
  const { agreement } = await trace(ports, { key: { id: 'p1' } });
  expect(agreement).toMatchObject({ verdict: 'lagging', differences: [{ targetKey: 'pk=P#p1,sk=TOWN', kind: 'extra' }] });
});

test('an item that the transform fails on is told with what it says', async () => {
  const { raw, ports } = scene();
  raw.put('legacy', person('p1', 'poison', { token: 't1' }));
  const { agreement, transform } = await trace(ports, { key: { id: 'p1' } });
  expect(agreement).toEqual({ verdict: 'unknown', looks: 1, differences: [] });
  expect(transform).toEqual({
    up: { outcome: 'fails', error: 'TransformFailed', message: expect.stringContaining('no such name') },
    down: { outcome: 'none' },
  });
});

test('a document that is nowhere has no items, and is equal', async () => {
  const { ports } = scene();
  const journey = await trace(ports, { key: { id: 'nobody' } });
  expect(journey).toMatchObject({ items: [], agreement: { verdict: 'same' }, transform: { up: { outcome: 'none' } } });
});

test('tells its changes in both streams, who made them and what they changed', async () => {
  const { raw, ports } = settled();
  raw.put('legacy', person('p2', 'other'));
  raw.put('legacy', person('p1', 'renamed', { town: 'Ghent', token: 't1' }));
  raw.remove('target', { pk: { S: 'P#p1' }, sk: { S: 'TOWN' } });
  const { streams } = await trace(ports, { key: { id: 'p1' } });
  expect(streams).toMatchObject([{ side: 'legacy', complete: true, olderRecords: 0 }, { side: 'target' }]);
  expect(streams[0]?.records).toMatchObject([
    { change: 'inserted', key: 'id=p1', token: 't1', writer: 'client', unadopted: false },
    { change: 'modified', paths: ['name'], unadopted: true },
  ]);
  expect(streams[1]?.records.at(-1)).toMatchObject({ change: 'removed', key: 'pk=P#p1,sk=TOWN', token: 't1' });
});

test('a stream that was not read to its end is told so', async () => {
  const { ports } = settled();
  const partly = { ...ports, readHistory: async () => ({ records: [], older: 7, shards: 9, unread: 2, reached: 0 }) };
  const { streams } = await trace(partly, { key: { id: 'p1' } });
  expect(streams[0]).toEqual({
    ...{
      side: 'legacy',
      records: [],
      olderRecords: 7,
      complete: false,
      shards: 9,
      unread: 2,
      reached: '1970-01-01T00:00:00.000Z',
    },
  });
});

test('tells what the ledger says of it, and where its traces are', async () => {
  const { ledger, ports } = settled();
  await ledger.append('run-1', 'poison', { ...POISON, key: 'pk=P#p1,sk=TOWN' });
  await ledger.append('run-1', 'poison', { ...POISON, key: 'id=p2' });
  const sample = { trace: '1-a', at: '2026-01-01T00:00:00Z', sequence: '5', outcome: 'changed' };
  const ours = { ...sample, key: keyDigest({ id: { S: 'p1' } }) };
  await ledger.saveNote(tracesNote('reverse'), { samples: [ours, { ...sample, key: 'other' }] });
  const { events, olderEvents, traces } = await trace(ports, { key: { id: 'p1' } });
  expect(events.map(({ data }) => data.key)).toEqual(['pk=P#p1,sk=TOWN']);
  expect(olderEvents).toBe(0);
  expect(traces).toEqual([{ ...ours, direction: 'reverse' }]);
});

test('what cannot be read is named and does not stop the rest', async () => {
  const { ports } = settled();
  const broken = {
    ...ports,
    control: { deployed: () => Promise.reject(new Error('no AppConfig')) },
    readHistory: () => Promise.reject(new Error('no stream')),
    ledger: { ...ports.ledger, events: () => Promise.reject(new Error('no ledger')), note: async () => undefined },
  };
  const journey = await trace(broken, { key: { id: 'p1' } });
  expect(journey.unknown.join()).toMatch(/no stream.*no AppConfig.*no ledger/);
  expect(journey.items).toHaveLength(3);
  expect(journey).not.toHaveProperty('routing');
});

describe('a key', () => {
  test.each<[string, unknown]>([
    ['of neither table', { name: 'x' }],
    ['that is not whole', { pk: 'P#p1' }],
    ['with an attribute too many', { id: 'p1', name: 'x' }],
    ['that is no object', 'id=p1'],
    ['that DynamoDB has no type for', { id: () => 1 }],
  ])('%s is refused, with what one is', async (_, key) => {
    const { ports } = scene();
    await expect(trace(ports, { key: key as never })).rejects.toMatchObject({ name: 'InvalidItem' });
  });

  test('of another type than the table has is refused, too', async () => {
    const { ports } = scene();
    const refuse = async () => {
      throw Object.assign(new Error('The provided key element does not match the schema'), { name: 'ValidationException' });
    };
    const asked = trace({ ...ports, database: { ...ports.database, get: refuse } }, { key: { id: 5 } });
    await expect(asked).rejects.toMatchObject({
      name: 'InvalidItem',
      message: expect.stringContaining('does not match the schema'),
    });
  });

  test('may be in the JSON of DynamoDB', async () => {
    const { ports } = settled();
    expect((await trace(ports, { key: { id: { S: 'p1' } } })).items).toHaveLength(3);
  });

  test('of a target item of nobody is told by the transform', async () => {
    const { ports } = scene();
    await expect(trace(ports, { key: { pk: 'X', sk: 'Y' } })).rejects.toMatchObject({ name: 'TransformFailed' });
  });
});

test('where both tables have the same key attributes, the item says whose key it is, or the operator', async () => {
  const twins = {
    ...people,
    schemas: { legacy: ['id'], target: ['id'] } as const,
    up: ({ id, ...rest }: Item) => [{ ...rest, id: { S: `new-${(id as { S: string }).S}` } }],
    down: ([item]: Item[]) => item && { ...item, id: { S: (item.id as { S: string }).S.slice(4) } },
    legacyKey: ({ id }: Item) => ({ id: { S: (id as { S: string }).S.slice(4) } }),
  };
  const { raw, ports } = scene(allIn('shadow'), twins);
  raw.put('legacy', stamped({ id: { S: 'a' }, v: { N: '1' } }, 't1', 'client'));
  raw.put('target', stamped({ id: { S: 'new-a' }, v: { N: '1' } }, 't1', 'forward'));
  expect(await trace(ports, { key: { id: 'a' } })).toMatchObject({ asked: { side: 'legacy' }, agreement: { verdict: 'same' } });
  expect(await trace(ports, { key: { id: 'new-a' } })).toMatchObject({ asked: { side: 'target' }, group: { legacyKey: 'id=a' } });
  expect(await trace(ports, { key: { id: 'new-a' }, side: 'legacy' })).toMatchObject({ group: { legacyKey: 'id=new-a' } });
});

describe('in place', () => {
  const keys = { legacy: ['id'], target: ['id'] } as const;
  const renamed = defineAmendment({
    version: 'v2',
    up: ({ name, ...rest }) => ({ ...rest, title: name }),
    down: ({ title, ...rest }) => ({ ...rest, name: title }),
  });
  const amendment = { model: modelFrom(renamed, keys), earlier: [] };

  function amended() {
    const { raw, ports } = scene(allIn('target'), amendment.model, (table) => amendedDatabase(oneTable(table), amendment));
    return { raw, ports: { ...ports, inPlace: true, streams: ports.streams.slice(0, 1) } };
  }

  const stored = async ({ raw, ports }: ReturnType<typeof amended>) => {
    raw.put('legacy', stamped({ id: { S: 'a' }, name: { S: 'x' } }, 't1', 'client'));
    return (await ports.database.getMany('target', [{ id: { S: 'a' } }]))[0] as Item;
  };

  test('there is one item, one stream, and a form in which it is stored', async () => {
    const all = amended();
    const item = await stored(all);
    expect(await trace(all.ports, { key: { id: 'a' } })).toMatchObject({ form: 'legacy', agreement: { verdict: 'same' } });
    await all.ports.database.write([amend(amendment, 'target', item, 't2') as Write]);
    const journey = await trace(all.ports, { key: { id: 'a' } });
    expect(journey).toMatchObject({ form: 'target', asked: { side: 'legacy' }, agreement: { verdict: 'same' } });
    expect(journey.streams).toHaveLength(1);
    expect(journey.streams[0]?.records.map(({ paths }) => paths)).toEqual([undefined, ['name', 'title']]);
  });

  test('an item that cannot be shown in the other form is told with the reason', async () => {
    const all = amended();
    const item = await stored(all);
    await all.ports.database.write([amend(amendment, 'target', item, 't2') as Write]);
    all.raw.put('legacy', { ...(all.raw.items('legacy')[0] as Item), name: { S: 'left over' } });
    expect(await trace(all.ports, { key: { id: 'a' } })).toMatchObject({
      ...{ form: 'target', items: [{ side: 'target' }], agreement: { verdict: 'unknown' } },
      transform: { up: { outcome: 'none' }, down: { outcome: 'fails', error: 'NotRepresentable' } },
    });
  });
});
