import type { Item } from '../../lambda/core/item';
import { decodePoison } from '../../lambda/core/poison';
import type { Side } from '../../lambda/core/position';
import type { StreamRecord } from '../../lambda/core/replicate';
import { type ReplicatePorts, replicate } from '../../lambda/replicate/replicate';
import { MemoryDatabase } from '../memory/memory-database';
import { MemoryLedger } from '../memory/memory-ledger';
import { MemoryQueue } from '../memory/memory-queue';
import {
  allIn,
  changesOf,
  contentsOf,
  counting,
  expectedContents,
  itemAt,
  people,
  person,
  profile,
  routingOf,
} from '../memory/people';

const NOW = 1_700_000_100_000;

function scene(direction: 'forward' | 'reverse', table = allIn(direction === 'forward' ? 'legacy' : 'target')) {
  const database = new MemoryDatabase(people.schemas);
  const ledger = new MemoryLedger();
  const poison = new MemoryQueue();
  const published: Record<string, number>[] = [];
  const time = { now: 0 };
  const { source, serve } = routingOf(table, () => time.now);
  const ports: ReplicatePorts = {
    ...{ direction, database, model: people, tokens: counting(), routing: source, ledger, poison },
    publish: async (metrics) => void published.push(metrics as Record<string, number>),
    now: () => NOW,
    remaining: () => 60_000,
  };
  const side: Side = direction === 'forward' ? 'legacy' : 'target';
  const records = (from = 0): StreamRecord[] =>
    changesOf(database, side, from).map((change, n) => ({ change, sequence: `s${n}`, createdAt: NOW - 5000 + n * 100 }));
  return { database, ledger, poison, published, ports, records, serve, time, source };
}

let logged: jest.SpyInstance;

beforeEach(() => {
  logged = jest.spyOn(console, 'error').mockImplementation(() => {});
});

afterEach(() => jest.restoreAllMocks());

const GHENT = { town: 'Ghent' };

test('carries a batch over, the changes of a group in order, and says how old the oldest is', async () => {
  const { database, ports, records, published } = scene('forward');
  for (let n = 0; n < 30; n++) database.put('legacy', person(`p${n}`, 'a', { ...GHENT, token: `t${n}` }));
  for (let n = 0; n < 20; n++) database.put('legacy', person(`p${n}`, 'b', { token: `u${n}` }));
  for (let n = 0; n < 10; n++) database.remove('legacy', { id: { S: `p${n}` } });
  expect(await replicate(ports, records())).toBeUndefined();
  expect(contentsOf(database, 'target')).toEqual(expectedContents(database));
  expect(published).toEqual([
    { ReplicationLag: 5, ReplicationErrors: 0, Divergence: 0, PoisonRecords: 0, UnadoptedWrites: 0, ForwardRecords: 60 },
  ]);
});

test('a batch that comes again, whole or in part, changes nothing', async () => {
  const { database, ports, records } = scene('forward');
  for (let n = 0; n < 10; n++) database.put('legacy', person(`p${n}`, 'a', { token: `t${n}` }));
  for (let n = 0; n < 5; n++) database.remove('legacy', { id: { S: `p${n}` } });
  await replicate(ports, records());
  const before = contentsOf(database, 'target');
  await replicate(ports, records());
  await replicate(ports, records(3));
  expect(contentsOf(database, 'target')).toEqual(before);
});

test('echoes die out: what replication wrote comes back and leads to nothing', async () => {
  const { database, ports, records } = scene('reverse');
  database.put('target', profile('p1', 'a', 'x'));
  await replicate(ports, records());
  expect(contentsOf(database, 'legacy').size).toBe(1);
  const before = database.changes.length;
  const back = changesOf(database, 'legacy').map((change) => ({ change, sequence: 's', createdAt: NOW }));
  await replicate({ ...ports, direction: 'forward' }, back);
  await replicate(ports, records());
  expect(database.changes.length).toBe(before);
});

