import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { type Item, keyOf, keyText, sameContent } from '../core/item';
import { sizeOf } from '../core/item-size';
import type { Schemas } from '../core/model';
import { parts } from '../core/pace';
import {
  type Condition,
  type Database,
  type InsertResult,
  mayRepeat,
  type ScanPage,
  type ScanRequest,
  type Write,
} from '../core/ports';
import type { Side } from '../core/position';
import { tokenOf } from '../core/stamp';
import { CALL_SECONDS, Deadline } from './dynamodb-client';
import { expressionOf } from './dynamodb-condition';
import { insertAbsent } from './dynamodb-insert';
import { keyTextOf, outcomeUnknown, refusalOf, tooLarge } from './dynamodb-refusal';

export { CALL_SECONDS, dynamoClient } from './dynamodb-client';

type Wire = Record<string, AttributeValue>;

/** Actions of one transaction, and bytes of its items. Amazon DynamoDB API, TransactWriteItems. */
const MAX_ACTIONS = 100;
const MAX_BYTES = 4 * 1024 * 1024;
/** Bytes of a transaction that items and compared values may have together, with room for the request around them. */
const ROOM = 3.5 * 1024 * 1024;
/** Keys of one request. Amazon DynamoDB API, BatchGetItem. */
const MAX_KEYS = 100;

/**
 * The two tables on DynamoDB. Every call is over within `seconds`: then nothing of it is sent or waited for any more.
 * A call that throws may have been done or not; one that answers `false` was not done, but for one case: an answer was
 * lost, the SDK repeated the request, and somebody else wrote the same item between the two.
 */
export function dynamoDatabase(
  client: DynamoDBClient,
  tables: Readonly<Record<Side, string>>,
  schemas: Schemas,
  seconds = CALL_SECONDS,
): Database {
  return new DynamoDatabase(client, tables, schemas, seconds);
}

