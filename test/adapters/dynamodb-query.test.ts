import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { DynamoQueries } from '../../lambda/adapters/dynamodb-query';
import type { PatternQuery, SortKeyCondition } from '../../lambda/core/access-pattern';

const mock = mockClient(DynamoDBClient);
const queries = new DynamoQueries(new DynamoDBClient({ region: 'us-east-1' }), { legacy: 'L-table', target: 'T-table' });
const ghent: PatternQuery = { partition: { town: { S: 'Ghent' } }, descending: false };

beforeEach(() => mock.reset());

it('reads the table consistently, and an index as far as it is', async () => {
  mock.on(QueryCommand).resolves({ Items: [{ id: { S: 'a' } }], LastEvaluatedKey: { id: { S: 'a' } } });
  expect(await queries.page('legacy', ghent)).toEqual({ items: [{ id: { S: 'a' } }], next: { id: { S: 'a' } } });
  expect(mock).toHaveReceivedCommandWith(QueryCommand, {
    ...{ TableName: 'L-table', ConsistentRead: true, ScanIndexForward: true, KeyConditionExpression: '#p0 = :p0' },
    ...{ ExpressionAttributeNames: { '#p0': 'town' }, ExpressionAttributeValues: { ':p0': { S: 'Ghent' } } },
  });
  await queries.page('target', { ...ghent, index: 'byTown', descending: true, limit: 7 }, { id: { S: 'a' } });
  expect(mock).toHaveReceivedCommandWith(QueryCommand, {
    ...{ TableName: 'T-table', IndexName: 'byTown', ConsistentRead: false, ScanIndexForward: false, Limit: 7 },
    ExclusiveStartKey: { id: { S: 'a' } },
  });
});

it.each<[SortKeyCondition['is'], string]>([
  ['equals', '#s = :s0'],
  ['below', '#s < :s0'],
  ['atMost', '#s <= :s0'],
  ['above', '#s > :s0'],
  ['atLeast', '#s >= :s0'],
  ['beginsWith', 'begins_with(#s, :s0)'],
  ['between', '#s BETWEEN :s0 AND :s1'],
])('asks for a sort key that is %s', async (is, expression) => {
  mock.on(QueryCommand).resolves({});
  const values = [{ S: 'B' }, { S: 'C' }].slice(0, is === 'between' ? 2 : 1);
  await queries.page('legacy', { ...ghent, sort: { attribute: 'name', is, values } });
  expect(mock).toHaveReceivedCommandWith(QueryCommand, {
    KeyConditionExpression: `#p0 = :p0 AND ${expression}`,
    ExpressionAttributeNames: { '#p0': 'town', '#s': 'name' },
    ExpressionAttributeValues: expect.objectContaining({ ':s0': { S: 'B' } }),
  });
});

const named = (name: string) => Object.assign(new Error('no such index.'), { name });

it.each(['ValidationException', 'AccessDeniedException', 'ResourceNotFoundException'])('%s lasts', async (name) => {
  mock.on(QueryCommand).rejects(named(name));
  await expect(queries.page('legacy', { ...ghent, index: 'gone' })).rejects.toMatchObject({
    name: 'QueryFailed',
    message: expect.stringMatching(`^DynamoDB refuses the query of index gone of table L-table: ${name}: no such index. Mend`),
    data: { table: 'L-table', index: 'gone' },
  });
});

it('what may pass is thrown as it is', async () => {
  mock.on(QueryCommand).rejects(named('ThrottlingException'));
  await expect(queries.page('legacy', ghent)).rejects.toMatchObject({ name: 'ThrottlingException' });
});
