import { join } from 'node:path';
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { Cohort, Deployment, Gate, RolloutLedger, Stage, StagedMigration, Timing, Transform, Trigger } from '../../lib';
import { APPLICATION, APPROVER, BAKES, PILOTS, QUERIES } from './stages';

/** Properties of the stack that rolls the cities out. */
export interface CitiesRolloutProps extends StackProps {
  readonly legacy: ITable;
  readonly cities: ITable;
  /** True for seconds in place of hours, few workers, and a ledger that goes with the stack. */
  readonly rehearsal: boolean;
  /**
   * True to spread the tables of one stage of a rehearsal over a minute, the shortest that AppConfig does in steps.
   * @default false
   */
  readonly staged?: boolean;
  /**
   * True for a rehearsal of what takes minutes to see: a stage that bakes for as long, with what watches the application.
   * @default false
   */
  readonly watched?: boolean;
}

/** Moves the cities from one flat item each to a profile and a place, in four stages. */
export class CitiesRollout extends Stack {
  readonly change: StagedMigration;

  constructor(scope: Construct, id: string, props: CitiesRolloutProps) {
    super(scope, id, props);
    const { legacy, cities, rehearsal } = props;
    const bake = ({ real, rehearsed }: { real: number; rehearsed: number }) => Duration.seconds(rehearsal ? rehearsed : real);
    const watched = rehearsal && props.watched;
    const watching = watched || !rehearsal;
    const quarter = watched ? Duration.seconds(BAKES.quarter.watched) : bake(BAKES.quarter);
    const deployment = rehearsal ? Deployment.immediate() : Deployment.linear();
    const staged = rehearsal && props.staged ? Deployment.linear({ duration: Duration.minutes(1), growth: 50 }) : deployment;

    const migration = new StagedMigration(this, 'CitiesV2', {
      source: legacy,
      target: cities,
      owner: 'Team Cities',
      transform: Transform.fromEntry(join(__dirname, 'cities-v2.ts')),
      stages: [
        Stage.shadow({ sample: 10, bake: bake(BAKES.shadow), deployment, gates: [Gate.queries([...QUERIES])] }),
        Stage.pilot({ cohort: Cohort.keys([...PILOTS]), bake: bake(BAKES.pilot), deployment }),
        Stage.percent(25, {
          ...{ bake: quarter, deployment: staged, sample: watched ? 50 : 5 },
          gates: watching ? [Gate.shadowReads({ maxMismatch: 1, minSamples: 20, inconclusiveBudget: 100 })] : [],
        }),
        Stage.full({
          bake: bake(BAKES.full),
          deployment,
          gates: [Gate.approval({ approvers: [APPROVER] }), Gate.reconciliation()],
        }),
      ],
      triggers: [
        Trigger.divergence(),
        Trigger.replicationLag({ max: Duration.seconds(60) }),
        ...(watching ? this.ownTriggers(watched ? 1000 : 100) : []),
      ],
      ...(rehearsal ? this.rehearsalProps() : {}),
    });
    this.change = migration;

    new CfnOutput(this, 'Migration', { value: migration.migrationId });
    new CfnOutput(this, 'Client', { value: this.toJsonString(migration.clientConfiguration) });
    new CfnOutput(this, 'LedgerTable', { value: migration.ledger.table.tableName });
    new CfnOutput(this, 'RolloutStateMachine', { value: migration.stateMachine.stateMachineArn });
    new CfnOutput(this, 'RollbackStateMachine', { value: migration.rollbackStateMachine.stateMachineArn });
    new CfnOutput(this, 'Approval', { value: migration.approvals[APPROVER]?.functionName as string });
    new CfnOutput(this, 'FirstAlarm', { value: migration.alarms[0]?.alarmName as string });
  }

  /** What the users of the cities would notice: slow answers, and failed ones; and what comes before: a table that is throttled. */
  private ownTriggers(slowest: number): Trigger[] {
    const { Namespace: namespace, latency, errors } = APPLICATION;
    const metric = (metricName: string, statistic: string) =>
      new Metric({ namespace, metricName, statistic, period: Duration.minutes(1) });
    const windows = { windows: 3, breaching: 2 };
    return [
      Trigger.metric(metric(latency, 'p99'), { id: 'SlowCities', atMost: slowest, ...windows, reason: 'Pages wait for cities.' }),
      Trigger.throttling({ max: 10, ...windows, reason: 'The new table has too little capacity.' }),
      Trigger.metric(metric(errors, 'Sum'), { id: 'FailedCities', atMost: 20, ...windows, reason: 'Pages show no cities.' }),
    ];
  }

  private rehearsalProps() {
    return {
      timing: Timing.rehearsal(),
      backfill: { maxConcurrency: 2, itemsPerSlice: 5000 },
      ledger: new RolloutLedger(this, 'Ledger', { removalPolicy: RemovalPolicy.DESTROY }),
    };
  }
}
