import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { retryTransient, SHORT } from './retries';
import { call } from './states';
import type { StageTasks } from './tasks';

/**
 * Takes the lease. What the execution was started with, such as a `reason`, goes along; afterwards the state is
 * `{ run, generation }`. When it fails there is nothing to take back.
 */
export class Begin extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, tasks: StageTasks) {
    super(scope, id);
    const name = new sfn.Pass(this, 'Name the run', { inputPath: '$$.Execution.Name', resultPath: '$.run' });
    const holder = new sfn.Pass(this, 'Name the holder', { inputPath: '$$.Execution.Id', resultPath: '$.holder' });
    const begin = retryTransient(call(this, 'Begin', { fn: tasks.begin }), SHORT);
    name.next(holder).next(begin);
    this.startState = name;
    this.endStates = [begin];
  }
}
