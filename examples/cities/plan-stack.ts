import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ChangePlan, ChangeSet, type StagedAmendment, type StagedMigration, type StagedReindex } from '../../lib';

/** Properties of the stack that plans all changes of the cities. */
export interface CitiesPlanProps extends StackProps {
  readonly rehydrate: StagedMigration;
  readonly amend: StagedAmendment;
  readonly reindex: StagedReindex;
  /** True for seconds in place of days. */
  readonly rehearsal: boolean;
}

/** The three changes of the cities, one after the other: another table, other items in it, another index of it. */
export class CitiesPlan extends Stack {
  constructor(scope: Construct, id: string, props: CitiesPlanProps) {
    super(scope, id, props);
    const { rehydrate, amend, reindex, rehearsal } = props;
    const reverseWindow = rehearsal ? Duration.seconds(10) : Duration.days(14);
    const plan = new ChangePlan(this, 'Plan', {
      changes: [
        ChangeSet.rehydrate(rehydrate, { reverseWindow }),
        ChangeSet.amend(amend, { reverseWindow }),
        ChangeSet.reindex(reindex, { reverseWindow }),
      ],
    });
    new CfnOutput(this, 'PlanStateMachine', { value: plan.stateMachine.stateMachineArn });
  }
}