class DynamoDatabase implements Database {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tables: Readonly<Record<Side, string>>,
    private readonly schemas: Schemas,
    private readonly seconds: number,
  ) {}

  async get(side: Side, key: Item): Promise<Item | undefined> {
    const command = new GetItemCommand({ TableName: this.tables[side], Key: key as Wire, ConsistentRead: true });
    const { Item: item } = await this.client.send(command, this.deadline());
    return item as Item | undefined;
  }

  async getMany(side: Side, keys: Item[]): Promise<Item[]> {
    // BatchGetItem refuses a key that is there twice.
    const distinct = [...new Map(keys.map((key) => [keyText(key), key])).values()];
    if (distinct.length === 1) return [await this.get(side, distinct[0] as Item)].filter((item) => item !== undefined);
    return (await Promise.all(parts(distinct, MAX_KEYS).map((part) => this.getPart(side, part)))).flat();
  }

  private async getPart(side: Side, keys: Item[]): Promise<Item[]> {
    const table = this.tables[side];
    const deadline = this.deadline();
    const found: Item[] = [];
    let left = keys as Wire[];
    for (let attempt = 0; left.length > 0; attempt++) {
      if (attempt > 0) await deadline.pause(attempt, `BatchGetItem on ${table}`);
      const command = new BatchGetItemCommand({ RequestItems: { [table]: { Keys: left, ConsistentRead: true } } });
      const { Responses, UnprocessedKeys } = await this.client.send(command, deadline);
      found.push(...((Responses?.[table] ?? []) as Item[]));
      left = UnprocessedKeys?.[table]?.Keys ?? [];
    }
    return found;
  }

  async query(side: Side, key: Item): Promise<Item[]> {
    const names = Object.keys(key);
    const found: Item[] = [];
    let start: Wire | undefined;
    do {
      const command = new QueryCommand({
        TableName: this.tables[side],
        ConsistentRead: true,
        KeyConditionExpression: names.map((_, i) => `#${i} = :${i}`).join(' AND '),
        ExpressionAttributeNames: Object.fromEntries(names.map((name, i) => [`#${i}`, name])),
        ExpressionAttributeValues: Object.fromEntries(names.map((name, i) => [`:${i}`, key[name] as AttributeValue])),
        ExclusiveStartKey: start,
      });
      const page = await this.client.send(command, this.deadline());
      found.push(...((page.Items ?? []) as Item[]));
      start = page.LastEvaluatedKey;
    } while (start);
    return found;
  }

  async scan(side: Side, { segment, segments, after, limit }: ScanRequest): Promise<ScanPage> {
    const command = new ScanCommand({
      TableName: this.tables[side],
      Segment: segment,
      TotalSegments: segments,
      ExclusiveStartKey: after as Wire | undefined,
      Limit: limit,
      ReturnConsumedCapacity: 'TOTAL',
    });
    const page = await this.client.send(command, this.deadline());
    return {
      items: (page.Items ?? []) as Item[],
      next: page.LastEvaluatedKey as Item | undefined,
      units: page.ConsumedCapacity?.CapacityUnits ?? 0,
    };
  }

  async write(writes: Write[]): Promise<boolean> {
    const [only] = writes;
    if (!only) return true;
    const deadline = this.deadline();
    const request =
      writes.length === 1 && only.do !== 'check' && mayRepeat(only)
        ? () => this.writeOne(only, deadline)
        : this.transaction(writes, deadline);
    for (let attempt = 1; ; attempt++) {
      try {
        return await request();
      } catch (error) {
        const refusal = refusalOf(error, writes, this.schemas);
        if (refusal === 'condition') return false;
        // A moment later the other transaction is over, and the caller's next read sees what it did.
        await deadline.pause(refusal === 'conflict' ? 0 : attempt, 'TransactWriteItems');
        if (refusal === 'conflict') return false;
      }
    }
  }

  private async writeOne(write: Exclude<Write, { do: 'check' }>, deadline: Deadline): Promise<boolean> {
    const TableName = this.tables[write.side];
    const when = { ...this.expression(write), ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
    try {
      if (write.do === 'put')
        await this.client.send(new PutItemCommand({ TableName, Item: write.item as Wire, ...when }), deadline);
      else await this.client.send(new DeleteItemCommand({ TableName, Key: write.key as Wire, ...when }), deadline);
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // A retry of the SDK after a lost answer meets what the first try wrote, or what somebody made of it since.
      if (write.do === 'put' && sameVersion(write.item, error.Item as Item | undefined)) return true;
      if ((error.$metadata.attempts ?? 1) > 1) throw outcomeUnknown(keyTextOf(write, this.schemas), error);
      return false;
    }
  }

  /** The request as a transaction. Its token makes it one transaction, however often the SDK sends it. */
  private transaction(writes: Write[], deadline: Deadline): () => Promise<boolean> {
    this.checkTransaction(writes);
    const bytes = bytesOf(writes);
    const conditions = writes.filter(({ when }) => when).length;
    const budget = Math.max(0, ROOM - bytes) / Math.max(1, conditions);
    const TransactItems = writes.map((write) => this.action(write, budget));
    return async () => {
      await this.client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken: randomUUID() }), deadline);
      return true;
    };
  }

  private checkTransaction(writes: Write[]): void {
    const keys = writes.map((write) => `${write.side} ${keyTextOf(write, this.schemas)}`);
    const twice = keys.find((key, index) => keys.indexOf(key) !== index);
    if (twice) throw new Error(`Two writes of one transaction are about ${twice}, which DynamoDB refuses. This is a defect.`);
    const first = keyTextOf(writes[0] as Write, this.schemas);
    if (writes.length > MAX_ACTIONS)
      throw tooLarge(`The group of ${first} needs ${writes.length} actions in one transaction.`, first);
    const bytes = bytesOf(writes);
    if (bytes > MAX_BYTES) throw tooLarge(`The items of the group of ${first} have ${bytes} bytes.`, first);
  }

  private action(write: Write, budget: number): TransactWriteItem {
    const TableName = this.tables[write.side];
    const when = this.expression(write, budget);
    if (write.do === 'put') return { Put: { TableName, Item: write.item as Wire, ...when } };
    if (write.do === 'delete') return { Delete: { TableName, Key: write.key as Wire, ...when } };
    return {
      ConditionCheck: { TableName, Key: write.key as Wire, ...expressionOf(write.when, this.partition(write.side), budget) },
    };
  }

  private expression({ side, when }: { side: Side; when?: Condition }, budget?: number) {
    return when && expressionOf(when, this.partition(side), budget);
  }

  async insertAbsent(side: Side, items: Item[]): Promise<{ results: InsertResult[]; units: number }> {
    const { client, schemas } = this;
    const to = { client, table: this.tables[side], partition: this.partition(side), deadline: this.deadline() };
    return insertAbsent({ ...to, keyText: (item) => `${keyText(keyOf(item, schemas[side]))} (${side})` }, items);
  }

  private partition(side: Side): string {
    return this.schemas[side][0];
  }

  private deadline(): Deadline {
    return new Deadline(this.seconds);
  }
}

function bytesOf(writes: readonly Write[]): number {
  return writes.reduce((sum, write) => sum + (write.do === 'put' ? sizeOf(write.item) : 0), 0);
}

function sameVersion(written: Item, stored: Item | undefined): boolean {
  return tokenOf(written) !== undefined && tokenOf(written) === tokenOf(stored) && sameContent(written, stored);
}
