import type { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { retryStart, retryTransient, SHORT } from './retries';
import { call, run } from './states';

const { Condition, JsonPath } = sfn;

/** One change of a plan. */
export interface ChangeStepProps {
  /** Names its states. */
  readonly name: string;
  readonly rollout: sfn.IStateMachine;
  readonly close: lambda.IFunction;
  readonly window: Duration;
}

/**
 * Rolls one change out, unless that was done before, and closes it when its window is over. Fails where the rollout does, and with
 * `NotCompleted` where the change is taken back while its window is open.
 */
export class ChangeStep extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, { name, rollout, close, window }: ChangeStepProps) {
    super(scope, id);
    const ask = (what: string, payload: { [name: string]: unknown }) =>
      retryTransient(call(this, `${name}: ${what}`, { fn: close, payload, resultPath: '$.change' }), SHORT);
    const look = ask('look', { look: true });
    const rollOut = run(this, `${name}: roll out`, rollout, { reason: JsonPath.format('Plan {}', JsonPath.executionName) });
    retryStart(rollOut, SHORT);
    const end = ask('close', { window: window.toSeconds() });
    const wait = new sfn.Wait(this, `${name}: wait`, { time: sfn.WaitTime.secondsPath('$.change.wait') });
    const closed = new sfn.Pass(this, `${name}: closed`);
    const done = Condition.booleanEquals('$.change.completed', true);
    look.next(new sfn.Choice(this, `${name}: rolled out?`).when(done, end).otherwise(rollOut.next(end)));
    const over = Condition.booleanEquals('$.change.closed', true);
    end.next(new sfn.Choice(this, `${name}: closed?`).when(over, closed).otherwise(wait.next(end)));
    this.startState = look;
    this.endStates = [closed];
  }
}
