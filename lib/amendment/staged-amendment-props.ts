import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { RolloutLedger } from '../ledger/rollout-ledger';
import type { BackfillOptions } from '../migration/backfill-options';
import type { Stage } from '../migration/stage';
import type { Timing } from '../migration/timing';
import type { Transform } from '../migration/transform';
import type { Risk } from '../safety/risk';
import type { Trigger } from '../safety/trigger';

/** Properties of a `StagedAmendment`. */
export interface StagedAmendmentProps {
  /**
   * The table whose items change. It needs a stream with NEW_AND_OLD_IMAGES, which tells of writers that do not use the client, and
   * point-in-time recovery.
   */
  readonly table: dynamodb.ITable;

  /** How items of the old form become items of the new one, and back: a file whose default export is `defineAmendment({ ... })`. */
  readonly transform: Transform;

  /**
   * Versions of earlier amendments of the table, oldest first: items carry their names, and clients of them may still run.
   * @default - none
   */
  readonly earlier?: string[];

  /**
   * Whose keys are written in the new form, in order. `Stage.pilot()` and `Stage.percent()` move keys there, as `Stage.full()` does,
   * which must be the last one. There is nothing to compare, so no `Stage.shadow()`.
   */
  readonly stages: Stage[];

  /**
   * What takes traffic back by itself. At most 15; more than five are monitored by AppConfig through one composite alarm.
   * @default - `Trigger.divergence()`
   */
  readonly triggers?: Trigger[];

  /**
   * What the amendment is expected not to do: each becomes a trigger, after those of `triggers`, and a gate of every stage that bakes
   * long enough to measure it.
   * @default - none
   */
  readonly risks?: Risk[];

  /**
   * How hard the passes over the table work.
   * @default - no limit on write units, 40 workers, 10,000 items a slice
   */
  readonly backfill?: BackfillOptions;

  /**
   * How fast routing tables travel and how long barriers take.
   * @default Timing.standard()
   */
  readonly timing?: Timing;

  /**
   * Where runs, checkpoints and evidence are recorded. Several changes may share one.
   * @default - a ledger of its own, which outlives the stack
   */
  readonly ledger?: RolloutLedger;

  /**
   * Key attributes of `table`, partition key first. Needed only when it is imported.
   * @default - read from the table's construct
   */
  readonly tableKeys?: string[];

  /**
   * Signs a certificate of each run that completes, for `Gate.promotion()` of another environment. An asymmetric key of
   * ECC_NIST_P256 for SIGN_VERIFY.
   * @default - no certificates
   */
  readonly certificateKey?: kms.IKey;

  /**
   * How long logs are kept.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * CloudWatch namespace of the metrics.
   * @default 'DynamoDBRollout'
   */
  readonly metricNamespace?: string;
}
