import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { IndexDefinition } from '../../lambda/core/index-definition';
import { LONG, retryTransient } from './retries';
import { call, RUN } from './states';

/** The index, and what it is where the rollout makes it. */
export interface BuildIndexProps {
  readonly index: string;
  readonly create?: IndexDefinition;
}

/** Waits until an index is there and filled, for as long as it takes. */
export class BuildIndex extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, fn: lambda.IFunction, props: BuildIndexProps) {
    super(scope, id);
    const look = call(this, 'Look for the index', { fn, payload: { ...RUN, ...props }, resultPath: '$.built' });
    const wait = new sfn.Wait(this, 'Wait for the index', { time: sfn.WaitTime.secondsPath('$.built.wait') });
    const built = new sfn.Pass(this, 'Index is filled');
    // Another change of the table may be under way, and only one is made at a time.
    retryTransient(look, LONG).next(
      new sfn.Choice(this, 'Filled?').when(sfn.Condition.numberEquals('$.built.wait', 0), built).otherwise(wait.next(look)),
    );
    this.startState = look;
    this.endStates = [built];
  }
}
