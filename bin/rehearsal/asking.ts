import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { fromWire, toWire } from '../../lambda/adapters/plain-items';
import type { Rollout } from '../../lambda/client';
import type { KeySchema } from '../../lambda/core/item';
import type { Items } from './traffic';

/** Asks one question after the other. */
export type Ask = () => Promise<unknown>;

/** A query of a `StagedReindex`, and what it asks for. */
export interface Question {
  readonly query: string;
  readonly params: object;
}

export function askerOf(rollout: Rollout, questions: readonly Question[]): Ask {
  let asked = 0;
  return async () => {
    const question = questions[asked++ % questions.length];
    if (question) await rollout.ask(question.query, question.params);
  };
}

/** The application while only its queries move: it reads and writes the table as ever, and asks by the client. */
export class AskingItems<T extends object, K extends object> implements Items<T, K> {
  constructor(
    private readonly ask: Ask,
    private readonly client: DynamoDBClient,
    private readonly table: string,
    private readonly schema: KeySchema,
  ) {}

  async get(key: K): Promise<T | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: toWire(key), ConsistentRead: true }),
    );
    return Item && (fromWire(Item as never) as T);
  }

  async put(item: T): Promise<void> {
    await this.client.send(new PutItemCommand({ TableName: this.table, Item: toWire(item) }));
  }

  /** Each item has one writer. */
  async update(key: K, change: (item: T | undefined) => T): Promise<void> {
    await this.put(change(await this.get(key)));
  }

  async delete(key: K): Promise<void> {
    await this.client.send(new DeleteItemCommand({ TableName: this.table, Key: toWire(key) }));
  }

  async query(partition: Partial<K>): Promise<T[]> {
    await this.ask();
    const [name] = this.schema;
    const { Items = [] } = await this.client.send(
      new QueryCommand({
        TableName: this.table,
        KeyConditionExpression: '#p = :p',
        ExpressionAttributeNames: { '#p': name },
        ExpressionAttributeValues: toWire({ ':p': (partition as Record<string, unknown>)[name] }),
        ConsistentRead: true,
      }),
    );
    return Items.map((item) => fromWire(item as never) as T);
  }
}
