import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ResourceNotFoundException,
  type Shard,
  type StreamRecord as StoredRecord,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import pLimit from 'p-limit';
import type { ReadHistory, StreamHistory } from '../core/control';
import type { StreamRecord } from '../core/replicate';
import { recordOf, shardsOf } from './dynamodb-streams';

/** Shards that are read at a time. */
const SHARDS = 8;

/**
 * Answers without a record, in a row, that count as the end of an open shard. There is no other sign of it: several answers may be empty
 * before there are records (Amazon DynamoDB Streams API, GetRecords).
 */
const EMPTY = 10;

/** Records that are kept of one shard, the newest ones: a document may be written every second for a day. */
const KEPT = 200;

/**
 * Reads what a stream still has, from TRIM_HORIZON, the newest shards first, until all is read or the time is up. A shard may have two
 * readers (Amazon DynamoDB Streams API, GetRecords, LimitExceededException), and the replicator is one: a shard that is refused is left
 * at once, and counts as not read.
 */
export function readHistoryWith(client: DynamoDBStreamsClient): ReadHistory {
  return async (streamArn, isOurs, milliseconds) => {
    const startedAt = Date.now();
    const isOver = () => Date.now() - startedAt >= milliseconds;
    const shards = newestFirst(await shardsOf(client, streamArn));
    const limit = pLimit(SHARDS);
    const read = (shard: Shard) => limit(() => readShard(client, { streamArn, shard, startedAt, isOver }, isOurs));
    return joined(await Promise.all(shards.map(read)));
  };
}

interface ShardReading {
  readonly streamArn: string;
  readonly shard: Shard;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly isOver: () => boolean;
}

interface ShardHistory {
  readonly records: StreamRecord[];
  readonly older: number;
  readonly done: boolean;
  /** Milliseconds since 1970: time of the last record that was read. */
  readonly reached?: number;
}

async function readShard(
  client: DynamoDBStreamsClient,
  { streamArn, shard, startedAt, isOver }: ShardReading,
  isOurs: (record: StreamRecord) => boolean,
): Promise<ShardHistory> {
  const records: StreamRecord[] = [];
  let older = 0;
  let reached: number | undefined;
  const history = (done: boolean) => ({ records, older, done, ...(reached === undefined ? {} : { reached }) });
  try {
    if (isOver()) return history(false);
    const from = { StreamArn: streamArn, ShardId: shard.ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
    let { ShardIterator } = await client.send(new GetShardIteratorCommand(from));
    for (let empty = 0; ShardIterator && empty < EMPTY; ) {
      if (isOver()) return history(false);
      const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator }));
      for (const { dynamodb, userIdentity } of Records) {
        const record = recordOf(dynamodb as StoredRecord, userIdentity);
        reached = record.createdAt;
        if (isOurs(record)) records.push(record);
      }
      older += records.splice(0, Math.max(0, records.length - KEPT)).length;
      if (reached !== undefined && reached >= startedAt) return history(true);
      empty = Records.length > 0 ? 0 : empty + 1;
      ShardIterator = NextShardIterator;
    }
    return history(true);
  } catch (error) {
    // The stream has let go of it meanwhile: nothing is left to read.
    return history(error instanceof TrimmedDataAccessException || error instanceof ResourceNotFoundException);
  }
}

/** Sequence numbers grow with time. */
function newestFirst(shards: readonly Shard[]): Shard[] {
  const start = ({ SequenceNumberRange }: Shard) => BigInt(SequenceNumberRange?.StartingSequenceNumber ?? 0);
  return [...shards].sort((a, b) => (start(a) < start(b) ? 1 : -1));
}

function joined(histories: readonly ShardHistory[]): StreamHistory {
  const unread = histories.filter(({ done }) => !done);
  const reached = unread.map((history) => history.reached).filter((at) => at !== undefined);
  const records = histories.flatMap((history) => history.records);
  return {
    records: records.sort((a, b) => a.createdAt - b.createdAt || (BigInt(a.sequence) < BigInt(b.sequence) ? -1 : 1)),
    older: histories.reduce((sum, { older }) => sum + older, 0),
    shards: histories.length,
    unread: unread.length,
    ...(reached.length > 0 ? { reached: Math.min(...reached) } : {}),
  };
}
