import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** A stored entry without its keys. */
export type Entry = Record<string, unknown>;

/** A condition on a write. */
export interface When {
  readonly expression: string;
  readonly values?: Entry;
}

/** The write succeeds only where there is no such entry. */
export const ABSENT: When = { expression: 'attribute_not_exists(pk)' };

/** Entries of a table with the keys `pk` and `sk`, read consistently. */
export class LedgerStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
  ) {}

  async get(pk: string, sk: string): Promise<Entry | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: wire({ pk, sk }), ConsistentRead: true }),
    );
    return Item && entryOf(Item);
  }

  /** All entries of a partition whose sort key begins with `prefix`, by sort key. */
  async query(pk: string, prefix: string): Promise<Entry[]> {
    const found: Entry[] = [];
    let next: Record<string, AttributeValue> | undefined;
    do {
      const page = await this.client.send(
        new QueryCommand({
          TableName: this.table,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: wire({ ':pk': pk, ':prefix': prefix }),
          ConsistentRead: true,
          ExclusiveStartKey: next,
        }),
      );
      found.push(...(page.Items ?? []).map(entryOf));
      next = page.LastEvaluatedKey;
    } while (next);
    return found;
  }

  /** False when the condition did not hold. */
  async put(pk: string, sk: string, entry: Entry, when?: When): Promise<boolean> {
    const Item = wire({ ...entry, pk, sk });
    return held(() => this.client.send(new PutItemCommand({ TableName: this.table, Item, ...conditionOf(when) })));
  }

  /** False when the condition in `how` did not hold. */
  async update(pk: string, sk: string, how: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>): Promise<boolean> {
    return held(() => this.client.send(new UpdateItemCommand({ TableName: this.table, Key: wire({ pk, sk }), ...how })));
  }

  /**
   * Puts all entries or none. `done`, or the codes of the cancellation, one for each put.
   * Reasons: DynamoDB API, TransactWriteItems, "TransactionCanceledException".
   */
  async putAll(puts: readonly { pk: string; sk: string; entry: Entry; when: When }[]): Promise<'done' | string[]> {
    const TransactItems = puts.map(({ pk, sk, entry, when }): TransactWriteItem => {
      return { Put: { TableName: this.table, Item: wire({ ...entry, pk, sk }), ...conditionOf(when) } };
    });
    try {
      await this.client.send(new TransactWriteItemsCommand({ TransactItems }));
      return 'done';
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      return (error.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None');
    }
  }
}

/** The wire form of values; what is undefined is left out. */
export function wire(entry: Entry): Record<string, AttributeValue> {
  return marshall(entry, { removeUndefinedValues: true });
}

function entryOf(item: Record<string, AttributeValue>): Entry {
  const { pk: _pk, sk: _sk, ...entry } = unmarshall(item);
  return entry;
}

function conditionOf(when: When | undefined) {
  if (!when) return {};
  const values = when.values && { ExpressionAttributeValues: wire(when.values) };
  return { ConditionExpression: when.expression, ...values };
}

async function held(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
