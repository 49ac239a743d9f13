import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { StepFunctions } from '../../lambda/adapters/sfn';

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
