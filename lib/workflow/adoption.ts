import type { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { retryTransient, SHORT } from './retries';
import { call, RUN } from './states';
import type { AmendTasks } from './tasks';

/** Waits until nobody writes without the client any more, for as long as it takes. */
export class Adoption extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  /** `quiet`: how long no such write may have come. */
  constructor(scope: Construct, id: string, tasks: AmendTasks, quiet: Duration) {
    super(scope, id);
    const payload = { ...RUN, quiet: quiet.toSeconds() };
    const look = call(this, 'Look for writers without the client', { fn: tasks.adoption, payload, resultPath: '$.adoption' });
    const wait = new sfn.Wait(this, 'Wait for them', { time: sfn.WaitTime.secondsPath('$.adoption.wait') });
    const adopted = new sfn.Pass(this, 'Adopted');
    retryTransient(look, SHORT).next(
      new sfn.Choice(this, 'Adopted?').when(sfn.Condition.numberEquals('$.adoption.wait', 0), adopted).otherwise(wait.next(look)),
    );
    this.startState = look;
    this.endStates = [adopted];
  }
}
