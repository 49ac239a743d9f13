import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { RolloutLedger } from '../ledger/rollout-ledger';
import type { Risk } from '../safety/risk';
import type { Trigger } from '../safety/trigger';
import type { BackfillOptions } from './backfill-options';
import type { Stage } from './stage';
import type { Timing } from './timing';
import type { Transform } from './transform';

/** Properties of a `StagedMigration`. */
export interface StagedMigrationProps {
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

  /** How items of one model become items of the other, both ways. */
  readonly transform: Transform;

  /** The way, in order: each stage moves keys further, none moves them back. At least one. */
  readonly stages: Stage[];

  /**
   * What takes traffic back by itself, or pauses the rollout. At most 15; more than five that take back are monitored by AppConfig
   * through one composite alarm.
   * @default - `Trigger.divergence()` and `Trigger.replicationLag()`
   */
  readonly triggers?: Trigger[];

  /**
   * What the migration is expected not to do: each becomes a trigger, after those of `triggers`, and a gate of every stage that bakes
   * long enough to measure it.
   * @default - none
   */
  readonly risks?: Risk[];

  /**
   * How hard backfill and reconciliation work.
   * @default - no limit on write units, 40 workers, 10,000 items a slice
   */
  readonly backfill?: BackfillOptions;

  /**
   * How fast routing tables travel and how long barriers take.
   * @default Timing.standard()
   */
  readonly timing?: Timing;

  /**
   * Where runs, checkpoints and evidence are recorded. Several migrations may share one.
   * @default - a ledger of its own, which outlives the stack
   */
  readonly ledger?: RolloutLedger;

  /**
   * Signs a certificate of each run that completes, kept in the archive of the ledger, for `Gate.promotion()` of other environments:
   * transform and plan by SHA-256, stages with their verdicts, counts. An asymmetric key, `KeySpec.ECC_NIST_P256` for
   * `KeyUsage.SIGN_VERIFY`. Whatever else may sign with it can make certificates.
   * @default - runs are not certified
   */
  readonly certificateKey?: kms.IKey;

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