test('a failure names the earliest record that failed; other groups go on', async () => {
  const { database, ports, records, published } = scene('forward');
  for (let n = 0; n < 12; n++) database.put('legacy', person(`p${n}`, 'a', { token: `t${n}` }));
  const get = database.get.bind(database);
  database.get = async (side, key) => {
    if (side === 'legacy' && ['p7', 'p4'].includes((key.id as { S: string }).S)) throw new Error('timeout');
    return get(side, key);
  };
  expect(await replicate(ports, records())).toBe('s4');
  expect(contentsOf(database, 'target').size).toBe(10);
  expect(published[0]).toMatchObject({ ReplicationErrors: 1, ForwardRecords: 4 });
  expect(logged).toHaveBeenCalledWith(expect.stringContaining('Error: timeout'));
  database.get = get;
  expect(await replicate(ports, records().slice(4))).toBeUndefined();
  expect(contentsOf(database, 'target')).toEqual(expectedContents(database));
});

test('after a failure the later changes of the same group wait', async () => {
  const { database, ports, records } = scene('forward');
  database.put('legacy', person('p', 'a', { token: 't1' }));
  database.put('legacy', person('p', 'b', { token: 't2' }));
  let reads = 0;
  database.before = (call) => {
    reads++;
    if (call === 'write') throw new Error('timeout');
  };
  expect(await replicate(ports, records())).toBe('s0');
  expect(reads).toBeLessThan(6);
});

test('poison goes to the queue with key and cause, counts, and does not hold up what follows', async () => {
  const { database, ports, records, poison, ledger, published } = scene('forward');
  database.put('legacy', person('p', 'a', { ...GHENT, token: 't1' }));
  database.put('legacy', person('p', 'poison', { token: 't2' }));
  database.put('legacy', person('q', 'b', { token: 't3' }));
  expect(await replicate(ports, records())).toBeUndefined();
  expect(contentsOf(database, 'target').has('pk=P#q,sk=PROFILE')).toBe(true);
  const messages = poison.texts.map(decodePoison);
  expect(messages.at(-1)).toMatchObject({
    poison: {
      ...{ key: { id: { S: 'p' } }, side: 'legacy', direction: 'forward', error: 'TransformFailed' },
      cause: expect.stringContaining('no such name'),
      candidates: [
        { pk: { S: 'P#p' }, sk: { S: 'PROFILE' } },
        { pk: { S: 'P#p' }, sk: { S: 'TOWN' } },
      ],
    },
  });
  expect(await ledger.counter('poison')).toMatchObject({ count: poison.texts.length });
  expect(await ledger.counter('divergence')).toMatchObject({ count: poison.texts.length });
  expect((await ledger.events())[0]).toMatchObject({ kind: 'poison', run: 'run-1', data: { key: 'id=p' } });
  expect(published[0]).toMatchObject({ PoisonRecords: poison.texts.length, ReplicationErrors: 0 });
});

test('when the queue cannot be reached the record is delivered again', async () => {
  const { database, ports, records, poison } = scene('forward');
  database.put('legacy', person('p', 'poison', { token: 't' }));
  poison.send = async () => {
    throw new Error('no queue');
  };
  expect(await replicate(ports, records())).toBe('s0');
});

test('a target key that leads nowhere is poison in reverse, and its image is kept: a rollback will overwrite it', async () => {
  const { database, ports, records, poison, ledger } = scene('reverse');
  database.put('target', { pk: { S: 'junk' }, sk: { S: 'x' }, _rollout: { M: { t: { S: 't' }, w: { S: 'client' } } } });
  database.put('target', profile('p', 'a', 't1'));
  expect(await replicate(ports, records())).toBeUndefined();
  expect(poison.texts).toHaveLength(1);
  expect(contentsOf(database, 'legacy').size).toBe(1);
  const kept = (await ledger.events()).find(({ kind }) => kind === 'salvaged');
  expect(JSON.parse(kept?.data.image as string)).toMatchObject({ pk: { S: 'junk' } });
});

