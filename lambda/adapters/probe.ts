import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Probe } from '../core/control';

/** Characters of a function's error that are told. */
const TOLD = 500;

/** Calls Lambda functions and waits for their answers. */
export function probeWith(client: LambdaClient): Probe {
  return async (FunctionName, event) => {
    const { FunctionError, Payload } = await client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
    const text = Payload ? Buffer.from(Payload).toString() : '';
    if (FunctionError) throw new Error(`Function ${FunctionName} failed: ${text.slice(0, TOLD)}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}
