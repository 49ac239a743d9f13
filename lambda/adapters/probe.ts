import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Probe } from '../core/control';

/** Characters of a function's error that are told. */
const TOLD = 500;

/** Seconds for an answer, unless the caller says otherwise: an observation has two minutes for everything. */
const PATIENCE = 30;

/** Calls Lambda functions and waits for their answers. */
export function probeWith(client: LambdaClient): Probe {
  return async (FunctionName, event, seconds = PATIENCE) => {
    const call = new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) });
    const { FunctionError, Payload } = await client.send(call, { abortSignal: AbortSignal.timeout(seconds * 1000) });
    const text = Payload ? Buffer.from(Payload).toString() : '';
    if (FunctionError) throw new Error(`Function ${FunctionName} failed: ${text.slice(0, TOLD)}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}
