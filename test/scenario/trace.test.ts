import { DescribeTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { dynamoDatabase } from '../../lambda/adapters/dynamodb';
import { DynamoLedger } from '../../lambda/adapters/ledger';
import { systemClock } from '../../lambda/adapters/services';
import { readHistoryWith } from '../../lambda/adapters/stream-history';
import type { Item } from '../../lambda/core/item';
import type { Side } from '../../lambda/core/position';
import { replicate } from '../../lambda/replicate/replicate';
import { Tracer } from '../../lambda/replicate/tracing';
import { type TracePorts, trace } from '../../lambda/trace/trace';
import { type LocalAwsFixture, localAwsFixture } from '../local-aws-fixture';
import type { MemoryLedger } from '../memory/memory-ledger';
import { MemoryQueue } from '../memory/memory-queue';
import { allIn, counting, people, person, routingOf } from '../memory/people';
import { scene } from '../trace/scene';

const HEADER = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';

/** A migration with streams, wherever it lives. */
interface World {
  readonly ports: TracePorts;
  put(side: Side, item: Item): Promise<unknown>;
}

let aws: LocalAwsFixture;

beforeAll(async () => {
  aws = await localAwsFixture();
}, 120_000);
afterAll(() => aws.stop());

async function inMemory(): Promise<World> {
  const { raw, ports } = scene(allIn('shadow'));
  return { ports: { ...ports, clock: systemClock }, put: async (side, item) => raw.put(side, item) };
}

async function onLocalAws(): Promise<World> {
  const { client } = aws;
  const tables = await aws.createTables(people.schemas);
  const ledgerTable = (await aws.createTables({ legacy: ['pk', 'sk'], target: ['pk', 'sk'] })).legacy;
  const arnOf = async (TableName: string) => (await client.send(new DescribeTableCommand({ TableName }))).Table?.LatestStreamArn;
  return {
    put: (side, Item) => client.send(new PutItemCommand({ TableName: tables[side], Item: Item as never })),
    ports: {
      ...scene(allIn('shadow')).ports,
      database: dynamoDatabase(client, tables, people.schemas),
      ledger: new DynamoLedger(client, ledgerTable, 'people', Date.now),
      clock: systemClock,
      readHistory: readHistoryWith(new DynamoDBStreamsClient(aws.aws.connection)),
      streams: [
        { side: 'legacy', arn: (await arnOf(tables.legacy)) as string },
        { side: 'target', arn: (await arnOf(tables.target)) as string },
      ],
    },
  };
}

/** Carries what the legacy stream has of a person to the target, traced. */
async function carry({ ports }: World, id: string): Promise<void> {
  const { database, model, ledger, readHistory, streams, migration } = ports;
  const { records } = await readHistory(streams[0]?.arn as string, () => true, 5000);
  const whole = ledger as MemoryLedger | DynamoLedger;
  const tracer = new Tracer({ migration, direction: 'forward', ledger: whole, send: () => {}, ...systemClock });
  const failed = await replicate(
    {
      ...{ direction: 'forward', database, model, ledger: whole, tokens: counting(), poison: new MemoryQueue() },
      ...{ routing: routingOf(allIn('shadow')).source, publish: async () => {}, now: Date.now, remaining: () => 60_000 },
      tracing: tracer.begin(HEADER),
    },
    records.filter(({ change }) => (change.key.id as { S: string }).S === id),
  );
  expect(failed).toBeUndefined();
}

describe.each([
  ['memory', inMemory],
  ['local AWS', onLocalAws],
])('a document on %s', (_, make) => {
  test('is followed from its write to the target, with its trace', async () => {
    const world = await make();
    const canary = 'canary-7';
    await world.put('legacy', { ...people.canary(7), _rollout: { M: { t: { S: 't1' }, w: { S: 'client' } } } });
    await world.put('legacy', person('somebody', 'else', { token: 't2' }));
    await carry(world, canary);
    const journey = await trace(world.ports, { key: { id: canary } });
    expect(journey).toMatchObject({
      ...{ group: { legacyKey: 'id=canary-7', canary: true }, routing: { position: 'shadow', authority: 'legacy' } },
      ...{ agreement: { verdict: 'same' }, transform: { up: { outcome: 'fits' }, down: { outcome: 'fits' } } },
      traces: [{ trace: '1-5759e988-bd862e3fe1be46a994272793', outcome: 'changed', direction: 'forward' }],
      ...{ olderEvents: 0, unknown: [] },
    });
    expect(journey.items.map(({ side, token, writer }) => [side, token, writer])).toEqual([
      ['legacy', 't1', 'client'],
      ['target', 't1', 'forward'],
    ]);
    expect(journey.streams).toMatchObject([
      { side: 'legacy', complete: true, records: [{ change: 'inserted', token: 't1' }] },
      { side: 'target', complete: true, records: [{ change: 'inserted', writer: 'forward' }] },
    ]);
    expect(journey.traces[0]?.sequence).toBe(journey.streams[0]?.records[0]?.sequence);
  });

  test('that cannot be carried is told with the entry of the ledger', async () => {
    const world = await make();
    await world.put('legacy', person('p1', 'poison', { token: 't1' }));
    await carry(world, 'p1');
    const { agreement, transform, events } = await trace(world.ports, { key: { id: 'p1' } });
    expect(agreement.verdict).toBe('unknown');
    expect(transform.up).toMatchObject({ outcome: 'fails', error: 'TransformFailed' });
    expect(events).toMatchObject([{ kind: 'poison', data: { key: 'id=p1', error: 'TransformFailed' } }]);
  });
});

test('a key of another type than the table has is refused, and says so', async () => {
  const { ports } = await onLocalAws();
  await expect(trace(ports, { key: { id: 5 } })).rejects.toMatchObject({ name: 'InvalidItem' });
});
