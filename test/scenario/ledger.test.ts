import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { dynamoDatabase } from '../../lambda/adapters/dynamodb';
import { openTailWith } from '../../lambda/adapters/dynamodb-streams';
import type { DynamoLedger } from '../../lambda/adapters/ledger';
import { DynamoTables } from '../../lambda/adapters/tables';
import { keyText } from '../../lambda/core/item';
import { firstBroken, type Lease } from '../../lambda/core/ledger';
import { type LocalAwsFixture, localAwsFixture } from '../local-aws-fixture';
import { splitModel } from '../prove/split-model';
import { ledgerFixture } from './control-plane-fixture';

let aws: LocalAwsFixture;
let ledger: DynamoLedger;
let another: () => DynamoLedger;
let remove: () => Promise<unknown>;

beforeAll(async () => {
  aws = await localAwsFixture();
}, 120_000);
afterAll(() => aws.stop());
beforeEach(async () => {
  ({ ledger, another, remove } = await ledgerFixture(aws.client));
});
afterEach(() => remove());

describe('lease', () => {
  test('one of many who ask at once gets it; the same execution gets the same again', async () => {
    const asked = await Promise.allSettled([1, 2, 3, 4].map((n) => another().acquire(`run-${n}`, `e-${n}`)));
    const won = asked.filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const lost of asked.filter((result) => result.status === 'rejected')) expect(lost.reason.name).toBe('AlreadyRunning');
    const lease = await ledger.lease();
    expect(await ledger.acquire(lease?.run as string, lease?.holder as string)).toEqual(lease);
  });

  test('whoever only reads goes on after the lease was given up, until somebody else gets it or the change is closed', async () => {
    const { generation } = await ledger.acquire('run-1', 'e-1');
    await ledger.stillAt(generation);
    await ledger.release(generation);
    await ledger.stillAt(generation);
    await expect(ledger.hold(generation)).rejects.toMatchObject({ name: 'LeaseLost' });
    const next = await another().acquire('run-2', 'e-2');
    await expect(ledger.stillAt(generation)).rejects.toMatchObject({ name: 'LeaseLost' });
    await ledger.release(next.generation);
    expect(await ledger.close(next.generation)).toBe(true);
    for (const late of [next.generation, next.generation + 1]) {
      await expect(ledger.stillAt(late)).rejects.toMatchObject({ name: 'LeaseLost' });
    }
  });

  test('a change is closed while nobody has had the lease since, and for good', async () => {
    expect(await ledger.vacancy()).toEqual({ generation: 0, closed: false });
    const { generation } = await ledger.acquire('run-1', 'e-1');
    expect(await ledger.vacancy()).toBeUndefined();
    expect(await ledger.close(generation)).toBe(false);
    await ledger.release(generation);
    expect(await ledger.close(generation - 1)).toBe(false);
    const closed = await Promise.all([1, 2, 3].map(() => another().close(generation)));
    expect(closed.filter((won) => won)).toHaveLength(1);
    expect((await ledger.vacancy())?.closed).toBe(true);
    const rollback = { run: 'run-1', holder: 'rb-1', mode: 'soft' } as const;
    await expect(ledger.acquire('run-2', 'e-2')).rejects.toMatchObject({ name: 'ChangeClosed' });
    await expect(ledger.takeOver(undefined, rollback)).rejects.toMatchObject({ name: 'ChangeClosed' });
  });

  test('a takeover makes the generation before worthless, and is the same when repeated', async () => {
    const first = await ledger.acquire('run-1', 'e-1');
    const rollback = { run: 'run-1', holder: 'rb-1', mode: 'fenced' } as const;
    expect(await ledger.takeOver(undefined, rollback)).toBeUndefined();
    const taken = (await ledger.takeOver(first, rollback)) as { lease: Lease; from: Lease };
    expect(taken.lease).toMatchObject({ kind: 'rollback', mode: 'fenced', generation: 2 });
    expect(taken.from).toEqual(first);
    expect(await ledger.takeOver(first, rollback)).toEqual(taken);
    await expect(ledger.hold(1)).rejects.toMatchObject({ name: 'LeaseLost' });
    expect(await ledger.hold(2)).toEqual(taken.lease);
    await ledger.release(1);
    expect(await ledger.hold(2)).toEqual(taken.lease);
  });

  test('generations never repeat, and an execution gets the lease once', async () => {
    await ledger.acquire('run-1', 'e-1');
    await ledger.release(1);
    expect(await ledger.lease()).toBeUndefined();
    await expect(ledger.acquire('run-1', 'e-1')).rejects.toMatchObject({ name: 'LeaseLost' });
    await expect(ledger.takeOver(await ledger.lease(), { run: 'run-1', holder: 'e-1', mode: 'soft' })).rejects.toMatchObject({
      name: 'LeaseLost',
    });
    expect((await ledger.acquire('run-2', 'e-2')).generation).toBe(2);
  });
});

