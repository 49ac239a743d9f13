import {
  type AttributeValue,
  DescribeTableCommand,
  type DynamoDBClient,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { RolloutError } from '../core/errors';
import type { IndexFacts, IndexReader } from '../core/index-view';
import { type Item, keyText } from '../core/item';
import type { ScanPage, ScanRequest } from '../core/ports';
import { Deadline } from './dynamodb-client';
import { keyNames } from './key-schema';

/** Pages of a query that looks for one entry: about 50 MB of entries with one index key. */
const MOST_PAGES = 50;

/**
 * What DynamoDB says of a global secondary index now.
 * @throws NotMeasured where there is no such index, or it is not ACTIVE
 */
export async function describeIndex(client: DynamoDBClient, table: string, name: string): Promise<IndexFacts> {
  const { Table = {} } = await client.send(new DescribeTableCommand({ TableName: table }));
  const indexes = Table.GlobalSecondaryIndexes ?? [];
  const index = indexes.find(({ IndexName }) => IndexName === name);
  if (!index) throw notThere(table, name, indexes.map(({ IndexName }) => IndexName).join(', '));
  if (index.IndexStatus !== 'ACTIVE') throw notActive(table, name, index.IndexStatus);
  const keys = keyNames(index.KeySchema);
  const defined = new Map((Table.AttributeDefinitions ?? []).map((each) => [each.AttributeName, each.AttributeType]));
  const { ProjectionType, NonKeyAttributes = [] } = index.Projection ?? {};
  return {
    name,
    tableKeys: keyNames(Table.KeySchema),
    keys,
    types: Object.fromEntries(keys.map((key) => [key, defined.get(key)])) as IndexFacts['types'],
    projected: ProjectionType === 'ALL' ? 'all' : NonKeyAttributes,
  };
}

/** One index of a table. Reads of it are eventually consistent (Amazon DynamoDB API, Query and Scan: ConsistentRead). */
export class DynamoIndex implements IndexReader {
  /** `seconds`: bound of each call. */
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
    private readonly index: IndexFacts,
    private readonly seconds: number,
  ) {}

  async scan({ segment, segments, after, limit }: ScanRequest): Promise<ScanPage> {
    const command = new ScanCommand({
      TableName: this.table,
      IndexName: this.index.name,
      Segment: segment,
      TotalSegments: segments,
      ExclusiveStartKey: after as Record<string, AttributeValue> | undefined,
      Limit: limit,
      ReturnConsumedCapacity: 'TOTAL',
    });
    const { Items = [], LastEvaluatedKey, ConsumedCapacity } = await this.client.send(command, new Deadline(this.seconds));
    return { items: Items as Item[], next: LastEvaluatedKey as Item | undefined, units: ConsumedCapacity?.CapacityUnits ?? 0 };
  }

  async entry(key: Item): Promise<Item | undefined> {
    const { keys, tableKeys } = this.index;
    const others = tableKeys.filter((name) => !keys.includes(name));
    const conditions = (names: readonly string[]) => names.map((name) => `#${placeOf(key, name)} = :${placeOf(key, name)}`);
    const places = Object.keys(key).map((name) => [placeOf(key, name), name] as const);
    let start: Record<string, AttributeValue> | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const command = new QueryCommand({
        TableName: this.table,
        IndexName: this.index.name,
        KeyConditionExpression: conditions(keys).join(' AND '),
        FilterExpression: others.length > 0 ? conditions(others).join(' AND ') : undefined,
        ExpressionAttributeNames: Object.fromEntries(places.map(([place, name]) => [`#${place}`, name])),
        ExpressionAttributeValues: Object.fromEntries(places.map(([place, name]) => [`:${place}`, key[name] as AttributeValue])),
        ExclusiveStartKey: start,
      });
      const { Items = [], LastEvaluatedKey } = await this.client.send(command, new Deadline(this.seconds));
      if (Items[0]) return Items[0] as Item;
      if (!LastEvaluatedKey) return undefined;
      start = LastEvaluatedKey;
    }
    throw tooMany(this.table, this.index.name, key);
  }
}

function placeOf(key: Item, name: string): string {
  return `k${Object.keys(key).indexOf(name)}`;
}

function notThere(table: string, index: string, others: string): RolloutError {
  return new RolloutError(
    'NotMeasured',
    `Table ${table} has no global secondary index ${index}; it has ${others || 'none'}. Mend the name, or give the table the index, ` +
      'and start again.',
    { table, index },
  );
}

function notActive(table: string, index: string, status = 'unknown'): RolloutError {
  return new RolloutError(
    'NotMeasured',
    `The index ${index} of table ${table} is ${status}, not ACTIVE: it does not hold every entry yet. Start again when it is.`,
    { table, index, status },
  );
}

function tooMany(table: string, index: string, key: Item): RolloutError {
  return new RolloutError(
    'NotMeasured',
    `More than ${MOST_PAGES} MB of index ${index} of table ${table} have the index key of the entry ${keyText(key)}, and it was not found among ` +
      'them: whether it is there is not known. Leave Gate.indexCoherence() out for such an index, or give it a sort key.',
    { table, index, key: keyText(key) },
  );
}
