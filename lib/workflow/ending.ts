import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Machine } from './machine';
import { retryStart, retryTransient, SHORT } from './retries';
import { call, run } from './states';

const { Condition, JsonPath } = sfn;

/** What an `Ending` joins. */
export interface EndingProps {
  readonly close: lambda.IFunction;
  /** Compares both tables, where there are two. */
  readonly comparison?: sfn.StateMachine;
  readonly logRetention: logs.RetentionDays;
}

/**
 * Ends a change for good: looks whether it may be ended, compares both tables in full, and takes it down in order. It has no lease while
 * it compares, so that the way back stays open until the last moment. A failure before the change is closed leaves all as it was;
 * started again after one behind that, it goes on where it was.
 */
export class Ending extends Construct {
  /** The workflow. Start it with `{ "reason": "...", "by": "<who>" }`, and `"early": true` before the window is over. */
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, { close: fn, comparison, logRetention }: EndingProps) {
    super(scope, id);
    const asked = { asked: JsonPath.objectAt('$$.Execution.Input'), execution: JsonPath.executionId };
    const check = retryTransient(call(this, 'Check', { fn, payload: { step: 'check', ...asked } }), SHORT);
    const compared = comparison ? { compared: { by: JsonPath.executionName, since: JsonPath.executionStartTime } } : {};
    const close = call(this, 'Close', { fn, payload: { step: 'close', ...asked, ...compared }, resultPath: '$.ending' });
    const wait = new sfn.Wait(this, 'Wait', { time: sfn.WaitTime.secondsPath('$.ending.wait') });
    const closed = new sfn.Choice(this, 'Closed?')
      .when(Condition.booleanEquals('$.ending.closed', true), new sfn.Succeed(this, 'Closed'))
      .otherwise(wait.next(close));
    retryTransient(close, SHORT).next(closed);
    const rest = comparison ? this.compare(comparison, close) : close;
    check.next(new sfn.Choice(this, 'Begun before?').when(Condition.booleanEquals('$.closed', true), close).otherwise(rest));
    this.stateMachine = new Machine(this, 'Machine', {
      definition: check,
      comment: 'Ends a change of a DynamoDB table for good',
      logRetention,
      calls: [fn],
      runs: comparison ? [comparison] : [],
    });
  }

  /** What the comparison failed with is what the ending fails with. */
  private compare(comparison: sfn.StateMachine, then: sfn.TaskStateBase): sfn.TaskStateBase {
    const compare = run(this, 'Compare', comparison, {
      ...{ run: JsonPath.stringAt('$.run'), generation: JsonPath.numberAt('$.generation') },
      slices: JsonPath.numberAt('$.slices'),
      stage: JsonPath.format('end-{}', JsonPath.executionName),
      observeOnly: false,
    });
    retryStart(compare, SHORT);
    const why = new sfn.Pass(this, 'Not equal', {
      parameters: { 'told.$': 'States.StringToJson($.failure.Cause)' },
    });
    const failed = new sfn.Fail(this, 'Failed', { errorPath: '$.told.Error', causePath: '$.told.Cause' });
    compare.addCatch(why.next(failed), { errors: ['States.TaskFailed'], resultPath: '$.failure' });
    compare.next(then);
    return compare;
  }
}
