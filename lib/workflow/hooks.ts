import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { HookSpec } from '../../lambda/core/hook';
import { retryTransient, SHORT } from './retries';
import { call, RUN } from './states';
import type { StageTasks } from './tasks';

/** Asks the hooks of a step, one after the other. The task knows which try is the last one, and what a failure then means. */
export function askHooks(
  scope: Construct,
  step: string,
  { hook }: StageTasks,
  hooks: HookSpec[],
  stage?: number,
): sfn.TaskStateBase {
  const payload = {
    ...RUN,
    ...(stage === undefined ? {} : { stage }),
    hooks,
    attempt: sfn.JsonPath.numberAt('$$.State.RetryCount'),
    retries: SHORT.attempts,
  };
  const asked = call(scope, `${step}: hook`, { fn: hook as lambda.IFunction, payload, resultPath: sfn.JsonPath.DISCARD });
  return retryTransient(asked, SHORT);
}
