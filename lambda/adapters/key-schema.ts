import type { KeySchemaElement } from '@aws-sdk/client-dynamodb';

/** Names of key attributes as DynamoDB describes them, in any order: what partitions first, then what sorts. */
export function keyNames(schema: readonly KeySchemaElement[] = []): string[] {
  const of = (type: 'HASH' | 'RANGE') => schema.filter(({ KeyType }) => KeyType === type);
  return [...of('HASH'), ...of('RANGE')].map(({ AttributeName }) => AttributeName as string);
}
