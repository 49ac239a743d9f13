import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementResponse,
  ConditionalCheckFailedException,
  type ConsumedCapacity,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Item } from '../core/item';
import { sizeOf } from '../core/item-size';
import type { InsertResult } from '../core/ports';
import type { Deadline } from './dynamodb-client';
import { expressionOf } from './dynamodb-condition';
import { invalid, TRANSIENT } from './dynamodb-refusal';

/** Statements of one request. Amazon DynamoDB API, BatchExecuteStatement. */
const MAX_STATEMENTS = 25;
/** Characters of one statement. Amazon DynamoDB API, BatchStatementRequest. */
const MAX_STATEMENT = 8192;
/** Bytes of items in one request. No limit is documented for it; BatchWriteItem, its sister, takes 16 MB. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;
/** Names that a statement can hold as they are. */
const PLAIN_NAME = /^[\w.:#@$ -]+$/;

/** Where the items go, and the text of an item's key for messages. */
export interface Destination {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly partition: string;
  readonly keyText: (item: Item) => string;
  readonly deadline: Deadline;
}

interface Insert {
  readonly index: number;
  readonly item: Item;
  readonly statement: string;
}

/**
 * Inserts what is absent: 25 items a request by PartiQL, whose INSERT never replaces an item (Amazon DynamoDB Developer
 * Guide, "PartiQL insert statements for DynamoDB"), or one conditional put where no statement can be written. An insert
 * that is repeated after a lost answer meets itself and counts as `exists`.
 * @throws GroupTooLarge, TransformFailed with the key; ProvisionedThroughputExceededException when the time is up
 */
export async function insertAbsent(to: Destination, items: readonly Item[]) {
  const results = new Array<InsertResult>(items.length);
  const inserts = items.map((item, index): Insert => ({ index, item, statement: statementOf(to.table, item) }));
  let units = 0;
  for (const batch of batchesOf(inserts.filter(hasStatement))) units += await insertBatch(to, batch, results);
  for (const insert of inserts.filter((candidate) => !hasStatement(candidate))) units += await insertOne(to, insert, results);
  return { results, units };
}

async function insertBatch(to: Destination, batch: Insert[], results: InsertResult[]): Promise<number> {
  let units = 0;
  let left = batch;
  for (let attempt = 0; left.length > 0; attempt++) {
    if (attempt > 0) await to.deadline.pause(attempt, `BatchExecuteStatement on ${to.table}`);
    const command = new BatchExecuteStatementCommand({
      Statements: left.map(({ statement, item }) => ({
        Statement: statement,
        Parameters: Object.values(item) as AttributeValue[],
      })),
      ReturnConsumedCapacity: 'TOTAL',
    });
    const { Responses = [], ConsumedCapacity = [] } = await to.client.send(command, to.deadline);
    units += unitsOf(ConsumedCapacity);
    left = left.filter((insert, at) => {
      const result = resultOf(to, insert, Responses[at]);
      if (result) results[insert.index] = result;
      return !result;
    });
  }
  return units;
}

/** What became of one statement; undefined when it has to be sent again. */
function resultOf(to: Destination, { item }: Insert, response: BatchStatementResponse | undefined): InsertResult | undefined {
  const error = response?.Error;
  if (!error) return 'inserted';
  if (error.Code === 'DuplicateItem') return 'exists';
  if (error.Code === 'TransactionConflict' || TRANSIENT.has(error.Code ?? '')) return undefined;
  if (error.Code === 'ValidationError') throw invalid(to.keyText(item), error.Message ?? '');
  const failure = new Error(`The insert of ${to.keyText(item)} into ${to.table} failed: ${error.Code} ${error.Message}`);
  failure.name = error.Code ?? failure.name;
  throw failure;
}

async function insertOne(to: Destination, { item, index }: Insert, results: InsertResult[]): Promise<number> {
  const command = new PutItemCommand({
    TableName: to.table,
    Item: item as Record<string, AttributeValue>,
    ...expressionOf({ is: 'absent' }, to.partition),
    ReturnConsumedCapacity: 'TOTAL',
  });
  for (let attempt = 1; ; attempt++) {
    try {
      const { ConsumedCapacity } = await to.client.send(command, to.deadline);
      results[index] = 'inserted';
      return ConsumedCapacity?.CapacityUnits ?? 0;
    } catch (error) {
      if ((error as Error).name === 'ValidationException') throw invalid(to.keyText(item), (error as Error).message, error);
      if (error instanceof ConditionalCheckFailedException) {
        results[index] = 'exists';
        return Math.ceil(sizeOf(error.Item ? (error.Item as Item) : item) / 1024);
      }
      if ((error as Error).name !== 'TransactionConflictException') throw error;
      await to.deadline.pause(attempt, `PutItem on ${to.table}`);
    }
  }
}

/** The documented form: one placeholder for each top-level attribute. */
function statementOf(table: string, item: Item): string {
  const fields = Object.keys(item).map((name) => `'${name}':?`);
  return `INSERT INTO "${table}" VALUE {${fields.join(',')}}`;
}

function hasStatement({ statement, item }: Insert): boolean {
  return statement.length <= MAX_STATEMENT && Object.keys(item).every((name) => PLAIN_NAME.test(name));
}

function batchesOf(inserts: readonly Insert[]): Insert[][] {
  const batches: Insert[][] = [];
  let bytes = 0;
  for (const insert of inserts) {
    const size = sizeOf(insert.item);
    const last = batches.at(-1);
    if (last && last.length < MAX_STATEMENTS && bytes + size <= MAX_REQUEST_BYTES) {
      last.push(insert);
      bytes += size;
    } else {
      batches.push([insert]);
      bytes = size;
    }
  }
  return batches;
}

function unitsOf(consumed: readonly ConsumedCapacity[]): number {
  return consumed.reduce((sum, { CapacityUnits }) => sum + (CapacityUnits ?? 0), 0);
}
