import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import fc from 'fast-check';
import { CALL_SECONDS, dynamoClient, dynamoDatabase } from '../../lambda/adapters/dynamodb';
import { expressionOf } from '../../lambda/adapters/dynamodb-condition';
import type { Item } from '../../lambda/core/item';
import { sizeOf } from '../../lambda/core/item-size';
import type { Schemas } from '../../lambda/core/model';
import type { Condition, Write } from '../../lambda/core/ports';
import { stamped } from '../../lambda/core/stamp';
import { items } from '../core/arbitraries';

const SCHEMAS: Schemas = { legacy: ['id'], target: ['pk', 'sk'] };
const mock = mockClient(DynamoDBClient);
const database = (seconds?: number) =>
  dynamoDatabase(new DynamoDBClient({ region: 'us-east-1' }), { legacy: 'L-table', target: 'T-table' }, SCHEMAS, seconds);
const $metadata = {};

const id = (text: string): Item => ({ id: { S: text } });
const target = (n: number, rest: Item = {}): Item => ({ pk: { S: 'p' }, sk: { S: String(n) }, ...rest });
const putLegacy = (item: Item, when?: Write['when']): Write => ({ do: 'put', side: 'legacy', item, ...(when && { when }) });
const pair: Write[] = [putLegacy(id('a')), { do: 'put', side: 'target', item: target(1), when: { is: 'absent' } }];
const cancelled = (...codes: (string | [string, string])[]) =>
  new TransactionCanceledException({
    $metadata,
    message: 'cancelled',
    CancellationReasons: codes.map((code) => (typeof code === 'string' ? { Code: code } : { Code: code[0], Message: code[1] })),
  });
const named = (name: string, message = 'no') => Object.assign(new Error(message), { name });

beforeEach(() => mock.reset());

describe('reads', () => {
  it('are strongly consistent', async () => {
    mock.on(GetItemCommand).resolves({ Item: id('a') as never });
    mock.on(BatchGetItemCommand).resolves({});
    mock.on(QueryCommand).resolves({});
    expect(await database().get('legacy', id('a'))).toEqual(id('a'));
    await database().getMany('target', [target(1), target(2)]);
    await database().query('target', { pk: { S: 'p' } });
    expect(mock).toHaveReceivedCommandWith(GetItemCommand, { TableName: 'L-table', ConsistentRead: true });
    expect(mock).toHaveReceivedCommandWith(BatchGetItemCommand, {
      RequestItems: { 'T-table': { Keys: [target(1), target(2)] as never, ConsistentRead: true } },
    });
    expect(mock).toHaveReceivedCommandWith(QueryCommand, { TableName: 'T-table', ConsistentRead: true });
  });

  it('ask a hundred keys a request, each once, and again for those not answered', async () => {
    const keys = Array.from({ length: 150 }, (_, n) => target(n));
    let left = 1;
    mock.on(BatchGetItemCommand).callsFake(({ RequestItems }) => {
      const asked: Item[] = RequestItems['T-table'].Keys;
      const short = asked.length === 100 && left-- > 0 ? asked.slice(90) : [];
      return {
        Responses: { 'T-table': asked.filter((key) => !short.includes(key)) },
        UnprocessedKeys: short.length > 0 ? { 'T-table': { Keys: short } } : {},
      };
    });
    expect(await database().getMany('target', [...keys, ...keys])).toHaveLength(150);
    const sizes = mock
      .commandCalls(BatchGetItemCommand)
      .map((call) => call.args[0].input.RequestItems?.['T-table']?.Keys?.length);
    expect(sizes.sort()).toEqual([10, 100, 50]);
  });

  it('end with a throttling error when keys stay unanswered', async () => {
    const UnprocessedKeys = { 'T-table': { Keys: [target(1)] as never } };
    mock.on(BatchGetItemCommand).resolves({ UnprocessedKeys });
    await expect(database(0.3).getMany('target', [target(1), target(2)])).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      message: expect.stringContaining('T-table'),
    });
  });

  it('follow the pages of a query', async () => {
    mock.on(QueryCommand).resolvesOnce({ Items: [target(1)] as never, LastEvaluatedKey: target(1) as never });
    mock.on(QueryCommand, { ExclusiveStartKey: target(1) as never }).resolves({ Items: [target(2)] as never });
    expect(await database().query('target', { pk: { S: 'p' } })).toEqual([target(1), target(2)]);
  });

  it('count what a scan consumed, eventually consistent', async () => {
    mock.on(ScanCommand).resolves({ Items: [], ConsumedCapacity: { CapacityUnits: 12.5 }, LastEvaluatedKey: id('z') as never });
    const page = await database().scan('legacy', { segment: 1, segments: 4, after: id('a'), limit: 10 });
    expect(page).toEqual({ items: [], next: id('z'), units: 12.5 });
    expect(mock.commandCalls(ScanCommand)[0]?.args[0].input).toEqual({
      TableName: 'L-table',
      Segment: 1,
      TotalSegments: 4,
      ExclusiveStartKey: id('a'),
      Limit: 10,
      ReturnConsumedCapacity: 'TOTAL',
    });
  });
});

