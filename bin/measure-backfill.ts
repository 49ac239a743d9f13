import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoDatabase } from '../lambda/adapters/dynamodb';
import { DynamoLedger } from '../lambda/adapters/ledger';
import { modelFrom } from '../lambda/adapters/model';
import { systemClock } from '../lambda/adapters/services';
import { backfill } from '../lambda/backfill/backfill';
import { defineTransform } from '../lambda/client/transform';
import type { Item } from '../lambda/core/item';
import { sizeOf } from '../lambda/core/item-size';
import { startLocalAws } from './local-aws';
import { createTable } from './measure-table';

/**
 * Counts what a backfill costs: `npm run measure:backfill`. It runs the real worker over a table of items of just under
 * 1 KB and adds up the capacity that DynamoDB says it consumed. With AWS_ENDPOINT_URL it measures there; DynamoDB Local
 * counts scans as the service does, the local AWS does not.
 */
const ITEMS = 5_000;
/** Characters that bring a target item, stamp included, to just under 1 KB. */
const FILLING = 930;
const SCHEMAS = { legacy: ['id'], target: ['id'] } as const;

const model = modelFrom(
  defineTransform({
    version: 'measure',
    up: (legacy) => [legacy],
    down: ([target]) => target,
    legacyKey: ({ id }) => ({ id }),
    canary: { item: (n) => ({ id: `canary-${n}` }), number: () => undefined },
  }),
  SCHEMAS,
);

async function main(): Promise<void> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const aws = await startLocalAws();
  Object.assign(process.env, aws.environment);
  try {
    await measure(new DynamoDBClient({}));
  } finally {
    await aws.stop();
  }
}

async function measure(client: DynamoDBClient): Promise<void> {
  const name = (table: string) => `measure-${table}-${process.pid}`;
  for (const table of ['legacy', 'target']) await createTable(client, name(table), ['id']);
  await createTable(client, name('ledger'), ['pk', 'sk']);
  const database = dynamoDatabase(client, { legacy: name('legacy'), target: name('target') }, SCHEMAS);
  const items = Array.from({ length: ITEMS }, (_, n): Item => ({ id: { S: `item-${n}` }, text: { S: 'x'.repeat(FILLING) } }));
  await database.insertAbsent('legacy', items);
  const ledger = new DynamoLedger(client, name('ledger'), 'measure', Date.now);
  const { generation } = await ledger.acquire('measure', 'measure');
  const ports = {
    database,
    model,
    ledger,
    clock: systemClock,
    remaining: () => 600_000,
    publish: async () => {},
    speed: { maxWriteUnits: 0, maxConcurrency: 1 },
  };
  const from = performance.now();
  const result = await backfill(ports, { run: 'measure', generation, slice: 0, slices: 1 });
  const seconds = (performance.now() - from) / 1000;
  const bytes = items.reduce((sum, item) => sum + sizeOf(item), 0);
  console.log(`${result.inserted} target items inserted in ${seconds.toFixed(1)} s`);
  console.log(`${(result.units / result.inserted).toFixed(3)} write units for each target item`);
  console.log(`${(result.readUnits / (bytes / 4096)).toFixed(3)} read units for each 4 KB scanned`);
}

main().catch((error) => {
  console.error(`${error.name}: ${error.message}`);
  process.exit(1);
});
