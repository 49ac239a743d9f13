import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Identity,
  ResourceNotFoundException,
  type Shard,
  type StreamRecord as StoredRecord,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import type { OpenTail, StreamTail } from '../core/control';
import type { Item } from '../core/item';
import type { ReadBatch } from '../core/poison';
import type { Change, StreamRecord } from '../core/replicate';

/**
 * Opens the tail of a stream: the shards that are written to now, each from its end (LATEST: just after the newest record).
 * At most two processes may read a shard at a time (DynamoDB API, streams GetRecords, LimitExceededException): the
 * replicator is one, this is the other.
 */
export function openTailWith(client: DynamoDBStreamsClient): OpenTail {
  return async (streamArn) => {
    const tail = new ShardTail(client, streamArn);
    await tail.open();
    return tail;
  };
}

/**
 * Reads the records of a batch from its first sequence number to its last. Undefined when the stream has trimmed them: it
 * keeps 24 hours (DynamoDB API, streams GetShardIterator, TrimmedDataAccessException).
 */
export function readBatchWith(client: DynamoDBStreamsClient): ReadBatch {
  return async ({ streamArn, shardId, startSequenceNumber, endSequenceNumber }) => {
    const records: StreamRecord[] = [];
    try {
      const start = { StreamArn: streamArn, ShardId: shardId, SequenceNumber: startSequenceNumber };
      let { ShardIterator } = await client.send(
        new GetShardIteratorCommand({ ...start, ShardIteratorType: 'AT_SEQUENCE_NUMBER' }),
      );
      while (ShardIterator) {
        const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator }));
        for (const { dynamodb, userIdentity } of Records) {
          if (BigInt(dynamodb?.SequenceNumber as string) > BigInt(endSequenceNumber)) return records;
          records.push(recordOf(dynamodb as StoredRecord, userIdentity));
          if (dynamodb?.SequenceNumber === endSequenceNumber) return records;
        }
        ShardIterator = NextShardIterator;
      }
      return records;
    } catch (error) {
      if (error instanceof TrimmedDataAccessException || error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  };
}

/** A record as the replicators know it. */
export function recordOf(record: StoredRecord, identity: Identity | undefined): StreamRecord {
  const { SequenceNumber, ApproximateCreationDateTime } = record as { SequenceNumber: string; ApproximateCreationDateTime: Date };
  return { change: changeOf(record, identity), sequence: SequenceNumber, createdAt: ApproximateCreationDateTime.getTime() };
}

/** Deletions by time-to-live: Amazon DynamoDB Developer Guide, "DynamoDB Streams and Time to Live". */
function changeOf(record: StoredRecord, identity: Identity | undefined): Change {
  const { Keys, OldImage, NewImage } = record as { Keys: Item; OldImage?: Item; NewImage?: Item };
  const byService = identity?.Type === 'Service' && identity.PrincipalId === 'dynamodb.amazonaws.com';
  return { key: Keys, ...(OldImage ? { before: OldImage } : {}), ...(NewImage ? { after: NewImage } : {}), byService };
}

/** All shards that the stream still has. */
export async function shardsOf(client: DynamoDBStreamsClient, StreamArn: string): Promise<Shard[]> {
  const found: Shard[] = [];
  let ExclusiveStartShardId: string | undefined;
  do {
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn, ExclusiveStartShardId }));
    found.push(...(StreamDescription?.Shards ?? []));
    ExclusiveStartShardId = StreamDescription?.LastEvaluatedShardId;
  } while (ExclusiveStartShardId);
  return found;
}

class ShardTail implements StreamTail {
  private readonly known = new Set<string>();
  /** Iterators of the shards that are not covered. */
  private readonly iterators = new Map<string, string>();

  constructor(
    private readonly client: DynamoDBStreamsClient,
    private readonly streamArn: string,
  ) {}

  async open(): Promise<void> {
    await this.discover('LATEST');
  }

  uncovered(): number {
    return this.iterators.size;
  }

  async read(isOurs: (key: Item) => boolean): Promise<void> {
    await Promise.all([...this.iterators].map(([shard, iterator]) => this.readShard(shard, iterator, isOurs)));
  }

  private async readShard(shard: string, iterator: string, isOurs: (key: Item) => boolean): Promise<void> {
    const { Records = [], NextShardIterator } = await this.client.send(new GetRecordsCommand({ ShardIterator: iterator }));
    this.iterators.delete(shard);
    if (Records.some(({ dynamodb }) => isOurs(dynamodb?.Keys as Item))) return;
    if (NextShardIterator) this.iterators.set(shard, NextShardIterator);
    else await this.discover('TRIM_HORIZON');
  }

  /**
   * A shard that closed before it showed a record of ours is followed by children that did not exist when this tail was
   * opened; they are read from their beginning, and a consumer reads them only after their parent.
   */
  private async discover(from: 'LATEST' | 'TRIM_HORIZON'): Promise<void> {
    for (const { ShardId, SequenceNumberRange } of await shardsOf(this.client, this.streamArn)) {
      const shard = ShardId as string;
      if (this.known.has(shard)) continue;
      this.known.add(shard);
      if (from === 'LATEST' && SequenceNumberRange?.EndingSequenceNumber) continue;
      const { ShardIterator } = await this.client.send(
        new GetShardIteratorCommand({ StreamArn: this.streamArn, ShardId: shard, ShardIteratorType: from }),
      );
      if (ShardIterator) this.iterators.set(shard, ShardIterator);
    }
  }
}
