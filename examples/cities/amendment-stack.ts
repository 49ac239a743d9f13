import { join } from 'node:path';
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { Cohort, Deployment, Gate, RolloutLedger, Stage, StagedAmendment, Timing, Transform } from '../../lib';
import { APPROVER, BAKES, PILOTS } from './stages';

/** Properties of the stack that amends the cities. */
export interface CitiesAmendmentProps extends StackProps {
  readonly cities: ITable;
  /** True for seconds in place of hours, few workers, and a ledger that goes with the stack. */
  readonly rehearsal: boolean;
}

/** Changes the cities of the new table in place, in two stages. */
export class CitiesAmendment extends Stack {
  readonly change: StagedAmendment;

  constructor(scope: Construct, id: string, props: CitiesAmendmentProps) {
    super(scope, id, props);
    const { cities, rehearsal } = props;
    const bake = ({ real, rehearsed }: { real: number; rehearsed: number }) => Duration.seconds(rehearsal ? rehearsed : real);
    const deployment = rehearsal ? Deployment.immediate() : Deployment.linear();
    const amendment = new StagedAmendment(this, 'CitiesV3', {
      table: cities,
      owner: 'Team Cities',
      transform: Transform.fromEntry(join(__dirname, 'cities-v3.ts')),
      stages: [
        Stage.pilot({ cohort: Cohort.keys([...PILOTS].map((id) => `CITY#${id}`)), bake: bake(BAKES.pilot), deployment }),
        Stage.percent(25, { bake: bake(BAKES.quarter), deployment }),
        Stage.full({ bake: bake(BAKES.full), deployment, gates: [Gate.approval({ approvers: [APPROVER] })] }),
      ],
      ...(rehearsal
        ? {
            timing: Timing.rehearsal(),
            backfill: { maxConcurrency: 2, itemsPerSlice: 5000 },
            ledger: new RolloutLedger(this, 'Ledger', { removalPolicy: RemovalPolicy.DESTROY }),
          }
        : {}),
    });
    this.change = amendment;

    new CfnOutput(this, 'Migration', { value: amendment.migrationId });
    new CfnOutput(this, 'Client', { value: this.toJsonString(amendment.clientConfiguration) });
    new CfnOutput(this, 'LedgerTable', { value: amendment.ledger.table.tableName });
    new CfnOutput(this, 'RolloutStateMachine', { value: amendment.stateMachine.stateMachineArn });
    new CfnOutput(this, 'RollbackStateMachine', { value: amendment.rollbackStateMachine.stateMachineArn });
    new CfnOutput(this, 'Approval', { value: amendment.approvals[APPROVER]?.functionName as string });
    new CfnOutput(this, 'FirstAlarm', { value: amendment.alarms[0]?.alarmName as string });
  }
}
