import {
  DeleteItemCommand,
  DescribeTableCommand,
  type GlobalSecondaryIndexUpdate,
  type Projection,
  PutItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { dynamoDatabase } from '../../lambda/adapters/dynamodb';
import { DynamoIndex, describeIndex } from '../../lambda/adapters/dynamodb-index';
import type { Item } from '../../lambda/core/item';
import { inhabitant, pass, SCHEMAS, scene } from '../index-coherence/scene';
import { type LocalAwsFixture, localAwsFixture } from '../local-aws-fixture';

let aws: LocalAwsFixture;
let table: string;

beforeAll(async () => {
  aws = await localAwsFixture();
}, 120_000);
afterAll(() => aws.stop());
beforeEach(async () => {
  table = (await aws.createTables(SCHEMAS)).target;
  await Promise.all(Array.from({ length: 120 }, (_, n) => put(inhabitant(`p${n}`))));
  const { town: _, ...nowhere } = inhabitant('nowhere');
  await put(nowhere);
});

const put = (Item: Item) => aws.client.send(new PutItemCommand({ TableName: table, Item: Item as never }));

async function indexed(projection: Projection) {
  await change({
    Create: {
      IndexName: 'byTown',
      KeySchema: [
        { AttributeName: 'town', KeyType: 'HASH' },
        { AttributeName: 'age', KeyType: 'RANGE' },
      ],
      Projection: projection,
    },
  });
  for (;;) {
    const { Table } = await aws.client.send(new DescribeTableCommand({ TableName: table }));
    if (Table?.GlobalSecondaryIndexes?.[0]?.IndexStatus === 'ACTIVE') break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const index = await describeIndex(aws.client, table, 'byTown');
  const reader = new DynamoIndex(aws.client, table, index, 5);
  const database = dynamoDatabase(aws.client, { legacy: table, target: table }, SCHEMAS);
  return { index, reader, ...(await scene(database, reader, index)) };
}

const change = (update: GlobalSecondaryIndexUpdate) =>
  aws.client.send(
    new UpdateTableCommand({
      TableName: table,
      AttributeDefinitions: [
        { AttributeName: 'town', AttributeType: 'S' },
        { AttributeName: 'age', AttributeType: 'N' },
      ],
      GlobalSecondaryIndexUpdates: [update],
    }),
  );

test.each<[string, Projection]>([
  ['keys only', { ProjectionType: 'KEYS_ONLY' }],
  ['some attributes', { ProjectionType: 'INCLUDE', NonKeyAttributes: ['name'] }],
  ['everything', { ProjectionType: 'ALL' }],
])('an index with %s, made of a table with items, is coherent while people write', async (_, projection) => {
  const { ports, clock } = await indexed(projection);
  const writes: Promise<unknown>[] = [];
  let n = 0;
  clock.woken = () => {
    n++;
    writes.push(put(inhabitant(`p${n % 10}`, { age: { N: `${n}` } })));
  };
  clock.woken();
  const found = await pass(ports);
  await Promise.all(writes);
  expect(found).toMatchObject({ listed: true, diverged: 0, failed: 0 });
  expect(found.checked).toBeGreaterThanOrEqual(240);
});

test('what only one of them has is told: a missing entry, one too much, and another content', async () => {
  const { reader, ports, ledger } = await indexed({ ProjectionType: 'INCLUDE', NonKeyAttributes: ['name'] });
  const [scan, entry] = [reader.scan.bind(reader), reader.entry.bind(reader)];
  const doctored = (item: Item | undefined) => {
    const id = (item?.id as { S: string } | undefined)?.S;
    if (!item || id === 'p1') return undefined;
    return id === 'p2' ? { ...item, name: { S: 'old' } } : item;
  };
  reader.scan = async (request) => {
    const page = await scan(request);
    return { ...page, items: page.items.map(doctored).filter((item) => item !== undefined) };
  };
  reader.entry = async (key) => doctored(await entry(key));
  await aws.client.send(new DeleteItemCommand({ TableName: table, Key: { id: { S: 'p3' } } }));
  expect(await pass(ports)).toMatchObject({ diverged: 2 });
  const [event] = (await ledger.events()).filter(({ kind }) => kind === 'divergence');
  expect(JSON.stringify(event?.data)).toMatch(/id=p1.*missing/);
  expect(JSON.stringify(event?.data)).toMatch(/id=p2.*different/);
});

test('an index that is not there is no index without differences', async () => {
  await indexed({ ProjectionType: 'ALL' });
  await expect(describeIndex(aws.client, table, 'byCountry')).rejects.toMatchObject({
    name: 'NotMeasured',
    message: expect.stringContaining('it has byTown'),
  });
});
