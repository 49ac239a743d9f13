import { Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Stage, StagedMigration, Transform } from '../../../lib';
import { aStack, aTable, ENTRY } from '../fixture';
import { writtenFile } from '../stubs';

const code = (up: string, more: string) => `import { defineTransform } from 'cdk-dynamodb-rollout/client';
  export default defineTransform({
    version: 'v2', up: ${up}, down: ([t]) => t && { id: t.pk.slice(2), name: t.name },
    legacyKey: ({ pk }) => ({ id: pk.slice(2) }), ${more}
    canary: { item: (n) => ({ id: 'canary' + n, name: 'c' }), number: ({ id }) => Number(id.slice(6)) || undefined },
  });`;

const ONE = writtenFile(
  'one.ts',
  code("({ id, name }) => [{ pk: 'C#' + id, name }]", "targetKey: ({ id }) => ({ pk: 'C#' + id }),"),
);
const TWO = writtenFile(
  'two.ts',
  code("({ id, name }) => [{ pk: 'C#' + id, name }, { pk: 'D#' + id }]", "targetKey: ({ id }) => ({ pk: 'C#' + id }),"),
);
const ASTRAY = writtenFile(
  'astray.ts',
  code("({ id, name }) => [{ pk: 'C#' + id, name }]", 'targetKey: ({ id }) => ({ pk: id }),'),
);

test('a migration goes the other way round, ready to deploy, and is the same each time', () => {
  const stack = aStack();
  const forward = Transform.fromEntry(ONE);
  const transform = Transform.reversed(forward);
  expect(transform.sha256).not.toBe(forward.sha256);
  expect(Transform.reversed(forward).sha256).toBe(transform.sha256);
  const migration = new StagedMigration(stack, 'Back', {
    source: aTable(stack, 'Cities'),
    target: aTable(stack, 'Old', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } }),
    transform,
    stages: [Stage.shadow(), Stage.full()],
  });
  expect(migration.clientConfiguration).toMatchObject({ legacyKeys: ['pk'], targetKeys: ['id'] });
  Template.fromStack(stack);
});

test.each([
  [
    'no targetKey',
    ENTRY,
    /must say targetKey, .* restore the point in time that the ending of the migration kept .* Received: 'plain'/,
  ],
  ['several items', TWO, /must make one item of one item, and makes 2 of its canary\. Where a legacy item becomes several items/],
  ['a targetKey that leads elsewhere', ASTRAY, /must have a targetKey\(\) that gives the key which up\(\) gives the item/],
])('%s is refused by name', (_, entry, why) => {
  expect(() => Transform.reversed(Transform.fromEntry(entry))).toThrow(why);
});
