import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  LimitExceededException,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { readHistoryWith } from '../../lambda/adapters/stream-history';
import type { StreamRecord } from '../../lambda/core/replicate';

const streams = mockClient(DynamoDBStreamsClient);
const read = readHistoryWith(new DynamoDBStreamsClient({ region: 'eu-west-1', maxAttempts: 1 }));
const isOurs = ({ change }: StreamRecord) => JSON.stringify(change.key).includes('ours');

const shard = (ShardId: string, start: string, closed = false) => ({
  ShardId,
  SequenceNumberRange: { StartingSequenceNumber: start, ...(closed ? { EndingSequenceNumber: `${start}9` } : {}) },
});
const record = (id: string, SequenceNumber: string, at: number) => ({
  dynamodb: { Keys: { id: { S: id } }, SequenceNumber, ApproximateCreationDateTime: new Date(at) },
});

beforeEach(() => {
  streams.reset();
  streams.on(GetShardIteratorCommand).callsFake(({ ShardId }) => ({ ShardIterator: `${ShardId} 0` }));
  streams.on(GetRecordsCommand).callsFake(({ ShardIterator }) => ({ Records: [], NextShardIterator: ShardIterator }));
});

const shards = (...Shards: object[]) => streams.on(DescribeStreamCommand).resolves({ StreamDescription: { Shards } as never });
const pageOf = (iterator: string, Records: object[], NextShardIterator?: string) =>
  streams.on(GetRecordsCommand, { ShardIterator: iterator }).resolves({ Records: Records as never, NextShardIterator });

test('reads closed and open shards from their beginning, over pages and gaps, and keeps what is ours in order', async () => {
  shards(shard('old', '1', true), shard('new', '5'));
  pageOf('old 0', [record('theirs', '1', 1000), record('ours', '2', 2000)], 'old 1');
  pageOf('old 1', [record('ours', '3', 3000)]);
  pageOf('new 0', [], 'new 1');
  pageOf('new 1', [record('ours', '5', 5000)], 'new 2');
  const history = await read('stream', isOurs, 5000);
  expect(history.records.map(({ sequence }) => sequence)).toEqual(['2', '3', '5']);
  expect(history).toMatchObject({ shards: 2, unread: 0, older: 0 });
  expect(history).not.toHaveProperty('reached');
  expect(streams).toHaveReceivedCommandWith(GetShardIteratorCommand, { ShardId: 'new', ShardIteratorType: 'TRIM_HORIZON' });
});

test('a record that is newer than the question ends a shard that is written to all the time', async () => {
  shards(shard('a', '1'));
  streams
    .on(GetRecordsCommand)
    .callsFake(() => ({ Records: [record('theirs', '1', Date.now() + 1000)], NextShardIterator: 'more' }));
  expect(await read('stream', isOurs, 5000)).toMatchObject({ unread: 0 });
  expect(streams).toHaveReceivedCommandTimes(GetRecordsCommand, 1);
});

test('when the time is up it says how far it came', async () => {
  shards(shard('a', '1'));
  streams.on(GetRecordsCommand).callsFake(async () => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    return { Records: [record('ours', '1', 7000)], NextShardIterator: 'more' };
  });
  const history = await read('stream', isOurs, 50);
  expect(history).toMatchObject({ shards: 1, unread: 1, reached: 7000 });
  expect(history.records.length).toBeGreaterThan(0);
});

test('a shard that has too many readers is left to them', async () => {
  shards(shard('a', '1'), shard('b', '2'));
  streams
    .on(GetRecordsCommand, { ShardIterator: 'a 0' })
    .rejects(new LimitExceededException({ message: 'too many readers', $metadata: {} }));
  pageOf('b 0', [record('ours', '2', 2000)]);
  const history = await read('stream', isOurs, 5000);
  expect(history).toMatchObject({ shards: 2, unread: 1 });
  expect(history.records).toHaveLength(1);
});

test('a shard that was trimmed meanwhile holds nothing more', async () => {
  shards(shard('a', '1'));
  streams.on(GetShardIteratorCommand).rejects(new TrimmedDataAccessException({ message: 'trimmed', $metadata: {} }));
  expect(await read('stream', isOurs, 5000)).toMatchObject({ unread: 0, records: [] });
});

test('of a document that is written all day the newest records are kept, and the others counted', async () => {
  shards(shard('a', '1', true));
  pageOf(
    'a 0',
    Array.from({ length: 450 }, (_, n) => record('ours', `${n}`, n)),
  );
  const history = await read('stream', isOurs, 5000);
  expect(history).toMatchObject({ older: 250 });
  expect(history.records.at(-1)?.sequence).toBe('449');
});
