import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../lambda/core/item';
import type { Model } from '../../lambda/core/model';
import { Contents } from './audit';
import { everything } from './tables';

/** What both tables hold. */
export async function bothTables(
  database: DynamoDBClient,
  model: Model,
  { legacyTable, targetTable }: { readonly legacyTable: string; readonly targetTable: string },
): Promise<Contents> {
  const contents = new Contents(model);
  await everything(database, legacyTable, (items) => contents.add('legacy', items));
  await everything(database, targetTable, (items) => contents.add('target', items));
  return contents;
}

/** What one table holds, as either side of itself. `shown`: how the history has an item. */
export async function oneTable(
  database: DynamoDBClient,
  model: Model,
  table: string,
  shown: (item: Item) => Item = (item) => item,
): Promise<Contents> {
  const contents = new Contents(model);
  await everything(database, table, (items) => {
    const all = items.map(shown);
    for (const side of ['legacy', 'target'] as const) contents.addTarget(side, all);
  });
  return contents;
}
