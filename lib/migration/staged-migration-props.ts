import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { StagedChangeProps } from '../change/staged-change-props';

/** Properties of a `StagedMigration`. Without `triggers` it has `Trigger.divergence()` and `Trigger.replicationLag()`. */
export interface StagedMigrationProps extends StagedChangeProps {
  /**
   * The table in use today. It needs a stream with NEW_AND_OLD_IMAGES, and point-in-time recovery, and no time-to-live until
   * the rollout is complete.
   */
  readonly source: dynamodb.ITable;

  /**
   * The table to move to, which nothing else writes to. It needs a stream with NEW_AND_OLD_IMAGES, which keeps the source
   * up for the way back, and no time-to-live until the rollout is complete.
   */
  readonly target: dynamodb.ITable;

  /**
   * Key attributes of `source`, partition key first. Needed only when it is imported.
   * @default - read from the table's construct
   */
  readonly sourceKeys?: string[];

  /**
   * Key attributes of `target`, partition key first. Needed only when it is imported.
   * @default - read from the table's construct
   */
  readonly targetKeys?: string[];
}
