import type { Item } from '../../lambda/core/item';
import { decodePoison, encodePoison, type Poison } from '../../lambda/core/poison';
import type { Change, StreamRecord } from '../../lambda/core/replicate';
import { type RedrivePorts, redrive } from '../../lambda/redrive/redrive';
import { MemoryDatabase } from '../memory/memory-database';
import { MemoryIdentities, session } from '../memory/memory-identities';
import { MemoryLedger } from '../memory/memory-ledger';
import { MemoryQueue } from '../memory/memory-queue';
import { allIn, contentsOf, counting, expectedContents, itemAt, people, person, profile, routingOf } from '../memory/people';

function scene(position: Parameters<typeof allIn>[0]) {
  const database = new MemoryDatabase(people.schemas);
  const ledger = new MemoryLedger();
  const queue = new MemoryQueue();
  const givenUp = new MemoryQueue();
  const { source } = routingOf(allIn(position));
  const ports: RedrivePorts = {
    identities: new MemoryIdentities(),
    ...{ database, model: people, tokens: counting(), routing: source, ledger, poison: queue, givenUp },
    readBatch: async () => undefined,
    streams: { legacy: 'arn:stream', target: 'arn:target' },
    publish: async () => {},
    now: () => 0,
    remaining: () => 300_000,
  };
  return { database, ledger, queue, givenUp, ports };
}

const profileKey = { pk: { S: 'P#p' }, sk: { S: 'PROFILE' } };

function recordsOf(...changes: Change[]): StreamRecord[] {
  return changes.map((change, n) => ({ change, sequence: `${100 + n}`, createdAt: 0 }));
}

function poison(side: Poison['side'], id: string, candidates: Poison['candidates'] = []): string {
  const key: Item = side === 'legacy' ? { id: { S: id } } : { pk: { S: `P#${id}` }, sk: { S: 'PROFILE' } };
  const direction = side === 'legacy' ? 'forward' : 'reverse';
  return encodePoison({ side, key, direction, candidates, error: 'TransformFailed', cause: 'no such name' });
}

const GIVEN_UP = JSON.stringify({
  requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 5 },
  DDBStreamBatchInfo: {
    shardId: 'shardId-1',
    startSequenceNumber: '100',
    endSequenceNumber: '200',
    batchSize: 7,
    streamArn: 'arn:stream',
  },
});

test('settles a mended item from legacy while legacy is in authority, and removes what has to go', async () => {
  const { database, queue, ports } = scene('legacy');
  database.put('legacy', person('p', 'mended', { token: 't2' }));
  database.put('target', profile('p', 'old', 't1'));
  const town = { pk: { S: 'P#p' }, sk: { S: 'TOWN' } };
  database.put('target', { ...town, town: { S: 'Ghent' } });
  await queue.send(poison('legacy', 'p', [town]));
  expect(await redrive(ports)).toEqual({ settled: 1, remaining: 0, reported: 0 });
  expect(contentsOf(database, 'target')).toEqual(expectedContents(database));
  expect(queue.hidden.size).toBe(0);
});

test('authority by now decides, not the direction in which it failed', async () => {
  const { database, queue, ports } = scene('target');
  database.put('legacy', person('p', 'old', { token: 't1' }));
  database.put('target', profile('p', 'new', 't2'));
  await queue.send(poison('legacy', 'p'));
  expect(await redrive(ports)).toMatchObject({ settled: 1 });
  expect(itemAt(database, 'legacy', 'id=p')).toMatchObject({ name: { S: 'new' } });

  const back = scene('dual-legacy');
  back.database.put('legacy', person('p', 'right', { token: 't3' }));
  back.database.put('target', profile('p', 'wrong', 't2'));
  await back.queue.send(poison('target', 'p'));
  expect(await redrive(back.ports)).toMatchObject({ settled: 1 });
  expect(itemAt(back.database, 'target', 'pk=P#p,sk=PROFILE')).toMatchObject({ name: { S: 'right' } });
});

test('what still fails stays; it comes back and is settled once mended', async () => {
  const { database, queue, ports } = scene('legacy');
  const quiet = jest.spyOn(console, 'warn').mockImplementation(() => {});
  database.put('legacy', person('p', 'poison', { token: 't' }));
  database.put('legacy', person('q', 'fine', { token: 't' }));
  await queue.send(poison('legacy', 'p'));
  await queue.send(poison('legacy', 'q'));
  await queue.send('what is this');
  expect(await redrive(ports)).toEqual({ settled: 1, remaining: 2, reported: 0 });
  expect(queue.texts).toHaveLength(2);
  database.put('legacy', person('p', 'mended', { token: 't2' }));
  expect(await redrive(ports)).toEqual({ settled: 1, remaining: 1, reported: 0 });
  expect(contentsOf(database, 'target')).toEqual(expectedContents(database));
  quiet.mockRestore();
});

test('the same message twice is the same result', async () => {
  const { database, queue, ports } = scene('legacy');
  database.put('legacy', person('p', 'a', { token: 't' }));
  await queue.send(poison('legacy', 'p'));
  await queue.send(poison('legacy', 'p'));
  expect(await redrive(ports)).toMatchObject({ settled: 2 });
  expect(contentsOf(database, 'target')).toEqual(expectedContents(database));
});

test('a batch that the event source gave up on is put on record, counts, and goes', async () => {
  const { queue, ledger, ports } = scene('legacy');
  await queue.send(GIVEN_UP);
  expect(await redrive(ports)).toEqual({ settled: 0, remaining: 0, reported: 1 });
  expect((await ledger.events())[0]).toMatchObject({
    kind: 'reconciliation-needed',
    data: { shardId: 'shardId-1', startSequenceNumber: '100', endSequenceNumber: '200', batchSize: 7, streamArn: 'arn:stream' },
  });
  expect((await ledger.counter('divergence')).count).toBe(7);
});

