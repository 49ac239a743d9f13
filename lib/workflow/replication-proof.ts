import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { LONG, retryTransient } from './retries';
import { call, RUN } from './states';
import type { WorkflowTasks } from './tasks';

/** Proves forward replication before the first slice. A new event source mapping may take minutes to come up. */
export class ReplicationProof extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, tasks: WorkflowTasks) {
    super(scope, id);
    const prove = call(this, 'Prove forward replication', {
      fn: tasks.prove,
      payload: { ...RUN, lane: 'lead' },
      resultPath: sfn.JsonPath.DISCARD,
    });
    this.startState = retryTransient(prove, LONG);
    this.endStates = [prove];
  }
}
