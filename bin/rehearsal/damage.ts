import { setTimeout as wait } from 'node:timers/promises';
import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../lambda/core/item';
import { STAMP } from '../../lambda/core/stamp';
import { sampleOf } from './tables';

/**
 * Overwrites target items as a program would that knows nothing of the rollout: half of them keep the stamp that was
 * there, as an update of one attribute would, half lose it, as a put of a whole item would.
 */
export async function damage(
  database: DynamoDBClient,
  table: string,
  count: number,
  mayTouch: (item: Item) => boolean,
): Promise<number> {
  const items = (await sampleOf(database, table, 2000)).filter(mayTouch).slice(0, count);
  for (const [index, item] of items.entries()) {
    const { [STAMP]: stamp, ...rest } = item;
    const Item = { ...rest, ...(stamp && index % 2 === 0 ? { [STAMP]: stamp } : {}), damaged: { S: 'by the rehearsal' } };
    await database.send(new PutItemCommand({ TableName: table, Item }));
  }
  return items.length;
}

/** Milliseconds for which a broken city stays: long enough to be replicated, or not. */
const STAYS = 5000;

/** Puts a city into the legacy table that the transform throws on, and takes it away again. */
export async function poison(database: DynamoDBClient, table: string): Promise<void> {
  const id = { S: 'broken' };
  await database.send(new PutItemCommand({ TableName: table, Item: { id, name: { S: 'Nowhere' }, location: { S: 'nowhere' } } }));
  await wait(STAYS);
  await database.send(new DeleteItemCommand({ TableName: table, Key: { id } }));
}
