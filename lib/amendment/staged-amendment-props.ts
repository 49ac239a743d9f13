import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { StagedChangeProps } from '../change/staged-change-props';

/**
 * Properties of a `StagedAmendment`. The default export of its `transform` is `defineAmendment({ ... })`. `Stage.pilot()` and
 * `Stage.percent()` move keys to the new form, as `Stage.full()` does, which must be the last one; there is nothing to compare, so no
 * `Stage.shadow()`. Without `triggers` it has `Trigger.divergence()`.
 */
export interface StagedAmendmentProps extends StagedChangeProps {
  /**
   * The table whose items change. It needs a stream with NEW_AND_OLD_IMAGES, which tells of writers that do not use the client, and
   * point-in-time recovery.
   */
  readonly table: dynamodb.ITable;

  /**
   * Versions of earlier amendments of the table, oldest first: items carry their names, and clients of them may still run.
   * @default - none
   */
  readonly earlier?: string[];

  /**
   * Key attributes of `table`, partition key first. Needed only when it is imported.
   * @default - read from the table's construct
   */
  readonly tableKeys?: string[];
}
