import {
  CreateBackupCommand,
  type DynamoDBClient,
  ListBackupsCommand,
  ScanCommand,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { beginRestore, restored } from '../../bin/operator/restore';
import { dynamoDatabase } from '../../lambda/adapters/dynamodb';
import { DynamoTables } from '../../lambda/adapters/tables';
import { type RestorePoint, restorePoint } from '../../lambda/core/restore-point';
import { type LocalAwsFixture, localAwsFixture } from '../local-aws-fixture';
import { BEGUN } from '../memory/begun';
import { MemoryLedger } from '../memory/memory-ledger';

const SCHEMAS = { legacy: ['id'], target: ['pk', 'sk'] } as const;
const signal = new AbortController().signal;

let aws: LocalAwsFixture;
let client: DynamoDBClient;

beforeAll(async () => {
  aws = await localAwsFixture();
  client = aws.client;
}, 120_000);
afterAll(() => aws.stop());

async function cities() {
  const tables = await aws.createTables(SCHEMAS);
  const database = dynamoDatabase(client, tables, SCHEMAS);
  const put = (id: string, name: string) =>
    database.write([{ do: 'put', side: 'legacy', item: { id: { S: id }, name: { S: name } } }]);
  await put('1', 'Ghent');
  return { table: tables.legacy, put };
}

async function contentOf(table: string) {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
  return Items.map(({ id, name }) => [id?.S, name?.S]).sort();
}

test('the table as it was before the run comes back under a new name, and the old one stays', async () => {
  const { table, put } = await cities();
  const ledger = new MemoryLedger(Date.now);
  await ledger.append('run-1', 'begun', BEGUN);
  const backup = await new DynamoTables(client).createBackup(table, 'rollout-run-1');
  await ledger.append('run-1', 'preflight', { items: 1, bytes: 100, slices: 1, writeCapacity: {}, backup });
  await put('1', 'wrong');
  await put('2', 'too much');
  const as = `${table}-before`;
  await beginRestore(client, table, as, restorePoint(await ledger.events()));
  await restored(client, as, signal, 100);
  expect(await contentOf(as)).toEqual([['1', 'Ghent']]);
  expect(await contentOf(table)).toEqual([
    ['1', 'wrong'],
    ['2', 'too much'],
  ]);
});

test('without a backup: to the point in time before the run', async () => {
  const { table } = await cities();
  await client.send(
    new UpdateContinuousBackupsCommand({
      TableName: table,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
  const as = `${table}-then`;
  const point = { run: 'run-1', begun: new Date().toISOString(), from: 'point-in-time', at: Date.now() } as const;
  await beginRestore(client, table, as, point);
  await restored(client, as, signal, 100);
  expect((await contentOf(as)).length).toBeLessThanOrEqual(1);
});

test.each([
  ['a name that is taken', (table: string) => table, undefined, /There is a table .* already\. Give another name with --as/],
  ['no name of a table', () => 'a!', undefined, /a! is no name of a table/],
  [
    'a backup that was deleted',
    (table: string) => `${table}-x`,
    'arn:aws:dynamodb:us-east-1:000000000000:table/x/backup/01',
    /The backup of run run-1 was deleted/,
  ],
])('%s: refused, and nothing is made', async (_, as, gone, why) => {
  const { table } = await cities();
  await client.send(new CreateBackupCommand({ TableName: table, BackupName: 'b-1' }));
  const { BackupSummaries = [] } = await client.send(new ListBackupsCommand({ TableName: table }));
  const backup = gone ?? (BackupSummaries[0]?.BackupArn as string);
  const point: RestorePoint = { run: 'run-1', begun: 'then', from: 'backup', backup };
  await expect(beginRestore(client, table, as(table), point)).rejects.toMatchObject({
    name: 'CommandError',
    exit: 3,
    message: expect.stringMatching(why),
  });
});
