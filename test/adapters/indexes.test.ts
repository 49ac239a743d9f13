import {
  DescribeTableCommand,
  DynamoDBClient,
  QueryCommand,
  type TableDescription,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { DynamoIndex, describeIndex } from '../../lambda/adapters/dynamodb-index';
import { DynamoIndexes, OldIndex } from '../../lambda/adapters/indexes';

const dynamo = mockClient(DynamoDBClient);
const client = new DynamoDBClient({ region: 'eu-west-1' });
const indexes = new DynamoIndexes(client, 'people');
beforeEach(() => dynamo.reset());

const TABLE: TableDescription = {
  BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'town', AttributeType: 'S' },
    { AttributeName: 'age', AttributeType: 'N' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byTown',
      IndexStatus: 'ACTIVE',
      KeySchema: [
        { AttributeName: 'age', KeyType: 'RANGE' },
        { AttributeName: 'town', KeyType: 'HASH' },
      ],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['name'] },
    },
    { IndexName: 'byName', IndexStatus: 'CREATING' },
  ],
};
const described = (more: TableDescription = {}) => dynamo.on(DescribeTableCommand).resolves({ Table: { ...TABLE, ...more } });

test('an index as it is now: its keys in order, their types, what it projects', async () => {
  described();
  expect(await describeIndex(client, 'people', 'byTown')).toEqual({
    ...{ name: 'byTown', tableKeys: ['id'], keys: ['town', 'age'], types: { town: 'S', age: 'N' }, projected: ['name'] },
  });
  await expect(describeIndex(client, 'people', 'byName')).rejects.toThrow('byName of table people is CREATING, not ACTIVE');
  await expect(describeIndex(client, 'people', 'byAge')).rejects.toThrow(
    'no global secondary index byAge; it has byTown, byName',
  );
});

test('an entry that is not found among very many is not known to be missing', async () => {
  described();
  const index = new DynamoIndex(client, 'people', await describeIndex(client, 'people', 'byTown'), 5);
  const key = { id: { S: 'p1' }, town: { S: 'Ghent' }, age: { N: '40' } };
  dynamo.on(QueryCommand).resolves({ Items: [], LastEvaluatedKey: key });
  await expect(index.entry(key)).rejects.toMatchObject({ name: 'NotMeasured' });
  expect(dynamo).toHaveReceivedCommandTimes(QueryCommand, 50);
  expect(dynamo).toHaveReceivedCommandWith(QueryCommand, {
    IndexName: 'byTown',
    KeyConditionExpression: '#k1 = :k1 AND #k2 = :k2',
    FilterExpression: '#k0 = :k0',
  });
});

test('an index is made with the capacity of its table, where that is provisioned', async () => {
  dynamo.on(UpdateTableCommand).resolves({});
  const definition = { keys: [{ name: 'town', type: 'S' as const }], projection: 'INCLUDE' as const, attributes: ['name'] };
  described();
  await indexes.create('byTown', definition);
  described({ BillingModeSummary: undefined, ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 7 } });
  await indexes.create('byTown', definition);
  const made = dynamo.commandCalls(UpdateTableCommand).map(({ args }) => args[0].input.GlobalSecondaryIndexUpdates?.[0]?.Create);
  expect(made[0]).toMatchObject({ KeySchema: [{ KeyType: 'HASH' }], Projection: { NonKeyAttributes: ['name'] } });
  expect(made.map((each) => each?.ProvisionedThroughput)).toEqual([undefined, { ReadCapacityUnits: 5, WriteCapacityUnits: 7 }]);
});

test('an old index is deleted once, and gone when it is no longer there', async () => {
  dynamo.on(UpdateTableCommand).resolves({});
  const old = new OldIndex(indexes, 'byTown');
  described();
  expect(await old.remove()).toBe(false);
  described({ GlobalSecondaryIndexes: [{ IndexName: 'byTown', IndexStatus: 'DELETING' }] });
  expect(await old.remove()).toBe(false);
  described({ GlobalSecondaryIndexes: [] });
  expect(await old.remove()).toBe(true);
  expect(dynamo).toHaveReceivedCommandTimes(UpdateTableCommand, 1);
});
