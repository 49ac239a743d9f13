import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { PAGE, rowOf } from './graph';
import { budgetRows } from './rows/budget';
import { comparedRow, latencyRow } from './rows/latency';
import { progressRow } from './rows/progress';
import { queuesRow } from './rows/queues';
import { replicationRow } from './rows/replication';
import { capacityRow, throttlingRow } from './rows/saturation';
import { signalRows } from './rows/signals';
import { truthRow } from './rows/truth';
import type { Sight } from './sight';

/** What a `MigrationDashboard` shows. */
export interface MigrationDashboardProps extends Sight {
  /** What stands on top. */
  readonly title: string;
}

/** Alarms side by side in the widget of their states. */
const ALARMS = 4;

/**
 * One page for a change, what matters first: alarms as they stand, how far it is, whether both sides agree, what waits, how fast it is
 * and how near to its limits. Rows are only there where they have data; a threshold stands on the metric that it is of.
 */
export class MigrationDashboard extends Construct {
  /** The dashboard. */
  readonly dashboard: cloudwatch.Dashboard;

  constructor(scope: Construct, id: string, props: MigrationDashboardProps) {
    super(scope, id);
    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', { defaultInterval: undefined });
    this.dashboard.addWidgets(new cloudwatch.TextWidget({ markdown: `# ${props.title}`, width: PAGE, height: 1 }));
    this.dashboard.addWidgets(standing(props));
    const rows = [
      ...[progressRow(props), truthRow(props), replicationRow(props), queuesRow(props)],
      ...[comparedRow(props), latencyRow(props), ...budgetRows(props), ...signalRows(props)],
      ...[capacityRow(props), throttlingRow(props)],
    ];
    for (const row of rows) if (row.length > 0) this.dashboard.addWidgets(...rowOf(row));
  }
}

function standing({ triggers, calls }: Sight): cloudwatch.IWidget {
  const alarms = [...triggers.map(({ alarm }) => alarm), ...calls];
  const height = 2 + Math.ceil(alarms.length / ALARMS);
  return new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms, width: PAGE, height });
}
