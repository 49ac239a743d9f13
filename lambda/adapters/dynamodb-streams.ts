import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';
import type { OpenTail, StreamTail } from '../core/control';
import type { Item } from '../core/item';

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
    for (const { ShardId, SequenceNumberRange } of await this.shards()) {
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

  private async shards(): Promise<Shard[]> {
    const found: Shard[] = [];
    let ExclusiveStartShardId: string | undefined;
    do {
      const { StreamDescription } = await this.client.send(
        new DescribeStreamCommand({ StreamArn: this.streamArn, ExclusiveStartShardId }),
      );
      found.push(...(StreamDescription?.Shards ?? []));
      ExclusiveStartShardId = StreamDescription?.LastEvaluatedShardId;
    } while (ExclusiveStartShardId);
    return found;
  }
}
