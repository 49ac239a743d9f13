import { setTimeout as wait } from 'node:timers/promises';
import {
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand,
  TableAlreadyExistsException,
} from '@aws-sdk/client-dynamodb';
import type { RestorePoint } from '../../lambda/core/restore-point';
import { refused } from './failure';

/** Milliseconds between two looks at a table that is being restored. */
const LOOK = 5000;

/** A name that DynamoDB takes (Amazon DynamoDB Developer Guide, "Supported data types and naming rules"). */
const NAME = /^[a-zA-Z0-9_.-]{3,255}$/;

/** Begins to restore a table under a new name; nothing of the old one is touched. @throws CommandError */
export async function beginRestore(client: DynamoDBClient, table: string, as: string, point: RestorePoint): Promise<void> {
  if (!NAME.test(as)) {
    throw refused(`${as} is no name of a table: 3 to 255 letters, digits, and _ . -. Nothing was changed.`);
  }
  try {
    if (point.from === 'backup') {
      await client.send(new RestoreTableFromBackupCommand({ BackupArn: point.backup, TargetTableName: as }));
      return;
    }
    const RestoreDateTime = new Date(point.at);
    await client.send(
      new RestoreTableToPointInTimeCommand({
        ...{ SourceTableName: table, TargetTableName: as, RestoreDateTime, UseLatestRestorableTime: false },
      }),
    );
  } catch (error) {
    throw toldWhy(error, table, as, point);
  }
}

/** Waits until a restored table is there. */
export async function restored(client: DynamoDBClient, table: string, signal: AbortSignal, look = LOOK): Promise<void> {
  while (!(await isActive(client, table))) await wait(look, undefined, { signal });
}

async function isActive(client: DynamoDBClient, table: string): Promise<boolean> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table })).catch((error) => {
    // The name is known a moment after the answer.
    if (error instanceof ResourceNotFoundException) return { Table: undefined };
    throw error;
  });
  return Table?.TableStatus === 'ACTIVE';
}

function toldWhy(error: unknown, table: string, as: string, point: RestorePoint): unknown {
  const { name } = error as Error;
  if (error instanceof TableAlreadyExistsException || name === 'ResourceInUseException') {
    return refused(
      `There is a table ${as} already. Give another name with --as: a restore never writes over one. Nothing was changed.`,
    );
  }
  if (name === 'BackupNotFoundException') {
    return refused(`The backup of run ${point.run} was deleted. Look for another one in AWS Backup. Nothing was changed.`);
  }
  if (name === 'InvalidRestoreTimeException' || name === 'PointInTimeRecoveryUnavailableException') {
    return refused(
      `${table} cannot be restored to the moment before run ${point.run} began (${point.begun}): point-in-time recovery is off, or ` +
        'was switched on later, or that is too long ago. Nothing was changed.',
    );
  }
  return error;
}
