import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { ReverseWindow } from '../change/reverse-window';
import type { MigrationMetrics } from '../monitoring/migration-metrics';
import { createAlarm } from './alarm-factory';

/** What `WindowAlarms` watch. */
export interface WindowAlarmsProps {
  readonly metrics: MigrationMetrics;
  readonly reverseWindow: ReverseWindow;
}

/** Minutes for which a window may be over before somebody is told: a plan closes it by itself. */
const GRACE = 60;

/** Tell that the way back is about to close, and that it should be closed and is not. They take nothing back. */
export class WindowAlarms extends Construct {
  /** Goes off before the window is over. */
  readonly windowClosing: cloudwatch.Alarm;
  /** Goes off when it is over, and the change was not ended. */
  readonly windowOver: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, { metrics, reverseWindow }: WindowAlarmsProps) {
    super(scope, id);
    this.windowClosing = createAlarm(this, 'WindowClosing', {
      metric: metrics.windowHoursLeft(),
      threshold: reverseWindow.warningHours,
      comparison: cloudwatch.ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
      ...{ windows: 1, breaching: 1, failOnMissing: false },
      description: 'The reverse window is about to be over: whoever wants to take the change back has to do it now.',
    });
    this.windowOver = createAlarm(this, 'WindowOver', {
      metric: metrics.windowHoursLeft(),
      threshold: 0,
      comparison: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      ...{ windows: GRACE, breaching: GRACE, failOnMissing: false },
      description: 'The reverse window is over, and both tables are still kept up and paid for: end the change.',
    });
  }
}
