import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Expectations } from '../../lambda/core/hypothesis';
import { retryTransient, STUBBORN } from './retries';
import { call, RUN } from './states';
import type { StageTasks } from './tasks';

/** Records that the rollout is complete and gives the lease up. */
export class Completion extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[] = [];

  constructor(scope: Construct, id: string, tasks: StageTasks, expected: Expectations) {
    super(scope, id);
    const finish = call(this, 'Complete', {
      fn: tasks.finish,
      payload: { ...RUN, outcome: 'completed', expected },
      resultPath: sfn.JsonPath.DISCARD,
    });
    retryTransient(finish, STUBBORN).next(new sfn.Succeed(this, 'Completed'));
    this.startState = finish;
  }
}
