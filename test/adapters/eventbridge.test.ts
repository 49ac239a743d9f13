import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { busOf } from '../../lambda/adapters/eventbridge';

const events = mockClient(EventBridgeClient);
const put = busOf(new EventBridgeClient({ region: 'eu-west-1' }), 'operations');
const publication = { detailType: 'Rollout Begun', at: '2026-11-20T12:00:00.000Z', detail: '{"seq":1}' };
beforeEach(() => events.reset());

test('an entry names its bus, source, type and time', async () => {
  events.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
  expect(await put([publication])).toEqual([undefined]);
  const Time = new Date(publication.at);
  expect(events).toHaveReceivedCommandWith(PutEventsCommand, {
    Entries: [
      {
        ...{ EventBusName: 'operations', Source: 'cdk-dynamodb-rollout', DetailType: 'Rollout Begun' },
        ...{ Time, Detail: '{"seq":1}' },
      },
    ],
  });
});

test('what was not taken is told, and why; what has no answer was not taken', async () => {
  const Entries = [{ EventId: '1' }, { ErrorCode: 'ThrottlingException', ErrorMessage: 'slowly' }];
  events.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries });
  expect(await put([publication, publication, publication])).toEqual([undefined, 'ThrottlingException: slowly', 'No answer: ']);
});

test('a request that fails is a failure of all', async () => {
  events.on(PutEventsCommand).rejects(new Error('no access'));
  await expect(put([publication])).rejects.toThrow('no access');
});
