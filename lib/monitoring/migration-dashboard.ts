import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { MigrationMetrics } from './migration-metrics';

/** What a `MigrationDashboard` shows. */
export interface MigrationDashboardProps {
  /** What stands on top. */
  readonly title: string;
  readonly metrics: MigrationMetrics;
  /** The alarms that take traffic back, and the one that says that it did not come back. */
  readonly alarms: cloudwatch.IAlarm[];
  /** Where changes wait that could not be carried over, where any are carried. */
  readonly poisonQueue?: sqs.IQueue;
  /** Where batches wait that were given up, where a stream is read. */
  readonly givenUpQueue?: sqs.IQueue;
}

/** One page for a migration: alarms, progress, divergence, lag, and what is stuck. */
export class MigrationDashboard extends Construct {
  /** The dashboard. */
  readonly dashboard: cloudwatch.Dashboard;

  constructor(scope: Construct, id: string, props: MigrationDashboardProps) {
    super(scope, id);
    const { metrics } = props;
    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', { defaultInterval: undefined });
    this.dashboard.addWidgets(new cloudwatch.TextWidget({ markdown: `# ${props.title}`, width: 24, height: 1 }));
    this.dashboard.addWidgets(new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: props.alarms, width: 24, height: 3 }));
    this.dashboard.addWidgets(
      graph('Progress (items a minute)', metrics.backfilledItems(), metrics.repaired()),
      graph('Divergence', metrics.divergence()),
      graph('Replication lag (seconds)', metrics.replicationLag()),
    );
    this.dashboard.addWidgets(
      graph('Compared reads', metrics.shadowReads(), metrics.shadowMismatch()),
      graph('Writers without the client', metrics.unadoptedWrites()),
      graph('Deliveries to repeat', metrics.replicationErrors()),
      graph(
        'Stuck changes',
        metrics.poisonRecords(),
        ...waiting(props.poisonQueue, 'Poison queue'),
        ...waiting(props.givenUpQueue, 'Batches given up'),
      ),
    );
  }
}

function waiting(queue: sqs.IQueue | undefined, label: string): cloudwatch.IMetric[] {
  return queue ? [queue.metricApproximateNumberOfMessagesVisible({ label })] : [];
}

function graph(title: string, ...left: cloudwatch.IMetric[]): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ title, left, width: 8, height: 6 });
}