test('the changes of a batch that was given up are read again and carried over, except those that never are', async () => {
  const { database, givenUp, ports } = scene('legacy');
  database.put('legacy', person('p', 'new', { token: 't2' }));
  database.put('target', profile('gone', 'old', 't1'));
  await givenUp.send(GIVEN_UP);
  const records = recordsOf(
    { key: { id: { S: 'p' } }, after: person('p', 'new', { token: 't2' }), byService: false },
    { key: { id: { S: 'gone' } }, before: person('gone', 'old', { token: 't1' }), byService: false },
  );
  expect(await redrive({ ...ports, readBatch: async () => records })).toEqual({ settled: 1, remaining: 0, reported: 0 });
  expect(contentsOf(database, 'target')).toEqual(expectedContents(database));
  expect(givenUp.hidden.size).toBe(0);

  const reverse = scene('target');
  reverse.database.put('legacy', person('p', 'kept', { token: 't1' }));
  await reverse.givenUp.send(GIVEN_UP.replace('arn:stream', 'arn:target'));
  const expired = recordsOf({ key: profileKey, before: profile('p', 'kept', 't1'), byService: true });
  await redrive({ ...reverse.ports, readBatch: async () => expired });
  expect(itemAt(reverse.database, 'legacy', 'id=p')).toMatchObject({ name: { S: 'kept' } });
});

test('a late write in a batch that was given up is merged while an immediate rollback merges, and its age is no lag', async () => {
  const { database, givenUp, ports } = scene('legacy');
  database.put('legacy', person('p', 'old', { token: 't1' }));
  database.put('target', profile('p', 'late', 't2'));
  await givenUp.send(GIVEN_UP.replace('arn:stream', 'arn:target'));
  const { source: routing } = routingOf({ ...allIn('legacy'), salvage: true });
  const published: object[] = [];
  const publish = async (values: object) => void published.push(values);
  const late = recordsOf({
    key: profileKey,
    before: profile('p', 'old', 't1'),
    after: profile('p', 'late', 't2'),
    byService: false,
  });
  const mended = { ...ports, routing, publish, readBatch: async () => late, now: () => 9_000_000 };
  expect(await redrive(mended)).toEqual({ settled: 1, remaining: 0, reported: 0 });
  expect(itemAt(database, 'legacy', 'id=p')).toMatchObject({ name: { S: 'late' } });
  expect(published).toHaveLength(1);
  expect(Object.keys(published[0] as object)).not.toContain('ReplicationLag');
});

test('what can never be carried of a batch goes to the poison queue, and the batch with it', async () => {
  const { queue, givenUp, ports } = scene('legacy');
  jest.spyOn(console, 'warn').mockImplementation(() => {});
  await givenUp.send(GIVEN_UP);
  const bad = recordsOf({ key: { id: { S: 'p' } }, after: person('p', 'poison', { token: 't' }), byService: false });
  expect(await redrive({ ...ports, readBatch: async () => bad })).toMatchObject({ settled: 2 });
  expect(givenUp.hidden.size + givenUp.texts.length).toBe(0);
  expect(queue.hidden.size).toBe(0);
});

test('with the target in authority and no key to settle from, a reconciliation is asked for', async () => {
  const { queue, ledger, ports } = scene('target');
  await queue.send(poison('legacy', 'deleted'));
  expect(await redrive(ports)).toMatchObject({ settled: 0, reported: 1 });
  expect((await ledger.events())[0]).toMatchObject({ kind: 'reconciliation-needed', data: { key: 'id=deleted' } });
});

test('stops when the time is up and says what is left', async () => {
  const { database, queue, ports } = scene('legacy');
  for (let n = 0; n < 35; n++) {
    database.put('legacy', person(`p${n}`, 'a', { token: 't' }));
    await queue.send(poison('legacy', `p${n}`));
  }
  let left = 40_000;
  database.before = (call) => {
    if (call === 'write') left -= 1500;
  };
  expect(await redrive({ ...ports, remaining: () => left })).toEqual({ settled: 20, remaining: 15, reported: 0 });
});

test('messages survive the way through text, binary keys too', () => {
  const message: Poison = {
    ...{ side: 'target', direction: 'reverse', error: 'NotRepresentable', cause: 'because' },
    key: { pk: { B: new Uint8Array([0, 255]) } },
    candidates: [{ pk: { B: new Uint8Array([1]) } }],
  };
  expect(decodePoison(encodePoison(message))).toEqual({ poison: message });
  expect(decodePoison('{"key":1}')).toBeUndefined();
  expect(decodePoison('null')).toBeUndefined();
});

test('the ledger says who had what settled; where there was nothing, nobody', async () => {
  const { database, queue, ledger, ports } = scene('legacy');
  await redrive(ports, { by: 'Ada' });
  database.put('legacy', person('p', 'mended', { token: 't2' }));
  await queue.send(poison('legacy', 'p'));
  const said = { reason: 'transform mended', by: 'Ada' };
  await expect(redrive(ports, { ...said, proof: 'ada for pause' })).rejects.toMatchObject({ name: 'IdentityNotProved' });
  expect(await queue.waiting()).toBe(1);
  await redrive(ports, { ...said, proof: 'ada for redrive' });
  expect((await ledger.events()).map(({ kind, who, data }) => ({ kind, who, data }))).toEqual([
    { kind: 'redriven', who: session('ada'), data: { settled: 1, remaining: 0, reported: 0, ...said } },
  ]);
});
