import { join } from 'node:path';
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { Deployment, Gate, RolloutLedger, Stage, StagedReindex, Timing, Transform } from '../../lib';
import { BAKES } from './stages';

/** Properties of the stack that moves the queries of the cities. */
export interface CitiesReindexProps extends StackProps {
  readonly cities: ITable;
  /** True for seconds in place of hours, few workers, and a ledger that goes with the stack. */
  readonly rehearsal: boolean;
}

/** Moves the query for the cities of a country to another index, in three stages. */
export class CitiesReindex extends Stack {
  readonly change: StagedReindex;

  constructor(scope: Construct, id: string, props: CitiesReindexProps) {
    super(scope, id, props);
    const { cities, rehearsal } = props;
    const bake = ({ real, rehearsed }: { real: number; rehearsed: number }) => Duration.seconds(rehearsal ? rehearsed : real);
    const deployment = rehearsal ? Deployment.immediate() : Deployment.linear();
    const reindex = new StagedReindex(this, 'CitiesByName', {
      table: cities,
      index: 'byCountryName',
      owner: 'Team Cities',
      transform: Transform.fromEntry(join(__dirname, 'cities-by-name.ts')),
      stages: [
        Stage.shadow({ sample: 50, bake: bake(BAKES.shadow), deployment, gates: [Gate.queries(['citiesOfCountry'])] }),
        Stage.percent(25, { bake: bake(BAKES.quarter), deployment }),
        Stage.full({ bake: bake(BAKES.full), deployment, gates: [Gate.indexCoherence('byCountryName')] }),
      ],
      ...(rehearsal
        ? {
            timing: Timing.rehearsal(),
            backfill: { maxConcurrency: 2, itemsPerSlice: 5000 },
            ledger: new RolloutLedger(this, 'Ledger', { removalPolicy: RemovalPolicy.DESTROY }),
          }
        : {}),
    });
    this.change = reindex;

    new CfnOutput(this, 'Migration', { value: reindex.migrationId });
    new CfnOutput(this, 'Client', { value: this.toJsonString(reindex.clientConfiguration) });
    new CfnOutput(this, 'LedgerTable', { value: reindex.ledger.table.tableName });
    new CfnOutput(this, 'RolloutStateMachine', { value: reindex.stateMachine.stateMachineArn });
    new CfnOutput(this, 'RollbackStateMachine', { value: reindex.rollbackStateMachine.stateMachineArn });
    new CfnOutput(this, 'FirstAlarm', { value: reindex.alarms[0]?.alarmName as string });
  }
}
