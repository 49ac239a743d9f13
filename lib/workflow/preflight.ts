import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { retryTransient, SHORT } from './retries';
import { call, RUN } from './states';
import type { StageTasks } from './tasks';

/** Looks for everything that would stop the rollout later. Leaves `$.preflight.slices`. */
export class Preflight extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  /** `queries`: names that the transform must have. */
  constructor(scope: Construct, id: string, tasks: StageTasks, queries: string[]) {
    super(scope, id);
    const preflight = call(this, 'Preflight', { fn: tasks.preflight, payload: { ...RUN, queries }, resultPath: '$.preflight' });
    this.startState = retryTransient(preflight, SHORT);
    this.endStates = [preflight];
  }
}
