import type { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke, StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

const { JsonPath, TaskInput } = sfn;

/** The part of the state that every task gets: which run, and under which lease. */
export const RUN = { run: JsonPath.stringAt('$.run'), generation: JsonPath.numberAt('$.generation') };

/** What a `call` passes on, and where its answer goes. */
export interface CallProps {
  readonly fn: lambda.IFunction;
  /** @default - the whole state */
  readonly payload?: { readonly [name: string]: unknown };
  /** @default - the answer becomes the state */
  readonly resultPath?: string;
}

/** Calls a task. Retries are the phase's own. */
export function call(scope: Construct, id: string, props: CallProps): LambdaInvoke {
  return new LambdaInvoke(scope, id, {
    lambdaFunction: props.fn,
    payload: props.payload && TaskInput.fromObject(props.payload),
    payloadResponseOnly: true,
    retryOnServiceExceptions: false,
    resultPath: props.resultPath,
  });
}

/** What an `ask` passes on, and how long it waits. */
export interface AskProps {
  readonly fn: lambda.IFunction;
  readonly payload: { readonly [name: string]: unknown };
  /** @default - as long as the execution may run, which is a year */
  readonly timeout?: Duration;
}

/** Calls a task and waits until somebody answers with its token, which costs nothing. The payload also tells which try it is. */
export function ask(scope: Construct, id: string, { fn, payload, timeout }: AskProps): LambdaInvoke {
  return new LambdaInvoke(scope, id, {
    lambdaFunction: fn,
    integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    payload: TaskInput.fromObject({
      ...payload,
      token: JsonPath.taskToken,
      entered: JsonPath.stateEnteredTime,
      attempt: JsonPath.numberAt('$$.State.RetryCount'),
    }),
    taskTimeout: timeout && sfn.Timeout.duration(timeout),
    retryOnServiceExceptions: false,
    resultPath: JsonPath.DISCARD,
  });
}

/** Runs another workflow and waits for its end. Keeps `$.Output` under `resultPath`, or nothing. */
export function run(
  scope: Construct,
  id: string,
  stateMachine: sfn.IStateMachine,
  input: { readonly [name: string]: unknown },
  resultPath: string = JsonPath.DISCARD,
): StepFunctionsStartExecution {
  return new StepFunctionsStartExecution(scope, id, {
    stateMachine,
    input: TaskInput.fromObject(input),
    associateWithParent: true,
    integrationPattern: sfn.IntegrationPattern.RUN_JOB,
    resultSelector: resultPath === JsonPath.DISCARD ? undefined : { 'output.$': '$.Output' },
    resultPath,
  });
}
