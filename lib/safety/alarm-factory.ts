import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** Thresholds of an alarm. */
export interface AlarmThreshold {
  readonly metric: cloudwatch.IMetric;
  readonly threshold: number;
  readonly comparison: cloudwatch.ComparisonOperator;
  /** Minutes in a row that must be beyond the threshold. */
  readonly minutes: number;
  /** What the alarm means and what it does. */
  readonly description: string;
}

/**
 * Makes alarms that AppConfig may monitor. Missing data is not breaching: AppConfig reverts on INSUFFICIENT_DATA too
 * (AWS AppConfig User Guide, "Monitoring deployments for automatic rollback"), and a quiet migration has no data.
 */
export function createAlarm(scope: Construct, id: string, props: AlarmThreshold): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, id, {
    metric: props.metric,
    threshold: props.threshold,
    comparisonOperator: props.comparison,
    evaluationPeriods: props.minutes,
    alarmDescription: props.description,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
}
