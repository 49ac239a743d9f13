import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import {
  Stage,
  StagedAmendment,
  type StagedAmendmentProps,
  StagedMigration,
  type StagedMigrationProps,
  StagedReindex,
  type StagedReindexProps,
  Transform,
} from '../../lib';
import { writtenFile } from './stubs';

/** A transform that compiles. */
export const ENTRY = writtenFile(
  'plain.ts',
  `import { defineTransform } from 'cdk-dynamodb-rollout/client';
  const text: string = 'all';
  export default defineTransform({
    version: 'plain',
    up: (legacy) => [{ ...legacy, sk: text }],
    down: ([target]) => target && { pk: target.pk },
    legacyKey: ({ pk }) => ({ pk }),
    canary: { item: (n) => ({ pk: 'canary#' + n }), number: ({ pk }) => Number(pk.split('#')[1]) },
  });`,
);

/** A stack in no particular place. */
export function aStack(): Stack {
  return new Stack(new App(), 'Shop');
}

/** A table that a migration accepts, unless told otherwise. */
export function aTable(scope: Stack, id: string, props: Partial<dynamodb.TableProps> = {}): dynamodb.Table {
  return new dynamodb.Table(scope, id, {
    partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
    stream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    ...props,
  });
}

/** A migration with the props that have no default, and others as given. */
export function aMigration(stack: Stack, props: Partial<StagedMigrationProps> = {}, id = 'Orders'): StagedMigration {
  return new StagedMigration(stack, id, {
    source: props.source ?? aTable(stack, 'Legacy'),
    target: props.target ?? aTable(stack, 'Target', { sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING } }),
    transform: Transform.fromEntry(ENTRY),
    stages: [Stage.shadow(), Stage.percent(10), Stage.full()],
    ...props,
  });
}

/** The template of a stack with such a migration. */
export function templateOf(props: Partial<StagedMigrationProps> = {}): Template {
  const stack = aStack();
  aMigration(stack, props);
  return Template.fromStack(stack);
}

/** An amendment that compiles. */
export const AMENDMENT = writtenFile(
  'amendment.ts',
  `import { defineAmendment } from 'cdk-dynamodb-rollout/client';
  export default defineAmendment({ version: 'v2', up: (item) => ({ ...item, v: 2 }), down: ({ v, ...item }) => item });`,
);

/** An amendment of a table with the props that have no default, and others as given. */
export function anAmendment(stack: Stack, props: Partial<StagedAmendmentProps> = {}, id = 'Orders'): StagedAmendment {
  return new StagedAmendment(stack, id, {
    table: props.table ?? aTable(stack, 'Table'),
    transform: Transform.fromEntry(AMENDMENT),
    stages: [Stage.percent(10), Stage.full()],
    ...props,
  });
}

/** A reindex that compiles. */
export const REINDEX = writtenFile(
  'reindex.ts',
  `import { defineReindex } from 'cdk-dynamodb-rollout/client';
  export default defineReindex({
    version: 'by-town',
    queries: { inTown: {
      of: ({ town }) => ({ town }),
      legacy: ({ town }) => ({ index: 'byName', partition: { town } }),
      target: ({ town }) => ({ index: 'byTown', partition: { town } }),
    } },
  });`,
);

/** A reindex with the props that have no default, and others as given. */
export function aReindex(stack: Stack, props: Partial<StagedReindexProps> = {}, id = 'Orders'): StagedReindex {
  return new StagedReindex(stack, id, {
    table: props.table ?? anIndexedTable(stack, 'Table', 'byTown'),
    index: 'byTown',
    transform: Transform.fromEntry(REINDEX),
    stages: [Stage.shadow(), Stage.percent(10), Stage.full()],
    ...props,
  });
}

/** A table with indexes of these names. */
export function anIndexedTable(scope: Stack, id: string, ...names: string[]): dynamodb.Table {
  const table = aTable(scope, id);
  for (const indexName of names) {
    table.addGlobalSecondaryIndex({ indexName, partitionKey: { name: indexName, type: dynamodb.AttributeType.STRING } });
  }
  return table;
}
