import { ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import type { IndexDefinition } from '../../lambda/core/index-definition';
import type { NewIndex } from './staged-reindex-props';

/** The index as the task that makes it is told. */
export function newIndexOf({ partitionKey, sortKey, projectionType, nonKeyAttributes }: NewIndex): IndexDefinition {
  const keyOf = ({ name, type }: NewIndex['partitionKey']) => ({ name, type: type as 'S' | 'N' | 'B' });
  return {
    keys: [partitionKey, ...(sortKey ? [sortKey] : [])].map(keyOf),
    projection: projectionType ?? ProjectionType.ALL,
    ...(nonKeyAttributes ? { attributes: nonKeyAttributes } : {}),
  };
}
