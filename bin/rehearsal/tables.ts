import { type DynamoDBClient, ScanCommand, UpdateContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import pLimit from 'p-limit';
import { dynamoDatabase } from '../../lambda/adapters/dynamodb';
import { expected } from '../../lambda/core/group';
import type { Item } from '../../lambda/core/item';
import type { Model } from '../../lambda/core/model';
import type { Side } from '../../lambda/core/position';
import { stateOf } from './audit';
import { collectGarbage } from './garbage';
import type { History } from './history';

/** Items of one call, of which some go at the same time. */
const BATCH = 25;
const CONCURRENCY = 8;
const SEGMENTS = 4;

/**
 * Fills a table, the legacy one or with what `up` makes of it, and notes every item in the history. The data of a real table is older than its stream, which
 * keeps a day; what is written by PartiQL leaves no record in the stream of the local AWS, so these items look as old.
 */
export async function load(
  database: DynamoDBClient,
  table: string,
  model: Model,
  legacy: readonly Item[],
  history: History,
  as: Side = 'legacy',
): Promise<void> {
  const items = as === 'legacy' ? legacy : legacy.flatMap((item) => [...expected(model, item).values()]);
  const limit = pLimit(CONCURRENCY);
  const batches = Array.from({ length: Math.ceil(items.length / BATCH) }, (_, n) => items.slice(n * BATCH, (n + 1) * BATCH));
  const tables = dynamoDatabase(database, { legacy: table, target: table }, model.schemas);
  await Promise.all(batches.map((batch) => limit(() => tables.insertAbsent(as, batch))));
  for (const item of legacy) {
    for (const [key, child] of expected(model, item)) history.loaded(key, stateOf(child) as string);
  }
  collectGarbage();
}

/** Tells every item of a table, page by page, read consistently. */
export async function everything(database: DynamoDBClient, table: string, tell: (items: Item[]) => void): Promise<void> {
  for (let segment = 0; segment < SEGMENTS; segment++) await segmentOf(database, table, segment, tell);
}

async function segmentOf(database: DynamoDBClient, TableName: string, Segment: number, tell: (items: Item[]) => void) {
  let ExclusiveStartKey: Record<string, never> | undefined;
  do {
    const page = await database.send(
      new ScanCommand({ TableName, Segment, TotalSegments: SEGMENTS, ConsistentRead: true, ExclusiveStartKey }),
    );
    tell((page.Items ?? []) as Item[]);
    collectGarbage();
    ExclusiveStartKey = page.LastEvaluatedKey as typeof ExclusiveStartKey;
  } while (ExclusiveStartKey);
}

/** Some items of a table, as they come. */
export async function sampleOf(database: DynamoDBClient, table: string, count: number): Promise<Item[]> {
  const page = await database.send(new ScanCommand({ TableName: table, Limit: count, ConsistentRead: true }));
  return (page.Items ?? []) as Item[];
}

/** Switches point-in-time recovery on: the local AWS leaves that part of a template out. */
export async function keepPointsInTime(database: DynamoDBClient, TableName: string): Promise<void> {
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
  await database.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
}
