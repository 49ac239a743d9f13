import { GetEventSourceMappingCommand, LambdaClient, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { EventSources } from '../../lambda/adapters/event-sources';

const functions = mockClient(LambdaClient);
const sources = new EventSources(new LambdaClient({ region: 'eu-west-1' }), ['forward', 'reverse']);
beforeEach(() => functions.reset());

test('disables what is enabled, waits for what changes, and is done when all are disabled', async () => {
  functions.on(GetEventSourceMappingCommand, { UUID: 'forward' }).resolves({ State: 'Enabled' });
  functions.on(GetEventSourceMappingCommand, { UUID: 'reverse' }).resolves({ State: 'Updating' });
  functions.on(UpdateEventSourceMappingCommand).resolves({});
  expect(await sources.remove()).toBe(false);
  expect(functions).toHaveReceivedCommandTimes(UpdateEventSourceMappingCommand, 1);
  expect(functions).toHaveReceivedCommandWith(UpdateEventSourceMappingCommand, { UUID: 'forward', Enabled: false });
  functions.on(GetEventSourceMappingCommand).resolves({ State: 'Disabled' });
  expect(await sources.remove()).toBe(true);
});

test('a change without streams has nothing to stop', async () => {
  expect(await new EventSources(new LambdaClient({ region: 'eu-west-1' }), []).remove()).toBe(true);
});
