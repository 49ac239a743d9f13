import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeBelow } from '../private/acknowledge';
import { allowKeyRead, allowKeyUse } from '../private/key-use';

/** Reads of items, by key and by query. */
export const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
/** Conditional writes, one by one and in transactions, whose permissions are those of their parts. */
export const WRITE = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'];
export const QUERY = ['dynamodb:Query'];
export const SCAN = ['dynamodb:Scan'];
/** Conditional inserts in batches: BatchExecuteStatement needs the permission of its statements. */
export const INSERT = ['dynamodb:PartiQLInsert', 'dynamodb:PutItem'];
/** What preflight looks at. */
export const DESCRIBE = ['dynamodb:DescribeTable', 'dynamodb:DescribeTimeToLive', 'dynamodb:DescribeContinuousBackups'];
/**
 * What a replicator reads.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
 */
export const STREAM = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'];

/** Allows actions on a table, but not on its indexes, and the use of its own key. */
export function allowOnTable(grantee: iam.IGrantable, table: dynamodb.ITable, actions: string[]): iam.Grant {
  const grant = iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [table.tableArn] });
  return table.encryptionKey ? grant.combine(allowKeyUse(grantee, table.encryptionKey)) : grant;
}

/** Allows queries of a table and of its indexes: which ones is said by the transform, which is not read at synth. */
export function allowQueriesOf(grantee: iam.IGrantable, table: dynamodb.ITable): iam.Grant {
  const principal: unknown = grantee.grantPrincipal;
  const reason = 'Indexes of one table, for the queries that the transform declares.';
  if (Construct.isConstruct(principal)) acknowledgeBelow(principal, table.tableArn, '/index/*', reason);
  const resourceArns = [`${table.tableArn}/index/*`];
  return allowOnTable(grantee, table, QUERY).combine(iam.Grant.addToPrincipal({ grantee, actions: QUERY, resourceArns }));
}

/** Allows reading the stream of a table, and the use of its own key. */
export function allowStream(grantee: iam.IGrantable, table: dynamodb.ITable): iam.Grant {
  const grant = iam.Grant.addToPrincipal({ grantee, actions: STREAM, resourceArns: [table.tableStreamArn as string] });
  return table.encryptionKey ? grant.combine(allowKeyRead(grantee, table.encryptionKey)) : grant;
}
