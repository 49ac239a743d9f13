import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { SHELVES } from '../../lambda/core/archive';
import { certificateKey } from '../../lambda/core/promotion';
import type { Promoted } from '../gates/promotion';
import type { RolloutLedger } from '../ledger/rollout-ledger';
import { acknowledgeBelow } from '../private/acknowledge';
import type { TaskFunction } from '../private/task-function';
import type { TrafficShift } from '../traffic/traffic-shift';
import { allowOnTable, allowQueriesOf, allowStream, DESCRIBE, INSERT, QUERY, READ, SCAN, WRITE } from './table-access';
import type { Allowance } from './tasks';

/** What the tasks of a migration act on. */
export interface TaskResources {
  /** Id of the migration. */
  readonly migration: string;
  readonly source: dynamodb.ITable;
  readonly target: dynamodb.ITable;
  readonly ledger: RolloutLedger;
  readonly traffic: TrafficShift;
  /** Where any changes are carried. */
  readonly poisonQueue?: sqs.IQueue;
  readonly givenUpQueue?: sqs.IQueue;
}

/** Gives a task what it is allowed, and nothing else. */
export function allow(fn: TaskFunction, allowance: Allowance, resources: TaskResources): void {
  const { migration, source, target, ledger, traffic, poisonQueue, givenUpQueue } = resources;
  const both = (actions: string[]) => [source, target].map((table) => allowOnTable(fn, table, actions));
  const permissions: Record<Allowance, () => unknown> = {
    'read-ledger': () => ledger.grants.read(fn),
    'write-ledger': () => ledger.grants.record(fn),
    'use-archive': () => useArchive(fn, ledger, migration),
    'read-routing': () => traffic.grants.read(fn),
    'inspect-routing': () => traffic.grants.inspect(fn),
    'release-routing': () => traffic.grants.release(fn),
    'arm-monitors': () => traffic.grants.arm(fn),
    'read-alarms': () => readAlarms(fn),
    'describe-tables': () => both(DESCRIBE),
    'back-up-source': () => backUp(fn, source),
    'back-up-tables': () => [...new Set([source, target])].map((table) => backUp(fn, table)),
    'read-tables': () => both(READ),
    'scan-tables': () => both(SCAN),
    'scan-source': () => allowOnTable(fn, source, SCAN),
    'insert-target': () => allowOnTable(fn, target, INSERT),
    'write-tables': () => both([...READ, ...WRITE]),
    'read-streams': () => [source, target].map((table) => allowStream(fn, table)),
    'send-poison': () => poisonQueue?.grantSendMessages(fn),
    'drain-queues': () => [poisonQueue, givenUpQueue].map((queue) => queue?.grantConsumeMessages(fn)),
    'count-given-up': () => givenUpQueue?.grant(fn, 'sqs:GetQueueAttributes'),
    'count-poison': () => poisonQueue?.grant(fn, 'sqs:GetQueueAttributes'),
  };
  permissions[allowance]();
}

/** The objects of this migration only, under names that are not known beforehand. */
function useArchive(fn: TaskFunction, ledger: RolloutLedger, migration: string): void {
  ledger.grants.archive(fn, migration);
  for (const shelf of SHELVES) {
    const reason = 'Objects of one migration, named by run and slice.';
    acknowledgeBelow(fn.role as iam.IRole, ledger.archive.bucketArn, `/${shelf}/${migration}/*`, reason);
  }
}

/** Lets a task sign certificates, and keep the one of this transform. The key of the archive comes with that of the ledger. */
export function allowCertificates(fn: TaskFunction, key: kms.IKey, archive: s3.IBucket, promoted: Promoted): void {
  key.grant(fn, 'kms:Sign');
  const object = certificateKey(promoted.migration, promoted.transformSha256);
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: [archive.arnForObjects(object)] }));
}

/** Allows queries of both tables and of their indexes. */
export function allowQueries(fn: TaskFunction, tables: dynamodb.ITable[]): void {
  for (const table of tables) allowQueriesOf(fn, table);
}

/** Allows a comparison of an index of a table with the table itself. */
export function allowIndex(fn: TaskFunction, table: dynamodb.ITable, index: string): void {
  allowOnTable(fn, table, ['dynamodb:DescribeTable', 'dynamodb:GetItem', 'dynamodb:BatchGetItem', ...SCAN]);
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: [...QUERY, ...SCAN], resources: [`${table.tableArn}/index/${index}`] }));
}

/**
 * Allows making or deleting an index of a table, which is an update of the table (Service Authorization Reference, "Actions, resources, and
 * condition keys for Amazon DynamoDB": UpdateTable, with the table and its index as resources).
 */
export function allowIndexChange(fn: TaskFunction, table: dynamodb.ITable, index: string): void {
  allowOnTable(fn, table, ['dynamodb:DescribeTable', 'dynamodb:UpdateTable']);
  fn.addToRolePolicy(
    new iam.PolicyStatement({ actions: ['dynamodb:UpdateTable'], resources: [`${table.tableArn}/index/${index}`] }),
  );
}

/** DescribeAlarms by name: CloudWatch asks for all alarms when composite ones may be among them. */
function readAlarms(fn: TaskFunction): void {
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }));
}

/** Neither ListBackups nor the name of a new backup has permissions per resource. */
function backUp(fn: TaskFunction, table: dynamodb.ITable): void {
  allowOnTable(fn, table, ['dynamodb:CreateBackup']);
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['dynamodb:ListBackups'], resources: ['*'] }));
}