test('counts writes without the client, not canaries, not time-to-live, not what is delivered again later', async () => {
  const { database, ports, records, ledger } = scene('forward');
  database.put('legacy', person('a', 'native'));
  database.put('legacy', person('b', 'ours', { token: 't' }));
  database.put('legacy', person('b', 'copied token', { token: 't' }));
  database.put('legacy', person('canary-2', 'canary'));
  database.remove('legacy', { id: { S: 'a' } }, true);
  await replicate(ports, records());
  expect((await ledger.counter('unadopted')).count).toBe(2);
  expect(contentsOf(database, 'target')).toEqual(expectedContents(database));
});

test("of items that stay in legacy alone nobody's writes count, until one begins to move or ceases to", async () => {
  const { database, ports, records, ledger } = scene('forward');
  const model = { ...people, up: (item: Item) => (JSON.stringify(item.name) === '{"S":"stays"}' ? [] : people.up(item)) };
  const counted = async () => (await ledger.counter('unadopted')).count;
  database.put('legacy', person('a', 'stays'));
  database.put('legacy', person('a', 'stays', GHENT));
  await replicate({ ...ports, model }, records());
  expect(await counted()).toBe(0);
  database.put('legacy', person('a', 'moves'));
  database.put('legacy', person('a', 'stays'));
  database.put('legacy', person('b', 'poison'));
  await replicate({ ...ports, model }, records(2));
  expect(await counted()).toBe(3);
  expect(contentsOf(database, 'target').size).toBe(0);
});

test('reverse: a write without the client is foreign, once a batch, with its keys', async () => {
  const { database, ports, records, ledger, published } = scene('reverse');
  database.put('target', profile('p', 'damage'));
  database.put('target', profile('q', 'damage'));
  await replicate(ports, records());
  expect(contentsOf(database, 'legacy').size).toBe(0);
  const events = await ledger.events();
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ kind: 'foreign-write', data: { keys: ['pk=P#p,sk=PROFILE', 'pk=P#q,sk=PROFILE'], more: 0 } });
  expect((await ledger.counter('divergence')).count).toBe(2);
  expect(published[0]).toMatchObject({ Divergence: 2 });
});

test('reverse: deletions by time-to-live are never carried back', async () => {
  const { database, ports, records } = scene('reverse');
  database.put('legacy', person('p', 'a', { token: 't' }));
  database.put('target', profile('p', 'a', 't'));
  database.remove('target', { pk: { S: 'P#p' }, sk: { S: 'PROFILE' } }, true);
  await replicate(ports, records().slice(-1));
  expect(contentsOf(database, 'legacy').size).toBe(1);
});

test('salvage merges where legacy stands still, and keeps the image where it has moved on', async () => {
  const { database, ports, records, ledger } = scene('reverse', allIn('legacy', { salvage: true }));
  for (const id of ['p', 'q']) {
    database.put('legacy', person(id, 'a', { token: 't' }));
    database.put('target', profile(id, 'a', 't'));
  }
  const from = database.changes.length;
  database.put('legacy', person('q', 'legacy moved on', { token: 'l' }));
  database.put('target', profile('p', 'late', 'x'));
  database.put('target', profile('q', 'late', 'y'));
  await replicate(ports, records(from));
  expect(itemAt(database, 'legacy', 'id=p')).toMatchObject({ name: { S: 'late' } });
  expect(itemAt(database, 'legacy', 'id=q')).toMatchObject({ name: { S: 'legacy moved on' } });
  const [event, ...more] = await ledger.events();
  expect(more).toEqual([]);
  expect(event).toMatchObject({ kind: 'salvaged', data: { key: 'pk=P#q,sk=PROFILE' } });
  expect(JSON.parse(event?.data.image as string)).toMatchObject({ name: { S: 'late' } });
});

