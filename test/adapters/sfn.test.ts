import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { StepFunctions, TaskCallbacks } from '../../lambda/adapters/sfn';

const sfn = mockClient(SFNClient);
const executions = new StepFunctions(new SFNClient({ region: 'eu-west-1' }));

beforeEach(() => sfn.reset());

test('starts under a name; one that was used is told apart', async () => {
  sfn
    .on(StartExecutionCommand)
    .resolvesOnce({})
    .rejectsOnce(new ExecutionAlreadyExists({ message: 'used', $metadata: {} }))
    .rejects(new Error('no access'));
  expect(await executions.start('machine', 'name', { mode: 'soft' })).toBe(true);
  expect(sfn).toHaveReceivedCommandWith(StartExecutionCommand, {
    stateMachineArn: 'machine',
    name: 'name',
    input: '{"mode":"soft"}',
  });
  expect(await executions.start('machine', 'name', {})).toBe(false);
  await expect(executions.start('machine', 'name', {})).rejects.toThrow('no access');
});

test('stops what runs, and leaves alone what has ended or never was', async () => {
  sfn.on(DescribeExecutionCommand).resolvesOnce({ status: 'RUNNING' }).resolvesOnce({ status: 'FAILED' });
  await executions.stop('e', 'TakenOver', 'because');
  expect(sfn).toHaveReceivedCommandWith(StopExecutionCommand, { executionArn: 'e', error: 'TakenOver', cause: 'because' });
  await executions.stop('e', 'TakenOver', 'because');
  expect(sfn).toHaveReceivedCommandTimes(StopExecutionCommand, 1);
  sfn.on(DescribeExecutionCommand).rejects(new ExecutionDoesNotExist({ message: 'none', $metadata: {} }));
  expect(await executions.running('e')).toBe(false);
});

test('answers tasks that wait, and is told when none does any more', async () => {
  const callbacks = new TaskCallbacks(new SFNClient({ region: 'eu-west-1' }));
  sfn
    .on(SendTaskSuccessCommand)
    .resolvesOnce({})
    .rejectsOnce(new TaskTimedOut({ message: 'late', $metadata: {} }));
  expect(await callbacks.succeed('token', { approved: ['dba'] })).toBe(true);
  expect(sfn).toHaveReceivedCommandWith(SendTaskSuccessCommand, { taskToken: 'token', output: '{"approved":["dba"]}' });
  expect(await callbacks.succeed('token', {})).toBe(false);
  sfn
    .on(SendTaskFailureCommand)
    .rejectsOnce(new TaskDoesNotExist({ message: 'none', $metadata: {} }))
    .rejectsOnce(new InvalidToken({ message: 'none', $metadata: {} }))
    .rejects(new Error('no access'));
  expect(await callbacks.fail('token', 'GateFailed', 'x'.repeat(40_000))).toBe(false);
  expect(sfn.commandCalls(SendTaskFailureCommand)[0]?.args[0].input.cause).toHaveLength(32_768);
  expect(await callbacks.fail('token', 'GateFailed', 'no')).toBe(false);
  await expect(callbacks.fail('token', 'GateFailed', 'no')).rejects.toThrow('no access');
});
