import type { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { GateSpec } from '../../lambda/core/gate';
import type { PromotionSpec } from '../../lambda/core/promotion';
import type { QueriesSpec } from '../../lambda/core/query-gate';
import type { CompatibilitySpec } from '../../lambda/core/survey';
import type { WindowSpec } from '../../lambda/core/window';
import type { Stage } from '../migration/stage';
import type { MigrationMetrics } from '../monitoring/migration-metrics';
import { requireName, requireWhole } from '../private/refuse';
import type { Risk } from '../safety/risk';
import type { ComparisonSpec, IndexSpec, StageApproval, StageChecks } from '../workflow/stage';
import type { Gate } from './gate';
import type { GateOptions } from './gate-options';

/** What a gate is to a stage: something before it begins, while it bakes, or afterwards. */
export interface GateParts {
  /** Tells the gates of one stage apart. */
  readonly id: string;
  /** The certificate of another environment that it needs before it begins. */
  readonly promotion?: PromotionParts;
  /** What is looked at in the legacy table before it begins. */
  readonly compatibility?: CompatibilitySpec;
  /** Who has to approve the stage before it begins. */
  readonly approval?: StageApproval;
  /** The window in which the stage may begin. */
  readonly window?: WindowSpec;
  /** What is evaluated in each observation while the stage bakes. */
  readonly observed?: ObservedGate;
  /** Queries that are asked of both tables after the bake. */
  readonly queries?: QueriesSpec;
  /** The index that is compared with its table after the bake. */
  readonly index?: IndexSpec;
  /** The comparison of both tables after the bake. */
  readonly comparison?: ComparisonSpec;
}

/** A certificate of another environment, and what it is read and verified with. */
export interface PromotionParts {
  readonly spec: PromotionSpec;
  readonly certificates: s3.IBucket;
  readonly key: kms.IKey;
}

/** A gate that is evaluated in each observation. */
export interface ObservedGate {
  spec(metrics: MigrationMetrics): GateSpec;
  /** Gives the observing function what it needs, besides describing alarms. */
  grant?(observer: lambda.IFunction): void;
  /** The shortest bake in which there is anything to measure. */
  readonly leastBake?: Duration;
  /** True for a metric of the user, which must come back to where it was after a rollback. */
  readonly isMetric?: boolean;
  /** True where it needs reads that clients compare. */
  readonly comparesReads?: boolean;
}

/** What the gates of a stage come to. */
export function checksOf(gates: Gate[], metrics: MigrationMetrics): StageChecks {
  const parts = gates.map(({ _parts }) => _parts);
  const one = <K extends keyof GateParts>(name: K) => parts.find((each) => each[name] !== undefined)?.[name];
  return {
    promotion: one('promotion')?.spec,
    compatibility: one('compatibility'),
    approval: one('approval'),
    window: one('window'),
    gates: parts.flatMap(({ observed }) => observed?.spec(metrics) ?? []),
    queries: one('queries'),
    indexes: parts.flatMap(({ index }) => index ?? []),
    comparison: one('comparison'),
  };
}

/** The gates of a stage, and those of the hypotheses that it bakes long enough to measure. */
export function gatesOf({ gates, bake }: Stage, risks: Risk[]): Gate[] {
  const isLong = ({ _parts }: Gate) => bake.isUnresolved() || bake.toSeconds() >= (_parts.observed?.leastBake?.toSeconds() ?? 0);
  return [...gates, ...risks.map(({ _gate }) => _gate).filter(isLong)];
}

/** Id and budgets of a gate. Refuses those that are out of range. */
export function commonOf(owner: string, id: string, options: GateOptions) {
  const { observeOnly = false, inconclusiveBudget = 10, errorBudget = 3 } = options;
  requireName(owner, 'id', id);
  requireWhole(owner, 'inconclusiveBudget', inconclusiveBudget, 0, 1000);
  requireWhole(owner, 'errorBudget', errorBudget, 0, 1000);
  return { id, observeOnly, inconclusiveBudget, errorBudget };
}

/** GetMetricData has no permissions per metric. */
export function allowMetricData(observer: lambda.IFunction): void {
  observer.addToRolePolicy(new iam.PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }));
}
