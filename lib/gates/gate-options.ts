import type { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';

/** Options of every gate. */
export interface GateOptions {
  /**
   * Tells the gates of one stage apart, in the ledger and in messages: letters, digits, space, `.`, `_` and `-`, up to 60.
   * @default - the id of the alarm or of the function, or the name of the metric
   */
  readonly id?: string;
  /**
   * True for a gate that records what it would have done, and ends no stage.
   * @default false
   */
  readonly observeOnly?: boolean;
  /**
   * Evaluations in a row that may be inconclusive, because there is no data, before the stage ends with `NotMeasured`. 0 to
   * 1000. An observation with an inconclusive gate does not count for the bake.
   * @default 10
   */
  readonly inconclusiveBudget?: number;
  /**
   * Evaluations in a row in which the measurement itself may fail before the stage ends with `NotMeasured`. 0 to 1000.
   * @default 3
   */
  readonly errorBudget?: number;
}

/** Options of `Gate.shadowReads()`. */
export interface ShadowReadsOptions extends GateOptions {
  /**
   * Percent of the compared reads that may differ. 0 to 100.
   * @default 0
   */
  readonly maxMismatch?: number;
  /**
   * Compared reads before the gate says successful; until then it is inconclusive. 1 to a billion.
   * @default 1000
   */
  readonly minSamples?: number;
}

/** Options of `Gate.latency()`. */
export interface LatencyOptions extends GateOptions {
  /**
   * Percentiles that are compared. Each 1 to 99.9, at least one.
   * @default - 50, 95 and 99
   */
  readonly percentiles?: number[];
  /**
   * Percent by which those of the target may be above those of legacy. 0 to 1000.
   * @default 10
   */
  readonly maxPercentAbove?: number;
  /**
   * Timed reads of each side before the gate says anything; until then it is inconclusive. At least what notices a share of
   * slow reads three times as large nine times of ten, with one false alarm in 75,000 looks: 2,942 for the 99th percentile. Up to a
   * billion.
   * @default - that least number
   */
  readonly minSamples?: number;
}

/** Options of `Gate.compatibility()`. */
export interface CompatibilityOptions {
  /**
   * Items of the legacy table that are looked at, from up to 100 random places. 1 to 100,000; a table with fewer is looked at whole.
   * @default 1000
   */
  readonly sample?: number;
  /**
   * True to write down what was found, and to end no stage.
   * @default false
   */
  readonly observeOnly?: boolean;
}

/** Options of `Gate.promotion()`. */
export interface PromotionOptions {
  /**
   * The bucket in which the other environment keeps its certificates: `ledger.archive` of the migration there. Imported, it needs its
   * `encryptionKey`: `Bucket.fromBucketAttributes({ bucketName, encryptionKey: Key.fromKeyArn(...) })`.
   */
  readonly certificates: s3.IBucket;
  /** The key with which they are signed: `certificateKey` of the migration there. */
  readonly key: kms.IKey;
  /**
   * Id of the migration there: its `migrationId`.
   * @default - the same as here, as for one stack in two accounts
   */
  readonly migration?: string;
  /**
   * How long ago the run may have completed, when the stage begins. 1 to 365 days.
   * @default Duration.days(30)
   */
  readonly within?: Duration;
}

/** Options of `Gate.queries()`. */
export interface QueriesOptions {
  /**
   * Questions of each pattern, no two with the same params, taken from up to ten times as many legacy items at random. Each is a
   * query of both tables. 1 to 1000.
   * @default 100
   */
  readonly sample?: number;
  /**
   * True to write down what was found, and to end no stage.
   * @default false
   */
  readonly observeOnly?: boolean;
}

/** Options of `Gate.approval()`. */
export interface ApprovalOptions {
  /**
   * Names of those who may decide, such as `dba` and `product-owner`: letters, digits and `-`, a letter first, up to 30. Who acts
   * under a name is up to IAM: `grants.approve(grantee, name)`.
   */
  readonly approvers: string[];
  /**
   * So many of them must approve. One rejection is enough to take traffic back. 1 to all of them.
   * @default - all of them
   */
  readonly atLeast?: number;
  /**
   * How long the stage waits for it. One minute to 300 days.
   * @default Duration.days(7)
   */
  readonly expiresAfter?: Duration;
  /**
   * True where whoever approves must be somebody else than whoever started the run, and each approval somebody else's: by the name of
   * their user or of their session, whatever the role. Starting the run needs a proof of who starts it then (`IdentityNotProved`), and
   * so does an approval; one that does not count is refused (`DutiesNotSeparate`). A rejection counts from everybody.
   * @default false
   */
  readonly separateFromStarter?: boolean;
}

/** A day of the week. */
export enum Weekday {
  /** Sunday. */
  SUNDAY = 0,
  /** Monday. */
  MONDAY = 1,
  /** Tuesday. */
  TUESDAY = 2,
  /** Wednesday. */
  WEDNESDAY = 3,
  /** Thursday. */
  THURSDAY = 4,
  /** Friday. */
  FRIDAY = 5,
  /** Saturday. */
  SATURDAY = 6,
}

/** Options of `Gate.window()`. */
export interface WindowOptions {
  /**
   * IANA name of the time zone of all the others, such as `Europe/Berlin`.
   * @default UTC
   */
  readonly timeZone?: string;
  /**
   * The days on which it is open. At least one.
   * @default - Monday to Friday
   */
  readonly days?: Weekday[];
  /**
   * When it opens, `HH:MM`.
   * @default 09:00
   */
  readonly from?: string;
  /**
   * When it shuts, `HH:MM`, later than `from`; `24:00` is midnight.
   * @default 17:00
   */
  readonly to?: string;
  /**
   * Dates on which it stays shut, `YYYY-MM-DD`, such as the days of a sale.
   * @default - none
   */
  readonly blackouts?: string[];
  /**
   * Names of AWS Systems Manager change calendars of this account and Region, or ARNs of those that are shared with it, up to 10. All
   * have to be OPEN, within the days and times above: for the calendars alone give all seven days, from `00:00` to `24:00`. One
   * that is CLOSED is looked at again when it says that it opens, and once an hour at least. A token is taken for a name, unless
   * its text begins with `arn:`.
   *
   * The history of a rollout has room for about a hundred days of looks at a calendar that stays CLOSED (AWS Step Functions
   * Developer Guide, "Quotas": 25,000 events).
   * @default - none
   */
  readonly calendars?: string[];
}

/** Options of `Gate.indexCoherence()`. */
export interface IndexCoherenceOptions {
  /**
   * True to report only: the stage never depends on it.
   * @default false
   */
  readonly observeOnly?: boolean;
}

/** Options of `Gate.reconciliation()`. */
export interface ReconciliationGateOptions {
  /**
   * True to list and to count what differs, and to end no stage.
   * @default false
   */
  readonly observeOnly?: boolean;
}

/** Options of `Gate.metric()`. Give one of the four bounds. */
export interface MetricGateOptions extends GateOptions {
  /**
   * A value above this is beyond the bound.
   * @default - no upper bound
   */
  readonly atMost?: number;
  /**
   * A value below this is beyond the bound.
   * @default - no lower bound
   */
  readonly atLeast?: number;
  /**
   * A value more than so many percent above the average of the time before the run is beyond the bound. At least 0.
   * @default - no bound above the baseline
   */
  readonly maxPercentAboveBaseline?: number;
  /**
   * A value more than so many percent below the average of the time before the run is beyond the bound. 0 to 100.
   * @default - no bound below the baseline
   */
  readonly maxPercentBelowBaseline?: number;
  /**
   * How much of the time before the run is the baseline. One period of the metric to 14 days.
   * @default Duration.hours(1)
   */
  readonly baseline?: Duration;
  /**
   * Windows that are looked at in each observation, the newest ones that began after the shift. A window is one period of the
   * metric. 1 to 100.
   * @default 5
   */
  readonly windows?: number;
  /**
   * So many windows beyond the bound fail the gate. 1 to `windows`.
   * @default 3
   */
  readonly breaching?: number;
  /**
   * True where a window without data is beyond the bound. Otherwise it says nothing; no data at all is inconclusive, never good.
   * @default false
   */
  readonly failOnMissing?: boolean;
}
