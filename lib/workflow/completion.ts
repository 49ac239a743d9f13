import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { HookSpec } from '../../lambda/core/hook';
import type { Expectations } from '../../lambda/core/hypothesis';
import { askHooks } from './hooks';
import { LONG, retryTransient, STUBBORN } from './retries';
import { call, RUN } from './states';
import type { StageTasks } from './tasks';

/** Asks what may refuse it, records that the rollout is complete, and gives the lease up. Afterwards the run is certified, where that is asked for. */
export class Completion extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[] = [];
  /** What comes when the rollout is over: a failure of it takes nothing back. */
  readonly afterwards: sfn.State[] = [];

  constructor(scope: Construct, id: string, tasks: StageTasks, expected: Expectations, hooks: HookSpec[]) {
    super(scope, id);
    const finish = call(this, 'Complete', {
      fn: tasks.finish,
      payload: { ...RUN, outcome: 'completed', expected },
      resultPath: sfn.JsonPath.DISCARD,
    });
    const completed = new sfn.Succeed(this, 'Completed');
    retryTransient(finish, STUBBORN).next(tasks.certify ? this.certify(tasks.certify).next(completed) : completed);
    this.startState = hooks.length > 0 ? askHooks(this, 'Complete', tasks, hooks).next(finish).startState : finish;
  }

  /** Whoever has mended what it failed of redrives the execution (AWS Step Functions Developer Guide, "Redriving executions"). */
  private certify(fn: lambda.IFunction): sfn.TaskStateBase {
    const certify = call(this, 'Certify', { fn, payload: { run: RUN.run }, resultPath: sfn.JsonPath.DISCARD });
    this.afterwards.push(certify);
    return retryTransient(certify, LONG);
  }
}
