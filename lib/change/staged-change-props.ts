import type { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Hook } from '../hooks/hook';
import type { RolloutLedger } from '../ledger/rollout-ledger';
import type { BackfillOptions } from '../migration/backfill-options';
import type { Stage } from '../migration/stage';
import type { Timing } from '../migration/timing';
import type { Transform } from '../migration/transform';
import type { Risk } from '../safety/risk';
import type { Trigger } from '../safety/trigger';

/** Properties of every staged change, whatever it changes. */
export interface StagedChangeProps {
  /** What the change makes of items, or of queries: a file with a default export of the kind of the change. */
  readonly transform: Transform;

  /** The way, in order: each stage moves keys further, none moves them back. At least one. */
  readonly stages: Stage[];

  /**
   * Who answers for the change, such as a team and how to reach it: in the runbook and in the report. 1 to 100 characters.
   * @default - nobody is named
   */
  readonly owner?: string;

  /**
   * What takes traffic back by itself, or pauses the rollout. At most 15; more than five that take back are monitored by AppConfig
   * through one composite alarm.
   * @default - what the kind of change says
   */
  readonly triggers?: Trigger[];

  /**
   * What the change is expected not to do: each becomes a trigger, after those of `triggers`, and a gate of every stage that bakes
   * long enough to measure it.
   * @default - none
   */
  readonly risks?: Risk[];

  /**
   * Functions of yours that may refuse that the rollout completes, asked in this order when its last stage has passed. A refusal takes
   * traffic back. At most five.
   * @default - none
   */
  readonly beforeCompletion?: Hook[];

  /**
   * How hard whatever reads or writes whole tables works.
   * @default - no limit on write units, 40 workers, 10,000 items a slice
   */
  readonly backfill?: BackfillOptions;

  /**
   * How fast routing tables travel and how long barriers take.
   * @default Timing.standard()
   */
  readonly timing?: Timing;

  /**
   * How long the way back stays open after the run has completed: both sides are kept up, and the change can be taken back as ever.
   * Then it is to be ended, by `ending` or by a `ChangePlan`. Counted from completion by what is deployed: deploy a longer one to keep
   * it open. 0 to 90 days.
   * @default Duration.days(14)
   */
  readonly reverseWindow?: Duration;

  /**
   * How long before the end of the reverse window the alarm `windowClosing` goes off.
   * @default Duration.hours(24), or half of the window where that is less
   */
  readonly windowWarning?: Duration;

  /**
   * Where runs, checkpoints and evidence are recorded. Several changes may share one.
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
