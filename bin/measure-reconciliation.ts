import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { ALL, legacyCities } from '../examples/cities/all-cities';
import transform from '../examples/cities/cities-v2';
import { dynamoDatabase } from '../lambda/adapters/dynamodb';
import { DynamoLedger } from '../lambda/adapters/ledger';
import { modelFrom } from '../lambda/adapters/model';
import { systemClock } from '../lambda/adapters/services';
import { backfill } from '../lambda/backfill/backfill';
import type { Archive } from '../lambda/core/archive';
import type { Item } from '../lambda/core/item';
import { sizeOf } from '../lambda/core/item-size';
import { inParallel } from '../lambda/core/pace';
import type { Database } from '../lambda/core/ports';
import type { Side } from '../lambda/core/position';
import { type DifferencesPorts, differences } from '../lambda/differences/differences';
import { reconcile } from '../lambda/reconcile/reconcile';
import { sketch } from '../lambda/sketch/sketch';
import { startLocalAws } from './local-aws';
import { createTable } from './measure-table';

/**
 * Counts what a comparison of both tables costs, by sketches and item by item: `npm run measure:reconciliation [cities]`.
 * It fills both tables with cities, damages a hundred target items, and runs the real workers. Read units are those that
 * DynamoDB would bill for the bytes that were read, because the local AWS does not count scans.
 */
const SCHEMAS = { legacy: ['id'], target: ['pk', 'sk'] } as const;
const SIDES = ['legacy', 'target'] as const;
const SLICES = 8;
const WORKERS = 4;
const DAMAGED = 100;

const model = modelFrom(transform, SCHEMAS);
const RUN = { run: 'measure', slices: SLICES, repair: false };

/** Read units by table and way. */
class Meter {
  private readonly units = { legacy: 0, target: 0 };

  spend(side: Side, units: number): void {
    this.units[side] += units;
  }

  /** Since the last time. */
  read(): Record<Side, number> {
    const read = { ...this.units };
    this.units.legacy = 0;
    this.units.target = 0;
    return read;
  }
}

/** Scans cost half a unit for each 4 KB of a page, single items one for each 4 KB begun (Amazon DynamoDB Developer Guide, "Capacity"). */
function metered(database: Database, meter: Meter): Database {
  const each = (items: readonly Item[]) => items.reduce((sum, item) => sum + Math.ceil(sizeOf(item) / 4096), 0);
  return {
    ...Object.fromEntries(
      ['get', 'query', 'write', 'insertAbsent'].map((name) => [name, database[name as 'get'].bind(database)]),
    ),
    getMany: async (side, keys) => {
      const items = await database.getMany(side, keys);
      meter.spend(side, each(items) + keys.length - items.length);
      return items;
    },
    scan: async (side, request) => {
      const page = await database.scan(side, request);
      meter.spend(side, 0.5 * Math.ceil(page.items.reduce((sum, item) => sum + sizeOf(item), 0) / 4096));
      return page;
    },
  } as Database;
}

async function main(cities: number): Promise<void> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const aws = await startLocalAws();
  Object.assign(process.env, aws.environment);
  try {
    await measure(new DynamoDBClient({}), cities);
  } finally {
    await aws.stop();
  }
}

async function measure(client: DynamoDBClient, cities: number): Promise<void> {
  const name = (table: string) => `measure-${table}-${process.pid}`;
  for (const side of SIDES) await createTable(client, name(side), SCHEMAS[side]);
  await createTable(client, name('ledger'), ['pk', 'sk']);
  const meter = new Meter();
  const database = metered(dynamoDatabase(client, { legacy: name('legacy'), target: name('target') }, SCHEMAS), meter);
  const ledger = new DynamoLedger(client, name('ledger'), 'measure', Date.now);
  const { generation } = await ledger.acquire('measure', 'measure');
  let tokens = 0;
  const ports: DifferencesPorts = {
    ...{
      database,
      model,
      ledger,
      clock: systemClock,
      remaining: () => 600_000,
      publish: async () => {},
      requirePrompt: async () => {},
    },
    ...{ archive: memoryArchive(), tokens: () => `${++tokens}` },
    // Counting asks nobody for a position.
    routing: undefined as never,
  };
  const legacy = legacyCities(cities).map((city) => marshall(city) as Item);
  for (let at = 0; at < legacy.length; at += 5000) await database.insertAbsent('legacy', legacy.slice(at, at + 5000));
  await slices((slice) => backfill({ ...ports, speed: { maxWriteUnits: 0, maxConcurrency: 1 } }, { ...RUN, generation, slice }));
  await damage(database);
  meter.read();
  console.log(`${cities} cities, ${SLICES} slices of each table, ${WORKERS} workers at a time`);
  const told = async (what: string, work: () => Promise<number>) => {
    const from = performance.now();
    const diverged = await work();
    const seconds = (performance.now() - from) / 1000;
    const units = meter.read();
    const per = SIDES.map((side) => `${side} ${Math.round(units[side])}`).join(', ');
    console.log(`${what}: ${diverged} groups differ; read units: ${per}; ${seconds.toFixed(1)} s`);
  };
  await told('by sketches', async () => {
    const phase = 'sketch';
    for (const side of SIDES) await slices((slice) => sketch(ports, { ...RUN, generation, phase, side, slice }));
    return (await differences(ports, { ...RUN, generation, phase })).diverged;
  });
  await told('item by item', async () => {
    const phase = 'compare';
    const results = [];
    for (const side of SIDES) {
      results.push(...(await slices((slice) => reconcile(ports, { ...RUN, generation, phase, side, slice }))));
    }
    return results.reduce((sum, { diverged }) => sum + diverged, 0);
  });
}

async function slices<T extends { done: boolean }>(work: (slice: number) => Promise<T>): Promise<T[]> {
  const numbers = Array.from({ length: SLICES }, (_, slice) => slice);
  return inParallel(WORKERS, numbers, async (slice) => {
    for (;;) {
      const result = await work(slice);
      if (result.done) return result;
    }
  });
}

/** Changes a value of so many target items behind everybody's back. */
async function damage(database: Database): Promise<void> {
  const { items } = await database.scan('target', { segment: 0, segments: 1, limit: 20 * DAMAGED });
  const profiles = items.filter(({ sk }) => sk && 'S' in sk && sk.S === 'PROFILE').slice(0, DAMAGED);
  for (const item of profiles) await database.write([{ do: 'put', side: 'target', item: { ...item, country: { S: 'XX' } } }]);
}

function memoryArchive(): Archive {
  const kept = new Map<string, Uint8Array>();
  return {
    put: async (shelf, name, content) => void kept.set(`${shelf}/${name}`, content),
    get: async (shelf, name) => kept.get(`${shelf}/${name}`) as Uint8Array,
  };
}

main(Number(process.argv[2] ?? ALL)).catch((error) => {
  console.error(`${error.name}: ${error.message}`);
  process.exit(1);
});
