import { type AttributeValue, type DynamoDBClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { PatternPage, PatternQueries, PatternQuery, SortKeyCondition } from '../core/access-pattern';
import { RolloutError } from '../core/errors';
import type { Item } from '../core/item';
import type { Side } from '../core/position';
import { CALL_SECONDS, Deadline } from './dynamodb-client';

/** What DynamoDB refuses now and will refuse again (Amazon DynamoDB Developer Guide, "Error handling with DynamoDB"). */
const LASTING = new Set(['AccessDeniedException', 'ResourceNotFoundException', 'ValidationException']);

/** Key conditions as an expression has them (DynamoDB API, Query: KeyConditionExpression). */
const CONDITIONS: Readonly<Record<SortKeyCondition['is'], string>> = {
  equals: '#s = :s0',
  below: '#s < :s0',
  atMost: '#s <= :s0',
  above: '#s > :s0',
  atLeast: '#s >= :s0',
  beginsWith: 'begins_with(#s, :s0)',
  between: '#s BETWEEN :s0 AND :s1',
};

/** Queries of both tables and of their indexes, on DynamoDB. */
export class DynamoQueries implements PatternQueries {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tables: Readonly<Record<Side, string>>,
  ) {}

  async page(side: Side, query: PatternQuery, after?: Item): Promise<PatternPage> {
    const TableName = this.tables[side];
    const command = new QueryCommand({
      TableName,
      ...inputOf(query),
      ExclusiveStartKey: after as QueryCommandInput['ExclusiveStartKey'],
    });
    try {
      const { Items, LastEvaluatedKey } = await this.client.send(command, new Deadline(CALL_SECONDS));
      return { items: (Items ?? []) as Item[], next: LastEvaluatedKey as Item | undefined };
    } catch (error) {
      if (!(error instanceof Error) || !LASTING.has(error.name)) throw error;
      throw refused(TableName, query, error);
    }
  }
}

/** A global secondary index cannot be read consistently (DynamoDB API, Query: ConsistentRead). */
function inputOf({ index, partition, sort, descending, limit }: PatternQuery): Omit<QueryCommandInput, 'TableName'> {
  const keys = Object.entries(partition);
  const conditions = [...keys.map((_, n) => `#p${n} = :p${n}`), ...(sort ? [CONDITIONS[sort.is]] : [])];
  const values = [
    ...keys.map(([, value], n) => [`:p${n}`, value] as const),
    ...(sort?.values ?? []).map((value, n) => [`:s${n}`, value] as const),
  ];
  return {
    IndexName: index,
    ConsistentRead: index === undefined,
    KeyConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: {
      ...Object.fromEntries(keys.map(([name], n) => [`#p${n}`, name])),
      ...(sort ? { '#s': sort.attribute } : {}),
    },
    ExpressionAttributeValues: Object.fromEntries(values) as Record<string, AttributeValue>,
    ScanIndexForward: !descending,
    Limit: limit,
  };
}

function refused(table: string, { index }: PatternQuery, cause: Error): RolloutError {
  const where = index === undefined ? `table ${table}` : `index ${index} of table ${table}`;
  return new RolloutError(
    'QueryFailed',
    `DynamoDB refuses the query of ${where}: ${cause.name}: ${cause.message} Mend the query in the transform, under a new version, ` +
      'or give the table the index, then start again.',
    { table, index },
    cause,
  );
}
