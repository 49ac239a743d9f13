import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from '@aws-sdk/client-appconfigdata';
import { BatchGetItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { isRolloutError, Rollout, type RolloutEvent } from '../../lambda/client';
import { encodeFlag } from '../../lambda/core/routing-table';
import { Application, everyoneAt } from './application';
import { type City, cities, PROFILE } from './cities';

const appConfig = mockClient(AppConfigDataClient);
const dynamodb = mockClient(DynamoDBClient);
const configuration = {
  legacyTable: 'Legacy',
  targetTable: 'Target',
  legacyKeys: ['id'],
  targetKeys: ['pk', 'sk'],
  application: 'app',
  environment: 'env',
  profile: 'prof',
  inFlight: 15,
} as const;

beforeEach(() => {
  appConfig.reset();
  dynamodb.reset();
  appConfig.on(StartConfigurationSessionCommand).resolves({ InitialConfigurationToken: 'first' });
  appConfig.on(GetLatestConfigurationCommand).resolves({
    NextPollConfigurationToken: 'next',
    Configuration: Buffer.from(encodeFlag(everyoneAt('target'))) as never,
  });
});

describe('connect', () => {
  test('reads the routing table, and then the right table of DynamoDB', async () => {
    dynamodb.on(GetItemCommand).resolves({ Item: { pk: { S: 'CITY#1' }, sk: { S: 'PROFILE' }, name: { S: 'Delft' } } });
    dynamodb.on(PutItemCommand).resolves({});
    const rollout = await Rollout.connect({ transform: cities, configuration });
    const table = rollout.table<City>();
    expect(await table.get(PROFILE)).toEqual({ ...PROFILE, name: 'Delft' });
    await table.put({ ...PROFILE, name: 'Leiden' });
    expect(dynamodb.commandCalls(GetItemCommand)[0]?.args[0].input).toMatchObject({ TableName: 'Target', ConsistentRead: true });
    expect(dynamodb.commandCalls(PutItemCommand)[0]?.args[0].input).toMatchObject({
      TableName: 'Target',
      Item: { name: { S: 'Leiden' }, _rollout: { M: { w: { S: 'client' } } } },
    });
    rollout.close();
  });

  test('tells of compared reads in lines for CloudWatch, where the stack names its metrics', async () => {
    appConfig.on(GetLatestConfigurationCommand).resolves({
      NextPollConfigurationToken: 'next',
      Configuration: Buffer.from(encodeFlag(everyoneAt('shadow', { sample: 100 }))) as never,
    });
    dynamodb.on(GetItemCommand).resolves({});
    dynamodb.on(BatchGetItemCommand).resolves({ Responses: {} });
    for (const named of [{ migration: 'cities', metricNamespace: 'Space' }, {}]) {
      const lines: string[] = [];
      const rollout = await Rollout.connect({
        transform: cities,
        configuration: { ...configuration, ...named },
        metrics: (line) => void lines.push(line),
      });
      await rollout.table<City>().get(PROFILE);
      await rollout.idle();
      const expected = 'migration' in named ? [{ Migration: 'cities', ShadowReads: 1, ShadowMismatch: 0 }] : [];
      expect(lines.map((line) => JSON.parse(line))).toMatchObject(expected);
      for (const line of lines) expect(JSON.parse(line).ShadowLatencyTarget).toEqual([expect.any(Number)]);
      rollout.close();
    }
  });

  test('takes its configuration from the environment, as JSON', async () => {
    process.env.ROLLOUT_CLIENT = JSON.stringify(configuration);
    try {
      const rollout = await Rollout.connect({ transform: cities });
      expect(rollout.status()).toMatchObject({ leased: true, revision: 1, run: 'run', positions: ['target'] });
      rollout.close();
    } finally {
      delete process.env.ROLLOUT_CLIENT;
    }
  });

  test.each([
    ['none', undefined, 'it is not set'],
    ['no JSON', '{', 'it is no JSON'],
    ['a number', '7', 'it is no object'],
    ['no tables', { ...configuration, legacyTable: '', targetTable: undefined }, 'legacyTable must be a text'],
    ['keys that are no list', { ...configuration, targetKeys: 'pk,sk' }, 'targetKeys must be a list'],
    ['three keys', { ...configuration, legacyKeys: ['a', 'b', 'c'] }, 'legacyKeys must be a list of one or two'],
  ])('refuses a configuration that is %s', async (_, given, text) => {
    await expect(Rollout.connect({ transform: cities, configuration: given as never })).rejects.toMatchObject({
      name: 'InvalidConfiguration',
      message: expect.stringContaining(text),
    });
  });

  test('refuses what is no transform', async () => {
    const connecting = Rollout.connect({ transform: {} as never, configuration });
    await expect(connecting).rejects.toMatchObject({ name: 'InvalidConfiguration' });
  });

  test('fails with LeaseExpired when AppConfig does not answer', async () => {
    appConfig.on(StartConfigurationSessionCommand).rejects(new Error('no route to host'));
    const error = await Rollout.connect({ transform: cities, configuration }).catch((caught) => caught);
    expect(isRolloutError(error, 'LeaseExpired')).toBe(true);
    expect(error.cause.message).toBe('no route to host');
  });

  test('closes the clients that it made, and no others', async () => {
    const own = new AppConfigDataClient({});
    const destroyed = jest.spyOn(AppConfigDataClient.prototype, 'destroy');
    (await Rollout.connect({ transform: cities, configuration, appConfigData: own })).close();
    expect(destroyed).not.toHaveBeenCalled();
    (await Rollout.connect({ transform: cities, configuration })).close();
    expect(destroyed).toHaveBeenCalledTimes(1);
    destroyed.mockRestore();
  });

  test('a listener that throws fails nothing', async () => {
    appConfig.on(GetLatestConfigurationCommand).resolves({
      NextPollConfigurationToken: 'next',
      Configuration: Buffer.from(encodeFlag(everyoneAt('shadow', { sample: 100 }))) as never,
    });
    dynamodb.on(GetItemCommand).resolvesOnce({}).rejects(new Error('throttled'));
    const events: RolloutEvent[] = [];
    const onEvent = (event: RolloutEvent) => {
      events.push(event);
      throw new Error('listener');
    };
    const rollout = await Rollout.connect({ transform: cities, configuration, onEvent });
    expect(await rollout.table<City>().get(PROFILE)).toBeUndefined();
    await rollout.idle();
    expect(events.map(({ type }) => type)).toEqual(['comparison-failed']);
    rollout.close();
  });
});

test('route tells code with its own reads where to look', async () => {
  const app = new Application({ table: everyoneAt('dual-legacy', { revision: 7, pins: [{ key: '2', position: 'fenced' }] }) });
  expect(await app.rollout.route(PROFILE)).toEqual({
    position: 'dual-legacy',
    authority: 'legacy',
    legacyKey: { id: '1' },
    revision: 7,
  });
  expect(await app.rollout.route({ pk: 'CITY#2', sk: 'PLACE' })).toMatchObject({
    position: 'fenced',
    authority: 'target',
  });
  await expect(app.rollout.route({ pk: 'CITY#1' })).rejects.toMatchObject({ name: 'InvalidItem' });
});

test('status asks nobody', () => {
  const { rollout } = new Application();
  expect(rollout.status()).toEqual({ leased: false, age: Number.POSITIVE_INFINITY, positions: [] });
});
