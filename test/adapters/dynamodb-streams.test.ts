import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { openTailWith, readBatchWith } from '../../lambda/adapters/dynamodb-streams';

const streams = mockClient(DynamoDBStreamsClient);
const open = openTailWith(new DynamoDBStreamsClient({ region: 'eu-west-1' }));

const shard = (ShardId: string, closed = false) => ({
  ShardId,
  SequenceNumberRange: closed ? { EndingSequenceNumber: '9' } : {},
});
const record = (id: string) => ({ dynamodb: { Keys: { id: { S: id } } } });
const isOurs = (key: Record<string, unknown>) => JSON.stringify(key).includes('ours');

beforeEach(() => {
  streams.reset();
  streams
    .on(GetShardIteratorCommand)
    .callsFake(({ ShardId, ShardIteratorType }) => ({ ShardIterator: `${ShardId} ${ShardIteratorType}` }));
  streams.on(GetRecordsCommand).callsFake(({ ShardIterator }) => ({ Records: [], NextShardIterator: ShardIterator }));
});

test('opens every open shard, over pages, at its end', async () => {
  streams
    .on(DescribeStreamCommand)
    .resolvesOnce({ StreamDescription: { Shards: [shard('a'), shard('old', true)], LastEvaluatedShardId: 'old' } as never })
    .resolves({ StreamDescription: { Shards: [shard('b')] } as never });
  const tail = await open('stream');
  expect(tail.uncovered()).toBe(2);
  expect(streams).toHaveReceivedNthCommandWith(2, DescribeStreamCommand, { ExclusiveStartShardId: 'old' });
  expect(streams).toHaveReceivedCommandWith(GetShardIteratorCommand, { ShardId: 'b', ShardIteratorType: 'LATEST' });
});

test('a shard is covered by a record of ours, not by others', async () => {
  streams.on(DescribeStreamCommand).resolves({ StreamDescription: { Shards: [shard('a'), shard('b')] } as never });
  const tail = await open('stream');
  streams
    .on(GetRecordsCommand, { ShardIterator: 'a LATEST' })
    .resolves({ Records: [record('theirs'), record('ours')] as never, NextShardIterator: 'a2' });
  streams
    .on(GetRecordsCommand, { ShardIterator: 'b LATEST' })
    .resolves({ Records: [record('theirs')] as never, NextShardIterator: 'b2' });
  await tail.read(isOurs);
  expect(tail.uncovered()).toBe(1);
  await tail.read(isOurs);
  expect(streams.commandCalls(GetRecordsCommand).at(-1)?.args[0].input.ShardIterator).toBe('b2');
});

test('a shard that splits is followed into its children, from their beginning', async () => {
  streams.on(DescribeStreamCommand).resolvesOnce({ StreamDescription: { Shards: [shard('a')] } as never });
  const tail = await open('stream');
  streams
    .on(DescribeStreamCommand)
    .resolves({ StreamDescription: { Shards: [shard('a', true), shard('a1'), shard('a2')] } as never });
  streams.on(GetRecordsCommand, { ShardIterator: 'a LATEST' }).resolves({ Records: [] });
  await tail.read(isOurs);
  expect(tail.uncovered()).toBe(2);
  streams.on(GetRecordsCommand, { ShardIterator: 'a1 TRIM_HORIZON' }).resolves({ Records: [record('ours')] as never });
  streams.on(GetRecordsCommand, { ShardIterator: 'a2 TRIM_HORIZON' }).resolves({ Records: [record('ours')] as never });
  await tail.read(isOurs);
  expect(tail.uncovered()).toBe(0);
});

describe('a batch read again', () => {
  const readBatch = readBatchWith(new DynamoDBStreamsClient({ region: 'eu-west-1' }));
  const batch = { streamArn: 's', shardId: 'a', startSequenceNumber: '100', endSequenceNumber: '102', batchSize: 3 };
  const at = (SequenceNumber: string) => ({
    dynamodb: { Keys: { id: { S: SequenceNumber } }, SequenceNumber, ApproximateCreationDateTime: new Date(5000) },
  });

  test('goes over pages, from the first sequence number to the last', async () => {
    streams
      .on(GetRecordsCommand)
      .resolvesOnce({ Records: [at('100')] as never, NextShardIterator: 'more' })
      .resolvesOnce({
        Records: [{ ...at('102'), userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' } }, at('103')] as never,
      });
    expect(await readBatch(batch)).toEqual([
      { change: { key: { id: { S: '100' } }, byService: false }, sequence: '100', createdAt: 5000 },
      { change: { key: { id: { S: '102' } }, byService: true }, sequence: '102', createdAt: 5000 },
    ]);
    expect(streams).toHaveReceivedCommandWith(GetShardIteratorCommand, {
      ShardId: 'a',
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      SequenceNumber: '100',
    });
  });

  test('is undefined when the stream no longer has it', async () => {
    streams.on(GetShardIteratorCommand).rejects(new TrimmedDataAccessException({ message: 'trimmed', $metadata: {} }));
    expect(await readBatch(batch)).toBeUndefined();
  });
});
