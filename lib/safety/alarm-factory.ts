import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** When an alarm goes off. */
export interface AlarmThreshold {
  readonly metric: cloudwatch.IMetric;
  readonly threshold: number;
  readonly comparison: cloudwatch.ComparisonOperator;
  /** The newest windows, of one period of the metric each, and how many of them must be beyond the threshold. */
  readonly windows: number;
  readonly breaching: number;
  /** True where a window without data counts as one beyond the threshold. */
  readonly failOnMissing: boolean;
  /** What the alarm means and what it does. */
  readonly description: string;
}

/**
 * Makes alarms that AppConfig may monitor. Missing data is never INSUFFICIENT_DATA: AppConfig reverts on that, too
 * (AWS AppConfig User Guide, "Monitoring deployments for automatic rollback"), and a quiet migration has no data.
 */
export function createAlarm(scope: Construct, id: string, props: AlarmThreshold): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, id, {
    metric: props.metric,
    threshold: props.threshold,
    comparisonOperator: props.comparison,
    evaluationPeriods: props.windows,
    datapointsToAlarm: props.breaching,
    alarmDescription: props.description,
    treatMissingData: props.failOnMissing ? cloudwatch.TreatMissingData.BREACHING : cloudwatch.TreatMissingData.NOT_BREACHING,
  });
}
