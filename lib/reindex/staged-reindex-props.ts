import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { StagedChangeProps } from '../change/staged-change-props';

/** A global secondary index that a rollout makes. */
export interface NewIndex {
  /** What partitions it. */
  readonly partitionKey: dynamodb.Attribute;

  /**
   * What sorts it.
   * @default - nothing
   */
  readonly sortKey?: dynamodb.Attribute;

  /**
   * Which attributes its entries have.
   * @default ProjectionType.ALL
   */
  readonly projectionType?: dynamodb.ProjectionType;

  /**
   * Attributes besides all keys, with `ProjectionType.INCLUDE`.
   * @default - none
   */
  readonly nonKeyAttributes?: string[];
}

/**
 * Properties of a `StagedReindex`. The default export of its `transform` is `defineReindex({ ... })`. `Stage.shadow()` compares a sample
 * of the answers, `Stage.percent()` moves a share of the questions to the new index, by what they ask for, and `Stage.full()` must be the
 * last one; there is no `Stage.pilot()`, because questions have no keys. Without `triggers` it has `Trigger.shadowMismatch()`.
 */
export interface StagedReindexProps extends StagedChangeProps {
  /** The table whose queries move. */
  readonly table: dynamodb.ITable;

  /**
   * Name of the index that they move to. Add it to the construct of the table; the rollout waits until DynamoDB has filled it. The stages
   * begin when it holds what the table says (`Gate.indexCoherence()`).
   */
  readonly index: string;

  /**
   * Has the rollout make the index where it is not there. Only for imported tables: what a workflow makes of a table of a template
   * would drift from it. On a table with provisioned capacity the index gets what the table has.
   * @default - the index has to be there, or on its way
   */
  readonly create?: NewIndex;

  /**
   * Name of the old index, which is deleted when the change is closed. Only for imported tables: take the old index out of the
   * construct of the table otherwise, when the change is closed.
   * @default - none is deleted
   */
  readonly drop?: string;

  /**
   * Key attributes of `table`, partition key first. Needed only when it is imported.
   * @default - read from the table's construct
   */
  readonly tableKeys?: string[];
}
