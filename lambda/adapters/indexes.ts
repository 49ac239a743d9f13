import { DescribeTableCommand, type DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import type { Indexes, IndexState, Remains } from '../core/control';
import type { IndexDefinition } from '../core/index-definition';
import { keyNames } from './key-schema';

/**
 * The global secondary indexes of one table. One is made or deleted at a time; more are refused with LimitExceededException or
 * ResourceInUseException, which pass (Amazon DynamoDB API, UpdateTable).
 */
export class DynamoIndexes implements Indexes {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
  ) {}

  async list(): Promise<IndexState[]> {
    const { GlobalSecondaryIndexes = [] } = await this.describe();
    return GlobalSecondaryIndexes.map(({ IndexName, IndexStatus, KeySchema }) => {
      return { name: IndexName as string, status: IndexStatus as string, keys: keyNames(KeySchema) };
    });
  }

  /** With the capacity of the table, where it is provisioned. */
  async create(name: string, { keys, projection, attributes }: IndexDefinition): Promise<void> {
    const { BillingModeSummary, ProvisionedThroughput } = await this.describe();
    const isProvisioned = BillingModeSummary?.BillingMode !== 'PAY_PER_REQUEST';
    const { ReadCapacityUnits, WriteCapacityUnits } = ProvisionedThroughput ?? {};
    await this.client.send(
      new UpdateTableCommand({
        TableName: this.table,
        AttributeDefinitions: keys.map((key) => ({ AttributeName: key.name, AttributeType: key.type })),
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: name,
              KeySchema: keys.map((key, n) => ({ AttributeName: key.name, KeyType: n === 0 ? 'HASH' : 'RANGE' })),
              Projection: { ProjectionType: projection, NonKeyAttributes: attributes && [...attributes] },
              ProvisionedThroughput: isProvisioned ? { ReadCapacityUnits, WriteCapacityUnits } : undefined,
            },
          },
        ],
      }),
    );
  }

  async drop(name: string): Promise<void> {
    await this.client.send(
      new UpdateTableCommand({ TableName: this.table, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: name } }] }),
    );
  }

  private async describe() {
    const { Table = {} } = await this.client.send(new DescribeTableCommand({ TableName: this.table }));
    return Table;
  }
}

/** The index that queries left. */
export class OldIndex implements Remains {
  constructor(
    private readonly indexes: Indexes,
    private readonly name: string,
  ) {}

  async remove(): Promise<boolean> {
    const found = (await this.indexes.list()).find(({ name }) => name === this.name);
    if (found?.status === 'ACTIVE') await this.indexes.drop(this.name);
    return found === undefined;
  }
}
