import {
  CreateBackupCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ListBackupsCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import type { TableFacts, Tables } from '../core/control';
import { keyNames } from './key-schema';

/** The control plane of DynamoDB tables. */
export class DynamoTables implements Tables {
  constructor(private readonly client: DynamoDBClient) {}

  async describe(name: string): Promise<TableFacts> {
    const [{ Table = {} }, backups, ttl] = await Promise.all([
      this.client.send(new DescribeTableCommand({ TableName: name })),
      this.client.send(new DescribeContinuousBackupsCommand({ TableName: name })),
      this.client.send(new DescribeTimeToLiveCommand({ TableName: name })),
    ]);
    const recovery = backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
    const { TimeToLiveStatus, AttributeName } = ttl.TimeToLiveDescription ?? {};
    const expiring = TimeToLiveStatus === 'ENABLED' || TimeToLiveStatus === 'ENABLING';
    return {
      ...factsOf(name, Table),
      pointInTimeRecovery: recovery === 'ENABLED',
      ...(expiring ? { timeToLive: AttributeName } : {}),
    };
  }

  /** Names of backups need not be unique (DynamoDB API, CreateBackup), so a second try looks for the first one's. */
  async findBackup(table: string, backup: string): Promise<string | undefined> {
    let ExclusiveStartBackupArn: string | undefined;
    do {
      const page = await this.client.send(
        new ListBackupsCommand({ TableName: table, BackupType: 'USER', ExclusiveStartBackupArn }),
      );
      const found = page.BackupSummaries?.find(
        ({ BackupName, BackupStatus }) => BackupName === backup && BackupStatus !== 'DELETED',
      );
      if (found) return found.BackupArn;
      ExclusiveStartBackupArn = page.LastEvaluatedBackupArn;
    } while (ExclusiveStartBackupArn);
    return undefined;
  }

  async createBackup(table: string, backup: string): Promise<string> {
    const { BackupDetails } = await this.client.send(new CreateBackupCommand({ TableName: table, BackupName: backup }));
    return BackupDetails?.BackupArn as string;
  }
}

function factsOf(name: string, table: TableDescription): Omit<TableFacts, 'pointInTimeRecovery'> {
  const onDemand = table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST';
  const stream = table.StreamSpecification;
  return {
    name,
    active: table.TableStatus === 'ACTIVE',
    keys: keyNames(table.KeySchema),
    types: Object.fromEntries((table.AttributeDefinitions ?? []).map((a) => [a.AttributeName, a.AttributeType])),
    items: table.ItemCount ?? 0,
    bytes: table.TableSizeBytes ?? 0,
    ...(table.LatestStreamArn ? { streamArn: table.LatestStreamArn } : {}),
    ...(stream?.StreamEnabled ? { streamView: stream.StreamViewType } : {}),
    ...(onDemand ? {} : { writeCapacity: table.ProvisionedThroughput?.WriteCapacityUnits ?? 0 }),
  };
}
