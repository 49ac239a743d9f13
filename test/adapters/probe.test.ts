import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { probeWith } from '../../lambda/adapters/probe';

const functions = mockClient(LambdaClient);
const probe = probeWith(new LambdaClient({ region: 'eu-west-1' }));
beforeEach(() => functions.reset());

const payload = (text: string) => new Uint8Array(Buffer.from(text)) as never;

test('gives the answer of the function', async () => {
  functions.on(InvokeCommand).resolves({ Payload: payload('{"verdict":"successful"}') });
  expect(await probe('check', { run: 'run-1' })).toEqual({ verdict: 'successful' });
  expect(functions).toHaveReceivedCommandWith(InvokeCommand, { FunctionName: 'check', Payload: '{"run":"run-1"}' });
});

test('waits half a minute at most, or as long as it is told', async () => {
  const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
  functions.on(InvokeCommand).resolves({});
  await probe('check', {});
  expect(timeout).toHaveBeenCalledWith(30_000);
  const [, options] = functions.call(0).args as unknown as [unknown, { abortSignal: AbortSignal }];
  expect(options.abortSignal.aborted).toBe(true);
  await probe('check', {}, 5);
  expect(timeout).toHaveBeenLastCalledWith(5000);
  timeout.mockRestore();
});

test('a function that fails is a failure of the measurement', async () => {
  functions.on(InvokeCommand).resolves({ FunctionError: 'Unhandled', Payload: payload('{"errorMessage":"no table"}') });
  await expect(probe('check', {})).rejects.toThrow('Function check failed: {"errorMessage":"no table"}');
});

test('a function that answers nothing answers undefined', async () => {
  functions.on(InvokeCommand).resolves({});
  expect(await probe('check', {})).toBeUndefined();
});