test('while late writes are merged, a legacy item of which several parts were overwritten is kept as it was', async () => {
  const { database, ports, records, ledger } = scene('forward', allIn('legacy', { salvage: true }));
  database.put('legacy', person('p', 'a', { town: 'Ghent', token: 't1' }));
  const from = database.changes.length;
  database.put('legacy', person('p', 'b', { town: 'Ghent', token: 't2' }));
  database.put('legacy', person('p', 'c', { town: 'Bruges', token: 't3' }));
  await replicate(ports, records(from));
  database.put('legacy', person('p', 'd', { town: 'Bruges', token: 't4', writer: 'reverse' }));
  await replicate(ports, records(from + 2));
  const [event, byReverse, ...more] = await ledger.events();
  expect(more).toEqual([]);
  expect(JSON.parse(byReverse?.data.image as string)).toMatchObject({ name: { S: 'c' } });
  expect(event).toMatchObject({ kind: 'salvaged', data: { direction: 'forward', key: 'id=p' } });
  expect(JSON.parse(event?.data.image as string)).toMatchObject({ name: { S: 'b' }, town: { S: 'Ghent' } });
});

test('salvage leaves canaries alone: one that was swept meanwhile would come back', async () => {
  const { database, ports, records, ledger } = scene('reverse', allIn('legacy', { salvage: true }));
  database.put('target', profile('canary-3', 'canary', 't1'));
  const [change] = records();
  database.remove('target', (change as StreamRecord).change.key);
  await replicate(ports, [change as StreamRecord]);
  expect(itemAt(database, 'legacy', 'id=canary-3')).toBeUndefined();
  expect(await ledger.events()).toEqual([]);
});

test('a large salvaged image is kept whole, in parts', async () => {
  const { database, ports, records, ledger } = scene('reverse', allIn('legacy', { salvage: true }));
  database.put('legacy', person('q', 'moved on', { token: 'l' }));
  database.put('target', profile('q', 'x'.repeat(250_000), 'y'));
  await replicate(ports, records());
  const events = await ledger.events();
  expect(events.map(({ data }) => data.part)).toEqual([1, 2, 3]);
  const text = events.map(({ data }) => data.image).join('');
  expect(JSON.parse(text).name.S).toHaveLength(250_000);
});

test('without a table under lease nothing is written and everything is delivered again', async () => {
  const { database, ports, records, serve } = scene('forward');
  serve(undefined);
  database.put('legacy', person('p', 'a', { token: 't' }));
  expect(await replicate(ports, records())).toBe('s0');
  expect(contentsOf(database, 'target').size).toBe(0);
});

test('a group that changes authority between decision and write is left alone', async () => {
  const { database, ports, records, serve, source } = scene('forward');
  database.put('legacy', person('p', 'a', { token: 't' }));
  database.before = async (call) => {
    if (call !== 'get') return;
    database.before = () => {};
    serve(allIn('dual-target', { revision: 2 }));
    await source.refresh();
  };
  expect(await replicate(ports, records())).toBe('s0');
  expect(contentsOf(database, 'target').size).toBe(0);
  expect(await replicate(ports, records())).toBeUndefined();
  expect(contentsOf(database, 'target').size).toBe(0);
});

test('stops well before the invocation ends', async () => {
  const { database, ports, records } = scene('forward');
  for (let n = 0; n < 40; n++) database.put('legacy', person(`p${n}`, 'a', { token: `t${n}` }));
  let left = 15_000;
  database.before = (call) => {
    if (call === 'write') left -= 500;
  };
  const failed = await replicate({ ...ports, remaining: () => left }, records());
  expect(Number(failed?.slice(1))).toBeGreaterThan(5);
  expect(contentsOf(database, 'target').size).toBeLessThan(30);
});

test('an empty batch is nothing', async () => {
  const { ports, published } = scene('forward');
  expect(await replicate(ports, [])).toBeUndefined();
  expect(published).toEqual([]);
});
