import { randomUUID } from 'node:crypto';
import {
  type AttributeDefinition,
  CreateTableCommand,
  DeleteTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { type LocalAws, startLocalAws } from '../bin/local-aws';
import { dynamoClient } from '../lambda/adapters/dynamodb';
import type { KeySchema } from '../lambda/core/item';
import type { Schemas } from '../lambda/core/model';
import type { Side } from '../lambda/core/position';

/** Keys of global indexes by name. */
export type Indexes = Readonly<Record<string, KeySchema>>;

/** Local AWS for the tests of one file; `AWS_ENDPOINT_URL` names another one to use. */
export interface LocalAwsFixture {
  readonly aws: LocalAws;
  readonly client: DynamoDBClient;
  /** Makes a pair of tables with streams, of text keys but for those named in `numeric`, and their indexes by name. */
  createTables(
    schemas: Schemas,
    numeric?: readonly string[],
    indexes?: Partial<Record<Side, Indexes>>,
  ): Promise<Record<Side, string>>;
  stop(): Promise<void>;
}

/** Starts local AWS. The first start on a machine installs it, which takes some seconds. */
export async function localAwsFixture(): Promise<LocalAwsFixture> {
  const aws = await startLocalAws();
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region } = aws.environment;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = dynamoClient({ endpoint, region, credentials });
  const made: string[] = [];
  return {
    aws,
    client,
    createTables: async (schemas, numeric = [], indexes = {}) => {
      const id = randomUUID().slice(0, 8);
      const tables = { legacy: `legacy-${id}`, target: `target-${id}` };
      for (const side of ['legacy', 'target'] as const) {
        await createTable(client, tables[side], schemas[side], numeric, indexes[side] ?? {});
        made.push(tables[side]);
      }
      return tables;
    },
    stop: async () => {
      await Promise.all(made.map((TableName) => client.send(new DeleteTableCommand({ TableName }))));
      client.destroy();
      await aws.stop();
    },
  };
}

async function createTable(
  client: DynamoDBClient,
  TableName: string,
  keys: KeySchema,
  numeric: readonly string[],
  indexes: Indexes,
): Promise<void> {
  const names = new Set([...keys, ...Object.values(indexes).flat()]);
  const attributes = [...names].map((AttributeName): AttributeDefinition => {
    return { AttributeName, AttributeType: numeric.includes(AttributeName) ? 'N' : 'S' };
  });
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: attributes,
      KeySchema: keySchema(keys),
      ...(Object.keys(indexes).length > 0 ? { GlobalSecondaryIndexes: globalIndexes(indexes) } : {}),
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 0.1, maxDelay: 1 }, { TableName });
}

function keySchema(keys: KeySchema): KeySchemaElement[] {
  return keys.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' }));
}

function globalIndexes(indexes: Indexes): GlobalSecondaryIndex[] {
  return Object.entries(indexes).map(([IndexName, keys]) => {
    return { IndexName, KeySchema: keySchema(keys), Projection: { ProjectionType: 'ALL' } };
  });
}