test('events of many writers at once are one unbroken chain', async () => {
  const writers = Array.from({ length: 8 }, (_, n) =>
    another().append('run-1', 'paused', { n, nested: { list: [n, null] } }, 'me'),
  );
  await Promise.all(writers);
  const events = await ledger.events();
  expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(firstBroken(events)).toBeUndefined();
  expect(new Set(events.map(({ data }) => data.n)).size).toBe(8);
});

test('a version of the transform keeps its checksum', async () => {
  await ledger.registerTransform('run-1', 'v1', 'a');
  await ledger.registerTransform('run-2', 'v1', 'a');
  await expect(ledger.registerTransform('run-3', 'v1', 'b')).rejects.toMatchObject({ name: 'TransformChanged' });
});

test('a slice that is done stays done, and phases do not mix', async () => {
  const cursor = { id: { S: 'x' }, n: { N: '12345678901234567890123456789012345678' }, b: { B: new Uint8Array([0, 255]) } };
  await ledger.saveCheckpoint('run-1', 'repair-1', 0, { cursor, done: false, counts: { checked: 5 } });
  expect(await ledger.checkpoint('run-1', 'repair-1', 0)).toEqual({ cursor, done: false, counts: { checked: 5 } });
  await ledger.saveCheckpoint('run-1', 'repair-1', 0, { done: true, counts: { checked: 9 } });
  await ledger.saveCheckpoint('run-1', 'repair-1', 0, { cursor, done: false, counts: { checked: 7 } });
  await ledger.saveCheckpoint('run-1', 'repair-10', 0, { done: true, counts: {} });
  expect(await ledger.checkpoints('run-1', 'repair-1')).toEqual([{ done: true, counts: { checked: 9 } }]);
  expect(await ledger.checkpoint('run-2', 'repair-1', 0)).toBeUndefined();
});

test('counters add up under concurrency and start again', async () => {
  await Promise.all([1, 2, 3].map((by) => another().count('unadopted', by)));
  expect(await ledger.counter('unadopted')).toMatchObject({ count: 6, lastAt: expect.stringMatching(/^\d{4}-/) });
  await ledger.resetCounters();
  expect(await ledger.counter('unadopted')).toEqual({ count: 0 });
  expect(await ledger.counter('poison')).toEqual({ count: 0 });
});

test('notes come back as they were saved', async () => {
  expect(await ledger.note('routing')).toBeUndefined();
  await ledger.saveNote('routing', { environment: 'e', deployment: 3, left: undefined });
  expect(await ledger.note('routing')).toEqual({ environment: 'e', deployment: 3 });
});

test('of notes that say which is later the latest stays', async () => {
  expect(await ledger.saveLatest('resume', '2', { token: 'b' })).toBe(true);
  expect(await ledger.saveLatest('resume', '1', { token: 'a' })).toBe(false);
  expect(await ledger.saveLatest('resume', '2', { token: 'c' })).toBe(true);
  expect(await ledger.note('resume')).toMatchObject({ token: 'c' });
});

describe('tables and streams', () => {
  test('facts of a table, and one backup by its name', async () => {
    const { legacy } = await aws.createTables(splitModel.schemas);
    const tables = new DynamoTables(aws.client);
    expect(await tables.describe(legacy)).toMatchObject({
      ...{ name: legacy, active: true, keys: ['id'], types: { id: 'S' } },
      ...{ streamView: 'NEW_AND_OLD_IMAGES', pointInTimeRecovery: false, streamArn: expect.stringContaining('stream') },
    });
    expect(await tables.findBackup(legacy, 'rollout-run-1')).toBeUndefined();
    const arn = await tables.createBackup(legacy, 'rollout-run-1');
    expect(await tables.findBackup(legacy, 'rollout-run-1')).toBe(arn);
  });

  test('the tail of a stream shows what is written after it was opened', async () => {
    const names = await aws.createTables(splitModel.schemas);
    const { streamArn } = await new DynamoTables(aws.client).describe(names.legacy);
    const database = dynamoDatabase(aws.client, names, splitModel.schemas);
    await database.write([{ do: 'put', side: 'legacy', item: splitModel.canary(1) }]);
    const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region } = aws.aws.environment;
    const client = new DynamoDBStreamsClient({ endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
    const tail = await openTailWith(client)(streamArn as string);
    const isOurs = (key: Parameters<typeof keyText>[0]) => ['id=canary 1', 'id=canary 3'].includes(keyText(key));
    await tail.read(isOurs);
    expect(tail.uncovered()).toBe(1);
    await database.write([{ do: 'put', side: 'legacy', item: splitModel.canary(3) }]);
    await tail.read(isOurs);
    expect(tail.uncovered()).toBe(0);
    client.destroy();
  });
});
