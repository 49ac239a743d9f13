import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { DynamoLedger } from '../../lambda/adapters/ledger';
import { chain, GENESIS } from '../../lambda/core/ledger';

const dynamo = mockClient(DynamoDBClient);
const ledger = new DynamoLedger(new DynamoDBClient({ region: 'eu-west-1' }), 'ledger', 'cities', () => 0);

beforeEach(() => dynamo.reset());

function cancelled(...codes: string[]) {
  const reasons = codes.map((Code) => ({ Code }));
  return new TransactionCanceledException({ message: 'cancelled', $metadata: {}, CancellationReasons: reasons });
}

const refused = new ConditionalCheckFailedException({ message: 'refused', $metadata: {} });

test('an event and the head are one transaction, each on its condition; a lost race reads the head again', async () => {
  const first = chain({ seq: 0, hash: GENESIS }, { run: 'run-1', at: new Date(0).toISOString(), kind: 'a', data: {} });
  dynamo
    .on(GetItemCommand)
    .resolvesOnce({})
    .resolves({ Item: marshall({ seq: 1, hash: first.hash }) });
  dynamo.on(TransactWriteItemsCommand).rejectsOnce(cancelled('ConditionalCheckFailed', 'None')).resolves({});
  await ledger.append('run-1', 'paused', { x: 1 });
  const [lost, won] = dynamo
    .commandCalls(TransactWriteItemsCommand)
    .map(({ args }) => args[0].input.TransactItems?.map(({ Put }) => Put));
  expect(lost?.map((put) => put?.ConditionExpression)).toEqual(['attribute_not_exists(pk)', 'attribute_not_exists(pk)']);
  expect(won?.map((put) => put?.ConditionExpression)).toEqual(['seq = :seq', 'attribute_not_exists(pk)']);
  expect(won?.[1]?.Item).toMatchObject({
    pk: { S: 'M#cities' },
    sk: { S: 'event#000000000002' },
    data: { S: '{"x":1}' },
    previous: { S: first.hash },
  });
});

test('contention without end is reported', async () => {
  dynamo.on(GetItemCommand).resolves({});
  dynamo.on(TransactWriteItemsCommand).rejects(cancelled('TransactionConflict', 'None'));
  jest.spyOn(Math, 'random').mockReturnValue(0);
  await expect(ledger.append('run-1', 'paused', {})).rejects.toMatchObject({ name: 'TooMuchContention' });
  jest.restoreAllMocks();
});

test('what DynamoDB fails with otherwise is not hidden', async () => {
  dynamo.on(GetItemCommand).resolves({});
  dynamo.on(TransactWriteItemsCommand).rejects(new Error('no access'));
  await expect(ledger.append('run-1', 'paused', {})).rejects.toThrow('no access');
  await expect(ledger.acquire('run-1', 'e-1')).rejects.toThrow('no access');
  dynamo.on(PutItemCommand).rejects(new Error('no access'));
  await expect(ledger.saveNote('routing', {})).rejects.toThrow('no access');
});

test('a lease that is refused names its holder and what to do', async () => {
  const lease = { run: 'run-1', holder: 'e-1', kind: 'rollout', generation: 3, since: 'then', released: false };
  dynamo.on(GetItemCommand).resolves({ Item: marshall(lease) });
  await expect(ledger.acquire('run-2', 'e-2')).rejects.toMatchObject({
    name: 'AlreadyRunning',
    message: expect.stringMatching(/e-1.*start the rollback workflow/s),
  });
  await expect(ledger.hold(2)).rejects.toMatchObject({ name: 'LeaseLost', message: expect.stringContaining('generation 3') });
});

test('giving up a lease that another generation has does nothing', async () => {
  dynamo.on(UpdateItemCommand).rejects(refused);
  await ledger.release(1);
  expect(dynamo).toHaveReceivedCommandWith(UpdateItemCommand, { ConditionExpression: 'generation = :generation' });
});

test('reads are consistent and go on over pages', async () => {
  const event = { seq: 1, run: 'r', at: 't', kind: 'k', data: '{}', previous: GENESIS, hash: 'h' };
  dynamo
    .on(QueryCommand)
    .resolvesOnce({ Items: [marshall(event)], LastEvaluatedKey: marshall({ pk: 'a' }) })
    .resolves({ Items: [marshall({ ...event, seq: 2, who: 'me' })] });
  expect((await ledger.events()).map(({ seq, who, data }) => ({ seq, who, data }))).toEqual([
    { seq: 1, who: undefined, data: {} },
    { seq: 2, who: 'me', data: {} },
  ]);
  expect(dynamo).toHaveReceivedNthCommandWith(1, QueryCommand, { ConsistentRead: true });
  expect(dynamo).toHaveReceivedNthCommandWith(2, QueryCommand, { ExclusiveStartKey: { pk: { S: 'a' } } });
});

test('of two notes the later one stays, whichever comes last', async () => {
  dynamo.on(PutItemCommand).resolvesOnce({}).rejects(refused);
  expect(await ledger.saveLatest('resume', '2', { token: 'b' })).toBe(true);
  expect(await ledger.saveLatest('resume', '1', { token: 'a' })).toBe(false);
  expect(dynamo).toHaveReceivedNthCommandWith(1, PutItemCommand, {
    Item: marshall({ token: 'b', turn: '2', pk: 'M#cities', sk: 'resume' }),
    ConditionExpression: 'attribute_not_exists(turn) OR turn <= :turn',
  });
});

test('a checkpoint of a slice that is done is not an error for the worker that comes late', async () => {
  dynamo.on(PutItemCommand).rejects(refused);
  await ledger.saveCheckpoint('run-1', 'p', 0, { done: false, counts: {} });
});
