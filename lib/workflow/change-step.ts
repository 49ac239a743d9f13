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
  readonly ending: sfn.IStateMachine;
  readonly close: lambda.IFunction;
}

/**
 * Rolls one change out, unless that was done before, and ends it when its window is over. Fails where the rollout or the ending does, and
 * with `NotCompleted` where the change is taken back while its window is open.
 */
export class ChangeStep extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, { name, rollout, ending, close }: ChangeStepProps) {
    super(scope, id);
    const ask = (what: string, step: string) =>
      retryTransient(call(this, `${name}: ${what}`, { fn: close, payload: { step }, resultPath: '$.change' }), SHORT);
    const start = (what: string, machine: sfn.IStateMachine, more: { [name: string]: unknown } = {}) => {
      const state = run(this, `${name}: ${what}`, machine, {
        reason: JsonPath.format('Plan {}', JsonPath.executionName),
        ...more,
      });
      retryStart(state, SHORT);
      return state;
    };
    const look = ask('look', 'look');
    const rollOut = start('roll out', rollout);
    const window = ask('window', 'await');
    const wait = new sfn.Wait(this, `${name}: wait`, { time: sfn.WaitTime.secondsPath('$.change.wait') });
    const end = start('end', ending, { by: 'the plan' });
    const closed = new sfn.Pass(this, `${name}: closed`);
    const done = Condition.booleanEquals('$.change.completed', true);
    look.next(new sfn.Choice(this, `${name}: rolled out?`).when(done, window).otherwise(rollOut.next(window)));
    window.next(
      new sfn.Choice(this, `${name}: over?`)
        .when(Condition.numberGreaterThan('$.change.wait', 0), wait.next(window))
        .otherwise(end.next(closed)),
    );
    this.startState = look;
    this.endStates = [closed];
  }
}