describe('one write', () => {
  const item = stamped({ ...id('a'), n: { N: '1' } }, 't2', 'client');
  const when = { is: 'at', token: 't1' } as const;
  const failing = (stored?: Item) =>
    new ConditionalCheckFailedException({ $metadata: { ...$metadata }, message: 'no', Item: stored as never });

  it('is a conditional put or delete', async () => {
    mock.on(PutItemCommand).resolves({});
    mock.on(DeleteItemCommand).resolves({});
    expect(await database().write([putLegacy(item, when)])).toBe(true);
    expect(await database().write([{ do: 'delete', side: 'legacy', key: id('a'), when }])).toBe(true);
    expect(mock.commandCalls(PutItemCommand)[0]?.args[0].input).toEqual({
      TableName: 'L-table',
      Item: item,
      ConditionExpression: '#s.#t = :t',
      ExpressionAttributeNames: { '#s': '_rollout', '#t': 't' },
      ExpressionAttributeValues: { ':t': { S: 't1' } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    expect(mock).toHaveReceivedCommandWith(DeleteItemCommand, {
      Key: id('a') as never,
      ConditionExpression: '#s.#t = :t',
    });
  });

  it.each<[string, Condition]>([
    ['absence', { is: 'absent' }],
    ['a content without a token', { is: 'unchanged', since: id('a') }],
  ])('that asks for %s, which may come back, is a transaction: it is done once however often it is sent', async (_, asked) => {
    mock.on(TransactWriteItemsCommand).resolves({});
    expect(await database().write([putLegacy(item, asked)])).toBe(true);
    expect(await database().write([{ do: 'delete', side: 'legacy', key: id('a'), when: asked }])).toBe(true);
    const sent = mock.commandCalls(TransactWriteItemsCommand).map(({ args }) => args[0].input);
    expect(sent.map(({ TransactItems }) => Object.keys(TransactItems?.[0] ?? {}))).toEqual([['Put'], ['Delete']]);
    for (const { ClientRequestToken } of sent) expect(ClientRequestToken).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each<[string, Item | undefined, boolean]>([
    ['what another wrote', stamped(id('a'), 't3', 'client'), false],
    ['nothing', undefined, false],
    ['its own write: the answer to the first try was lost', { ...item, n: { N: '1.0' } }, true],
    ['its own token with another content', { ...item, n: { N: '2' } }, false],
  ])('that meets %s', async (_, stored, done) => {
    mock.on(PutItemCommand).rejects(failing(stored));
    expect(await database().write([putLegacy(item, when)])).toBe(done);
  });

  it.each<[string, Item | undefined]>([
    ['what another wrote', stamped(id('a'), 't3', 'client')],
    ['nothing', undefined],
  ])('that was sent again after a lost answer and meets %s may have been done', async (_, stored) => {
    const error = failing(stored);
    error.$metadata.attempts = 2;
    mock.on(PutItemCommand).rejects(error).on(DeleteItemCommand).rejects(error);
    const unknown = { name: 'OutcomeUnknown', message: expect.stringContaining('id=a') };
    await expect(database().write([putLegacy(item, when)])).rejects.toMatchObject(unknown);
    await expect(database().write([{ do: 'delete', side: 'legacy', key: id('a'), when }])).rejects.toMatchObject(unknown);
  });

  it('without a token never takes another for its own', async () => {
    mock.on(PutItemCommand).rejects(failing(id('a')));
    expect(await database().write([putLegacy(id('a'), when)])).toBe(false);
  });

  it('that deletes what is gone is not done', async () => {
    mock.on(DeleteItemCommand).rejects(failing());
    expect(await database().write([{ do: 'delete', side: 'legacy', key: id('a'), when }])).toBe(false);
  });

  it('is not done while a transaction is in the way', async () => {
    mock.on(PutItemCommand).rejects(named('TransactionConflictException'));
    expect(await database().write([putLegacy(item, when)])).toBe(false);
  });

  it('that DynamoDB never takes names the key', async () => {
    mock.on(PutItemCommand).rejects(named('ValidationException', 'Item size has exceeded the maximum allowed size'));
    await expect(database().write([putLegacy(item)])).rejects.toMatchObject({
      name: 'GroupTooLarge',
      message: expect.stringContaining('id=a'),
    });
    mock.on(PutItemCommand).rejects(named('ValidationException', 'The key is empty.'));
    await expect(database().write([putLegacy(item)])).rejects.toMatchObject({
      name: 'TransformFailed',
      message: expect.stringContaining('id=a'),
    });
  });

  it('passes other errors on', async () => {
    mock.on(PutItemCommand).rejects(named('ResourceNotFoundException'));
    await expect(database().write([putLegacy(item)])).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('several writes', () => {
  it('are one transaction with a token', async () => {
    mock.on(TransactWriteItemsCommand).resolves({});
    expect(await database().write([...pair, { do: 'check', side: 'legacy', key: id('b'), when: { is: 'absent' } }])).toBe(true);
    const input = mock.commandCalls(TransactWriteItemsCommand)[0]?.args[0].input;
    expect(input?.ClientRequestToken).toMatch(/^[0-9a-f-]{36}$/);
    expect(input?.TransactItems?.map((action) => Object.keys(action)[0])).toEqual(['Put', 'Put', 'ConditionCheck']);
    expect(input?.TransactItems?.[0]).toEqual({ Put: { TableName: 'L-table', Item: id('a') } });
  });

  it('a lone check is one, too', async () => {
    mock.on(TransactWriteItemsCommand).resolves({});
    expect(await database().write([{ do: 'check', side: 'legacy', key: id('b'), when: { is: 'absent' } }])).toBe(true);
    expect(mock).toHaveReceivedCommandTimes(TransactWriteItemsCommand, 1);
  });

  it.each<[string, (string | [string, string])[]]>([
    ['a condition', ['None', 'ConditionalCheckFailed']],
    ['another transaction', ['TransactionConflict', 'None']],
    ['a condition and capacity', ['ThrottlingError', 'ConditionalCheckFailed']],
    ['a condition, whatever else is wrong', [['ValidationError', 'size'], 'ConditionalCheckFailed']],
  ])('are not done when in the way is %s', async (_, codes) => {
    mock.on(TransactWriteItemsCommand).rejects(cancelled(...codes));
    expect(await database().write(pair)).toBe(false);
    expect(mock).toHaveReceivedCommandTimes(TransactWriteItemsCommand, 1);
  });

  it.each(['ThrottlingError', 'ProvisionedThroughputExceeded', 'InternalServerError'])(
    'are tried again after %s, as a new transaction',
    async (code) => {
      mock.on(TransactWriteItemsCommand).rejectsOnce(cancelled('None', code)).resolves({});
      expect(await database().write(pair)).toBe(true);
      const tokens = mock.commandCalls(TransactWriteItemsCommand).map((call) => call.args[0].input.ClientRequestToken);
      expect(new Set(tokens).size).toBe(2);
    },
  );

  it('end with a throttling error when there is no capacity in time', async () => {
    mock.on(TransactWriteItemsCommand).rejects(cancelled('ThrottlingError'));
    await expect(database(0.3).write(pair)).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  });

  it('name the item that DynamoDB never takes', async () => {
    mock
      .on(TransactWriteItemsCommand)
      .rejects(cancelled('None', ['ValidationError', 'Item size has exceeded the maximum allowed size']));
    await expect(database().write(pair)).rejects.toMatchObject({
      name: 'GroupTooLarge',
      message: expect.stringContaining('pk=p,sk=1'),
      data: { key: expect.stringContaining('pk=p,sk=1') },
    });
    mock.on(TransactWriteItemsCommand).rejects(cancelled(['ValidationError', 'An empty key.']));
    await expect(database().write(pair)).rejects.toMatchObject({
      name: 'TransformFailed',
      message: expect.stringContaining('id=a'),
    });
  });

  it.each(['TransactionInProgressException', 'AccessDeniedException', 'TimeoutError'])(
    'may be done or not after %s, so it is thrown',
    async (name) => {
      mock.on(TransactWriteItemsCommand).rejects(named(name));
      await expect(database().write(pair)).rejects.toMatchObject({ name });
    },
  );

  it('more than DynamoDB takes are refused before anything is sent', async () => {
    const many = Array.from({ length: 101 }, (_, n): Write => ({ do: 'put', side: 'target', item: target(n) }));
    await expect(database().write(many)).rejects.toMatchObject({
      name: 'GroupTooLarge',
      message: expect.stringContaining('101 actions'),
    });
    const big = Array.from(
      { length: 11 },
      (_, n): Write => ({ do: 'put', side: 'target', item: target(n, { v: { S: 'x'.repeat(390_000) } }) }),
    );
    await expect(database().write(big)).rejects.toMatchObject({
      name: 'GroupTooLarge',
      message: expect.stringContaining('pk=p,sk=0'),
    });
    await expect(database().write([...pair, { do: 'delete', side: 'target', key: target(1) }])).rejects.toThrow('pk=p,sk=1');
    expect(mock.calls()).toHaveLength(0);
  });

  it('keep items and compared values below four megabytes together, and the tokens always', async () => {
    mock.on(TransactWriteItemsCommand).resolves({});
    const group = Array.from({ length: 9 }, (_, n): Write => {
      const item = stamped(target(n, { v: { S: 'x'.repeat(380_000) }, small: { N: '1' } }), 't2', 'client');
      return { do: 'put', side: 'target', item, when: { is: 'unchanged', since: { ...item, ...stamped({}, 't1', 'client') } } };
    });
    expect(await database().write(group)).toBe(true);
    const input = mock.commandCalls(TransactWriteItemsCommand)[0]?.args[0].input;
    expect(JSON.stringify(input).length).toBeLessThan(4 * 1024 * 1024);
    for (const action of input?.TransactItems ?? []) {
      expect(Object.values(action.Put?.ExpressionAttributeValues ?? {})).toEqual(
        expect.arrayContaining([{ S: 't1' }, { N: '1' }]),
      );
    }
  });
});

describe('inserts', () => {
  const done = (n: number) => ({ Responses: Array.from({ length: n }, () => ({})), ConsumedCapacity: [{ CapacityUnits: n }] });

  it('are PartiQL statements, 25 a request, one placeholder for each attribute', async () => {
    mock.on(BatchExecuteStatementCommand).callsFake(({ Statements }) => done(Statements.length));
    const all = Array.from({ length: 30 }, (_, n) => target(n, { v: { N: String(n) } }));
    expect(await database().insertAbsent('target', all)).toEqual({ results: all.map(() => 'inserted'), units: 30 });
    const requests = mock.commandCalls(BatchExecuteStatementCommand).map((call) => call.args[0].input);
    expect(requests.map(({ Statements }) => Statements?.length)).toEqual([25, 5]);
    expect(requests[0]?.ReturnConsumedCapacity).toBe('TOTAL');
    expect(requests[0]?.Statements?.[0]).toEqual({
      Statement: `INSERT INTO "T-table" VALUE {'pk':?,'sk':?,'v':?}`,
      Parameters: [{ S: 'p' }, { S: '0' }, { N: '0' }],
    });
  });

  it('leave what exists, and send again only what was throttled', async () => {
    mock
      .on(BatchExecuteStatementCommand)
      .resolvesOnce({
        Responses: [
          {},
          { Error: { Code: 'DuplicateItem' } },
          { Error: { Code: 'ThrottlingError' } },
          { Error: { Code: 'TransactionConflict' } },
        ],
        ConsumedCapacity: [{ CapacityUnits: 2 }],
      })
      .resolves({ Responses: [{}, { Error: { Code: 'DuplicateItem' } }], ConsumedCapacity: [{ CapacityUnits: 1 }] });
    const result = await database().insertAbsent(
      'target',
      [0, 1, 2, 3].map((n) => target(n)),
    );
    expect(result).toEqual({ results: ['inserted', 'exists', 'inserted', 'exists'], units: 3 });
    expect(
      mock.commandCalls(BatchExecuteStatementCommand)[1]?.args[0].input.Statements?.map(({ Parameters }) => Parameters?.[1]),
    ).toEqual([{ S: '2' }, { S: '3' }]);
  });

  it('end with a throttling error when there is no capacity in time', async () => {
    mock.on(BatchExecuteStatementCommand).resolves({ Responses: [{ Error: { Code: 'ProvisionedThroughputExceeded' } }] });
    await expect(database(0.3).insertAbsent('target', [target(1)])).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
    });
  });

  it.each([
    [
      'a statement would be too long',
      target(1, Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`a-rather-long-name-${n}`, { N: '1' }]))),
    ],
    ['a name cannot be written in one', target(1, { "it's": { N: '1' } })],
  ])('are conditional puts where %s', async (_, item) => {
    mock.on(PutItemCommand).resolvesOnce({ ConsumedCapacity: { CapacityUnits: 7 } });
    expect(await database().insertAbsent('target', [item])).toEqual({ results: ['inserted'], units: 7 });
    mock.on(PutItemCommand).rejects(new ConditionalCheckFailedException({ $metadata: { ...$metadata }, message: 'no' }));
    expect((await database().insertAbsent('target', [item])).results).toEqual(['exists']);
    expect(mock).toHaveReceivedCommandWith(PutItemCommand, {
      TableName: 'T-table',
      ConditionExpression: 'attribute_not_exists(#k)',
    });
  });

  it('keep a request small', async () => {
    mock.on(BatchExecuteStatementCommand).callsFake(({ Statements }) => done(Statements.length));
    await database().insertAbsent(
      'target',
      Array.from({ length: 25 }, (_, n) => target(n, { v: { S: 'x'.repeat(390_000) } })),
    );
    expect(mock.commandCalls(BatchExecuteStatementCommand).map((call) => call.args[0].input.Statements?.length)).toEqual([
      10, 10, 5,
    ]);
  });

  it.each([
    ['ValidationError', 'Item size has exceeded the maximum allowed size', 'GroupTooLarge'],
    ['ValidationError', 'An empty key.', 'TransformFailed'],
    ['AccessDenied', 'not allowed', 'AccessDenied'],
  ])('name the item that failed: %s %s', async (Code, Message, name) => {
    mock.on(BatchExecuteStatementCommand).resolves({ Responses: [{}, { Error: { Code: Code as 'AccessDenied', Message } }] });
    await expect(database().insertAbsent('target', [target(1), target(2)])).rejects.toMatchObject({
      name,
      message: expect.stringContaining('pk=p,sk=2'),
    });
  });
});

describe('a condition', () => {
  it('stays within the limits of an expression, whatever the item', () => {
    const wide = fc
      .integer({ min: 0, max: 500 })
      .map((n): Item => Object.fromEntries(Array.from({ length: n }, (_, i) => [`name-${i}`, { N: '1' }])));
    fc.assert(
      fc.property(fc.oneof(items, wide), fc.option(fc.string({ minLength: 1 })), (item, token) => {
        const since = token === null ? item : stamped(item, token, 'client');
        const { ConditionExpression: text, ...rest } = expressionOf({ is: 'unchanged', since }, 'id');
        expect(text.length).toBeLessThanOrEqual(4096);
        expect(text.match(/ AND | = |attribute_/g)?.length).toBeLessThanOrEqual(300);
        for (const name of Object.keys(rest.ExpressionAttributeNames)) expect(text).toMatch(new RegExp(`${name}\\b`));
        for (const name of Object.keys(rest.ExpressionAttributeValues ?? {})) expect(text).toMatch(new RegExp(`${name}\\b`));
      }),
    );
  });

  it('leaves out what is beyond its bytes, the largest first', () => {
    const since: Item = { large: { S: 'x'.repeat(1000) }, id: { S: 'a' }, small: { N: '1' } };
    const names = (bytes: number) =>
      Object.values(expressionOf({ is: 'unchanged', since }, 'id', bytes).ExpressionAttributeNames).sort();
    expect(names(2000)).toEqual(['_rollout', 'id', 'id', 'large', 'small', 't']);
    expect(names(100)).toEqual(['_rollout', 'id', 'id', 'small', 't']);
    expect(names(0)).toEqual(['_rollout', 'id', 't']);
    expect(sizeOf(since)).toBeGreaterThan(1000);
  });
});

describe('nothing in flight outlives a call', () => {
  let server: Server;
  let requests = 0;
  const live = (options = {}) => {
    mock.restore();
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return dynamoClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, ...options });
  };
  beforeEach((ready) => {
    requests = 0;
    server = createServer(() => void requests++).listen(0, '127.0.0.1', ready);
  });
  afterEach((closed) => {
    server.closeAllConnections();
    server.close(closed);
  });

  it('a call that is not answered ends in time, and sends nothing afterwards', async () => {
    const client = live();
    const started = performance.now();
    const call = dynamoDatabase(client, { legacy: 'l-table', target: 't-table' }, SCHEMAS, 0.4).write([putLegacy(id('a'))]);
    await expect(call).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(1500);
    const sent = requests;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(requests).toBe(sent);
    client.destroy();
  });

  it('a request is given up after three seconds', async () => {
    const client = live({ maxAttempts: 1 });
    await expect(client.send(new GetItemCommand({ TableName: 'l-table', Key: id('a') as never }))).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    expect(requests).toBe(1);
    client.destroy();
  }, 20_000);

  it('is bounded by a documented number of seconds', () => expect(CALL_SECONDS).toBe(8));
});
