import {
  DeleteItemCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { dynamoDatabase } from '../../lambda/adapters/dynamodb';
import type { Item } from '../../lambda/core/item';
import type { Schemas } from '../../lambda/core/model';
import type { Database } from '../../lambda/core/ports';
import type { Side } from '../../lambda/core/position';
import type { Change } from '../../lambda/core/replicate';
import type { LocalAwsFixture } from '../local-aws-fixture';
import { MemoryDatabase } from '../memory/memory-database';

/** Two tables with streams, wherever they live, and code beside them that knows nothing of a rollout. */
export interface Store {
  readonly database: Database;
  put(side: Side, item: Item): Promise<void>;
  remove(side: Side, key: Item): Promise<void>;
  items(side: Side): Promise<Item[]>;
  /** What the stream of a side has since it was asked last. */
  news(side: Side): Promise<Change[]>;
}

/** In memory. */
export function memoryStore(schemas: Schemas): Store {
  const database = new MemoryDatabase(schemas);
  const seen = { legacy: 0, target: 0 };
  return {
    database,
    put: async (side, item) => database.put(side, item),
    remove: async (side, key) => database.remove(side, key),
    items: async (side) => database.items(side),
    news: async (side) => {
      const records = database.changes.slice(seen[side]).filter((record) => record.side === side);
      seen[side] = database.changes.length;
      return records.map(({ side: _, ...change }) => change);
    },
  };
}

/** On local AWS, with DynamoDB's own streams. */
export async function awsStore(fixture: LocalAwsFixture, schemas: Schemas): Promise<Store> {
  const { client } = fixture;
  const tables = await fixture.createTables(schemas);
  const streams = new DynamoDBStreamsClient(fixture.aws.connection);
  const iterators = { legacy: await tail(client, streams, tables.legacy), target: await tail(client, streams, tables.target) };
  return {
    database: dynamoDatabase(client, tables, schemas),
    put: async (side, item) => {
      await client.send(new PutItemCommand({ TableName: tables[side], Item: item as never }));
    },
    remove: async (side, key) => {
      await client.send(new DeleteItemCommand({ TableName: tables[side], Key: key as never }));
    },
    items: async (side) => {
      const { Items = [] } = await client.send(new ScanCommand({ TableName: tables[side], ConsistentRead: true }));
      return Items as Item[];
    },
    news: async (side) => {
      const changes: Change[] = [];
      for (;;) {
        const page = await streams.send(new GetRecordsCommand({ ShardIterator: iterators[side] }));
        iterators[side] = page.NextShardIterator as string;
        if (!page.Records?.length) return changes;
        changes.push(...page.Records.map(({ dynamodb }) => changeOf(dynamodb)));
      }
    },
  };
}

/** The one open shard of a stream that is new, from its beginning. */
async function tail(client: DynamoDBClient, streams: DynamoDBStreamsClient, TableName: string): Promise<string> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  const StreamArn = Table?.LatestStreamArn as string;
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const ShardId = StreamDescription?.Shards?.at(-1)?.ShardId as string;
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  return ShardIterator as string;
}

function changeOf(record: unknown): Change {
  const { Keys, OldImage, NewImage } = record as { Keys: Item; OldImage?: Item; NewImage?: Item };
  return { key: Keys, ...(OldImage ? { before: OldImage } : {}), ...(NewImage ? { after: NewImage } : {}), byService: false };
}
