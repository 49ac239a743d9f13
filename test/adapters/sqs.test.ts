import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { SqsQueue } from '../../lambda/adapters/sqs';

const sqs = mockClient(SQSClient);
const queue = new SqsQueue(new SQSClient({ region: 'eu-west-1' }), 'https://queue');

beforeEach(() => sqs.reset());

test('sends', async () => {
  await queue.send('text');
  expect(sqs).toHaveReceivedCommandWith(SendMessageCommand, { QueueUrl: 'https://queue', MessageBody: 'text' });
});

test('receives up to ten, by a long poll, hidden long enough to settle them', async () => {
  sqs.on(ReceiveMessageCommand).resolves({ Messages: [{ Body: 'text', ReceiptHandle: 'receipt' }] });
  expect(await queue.receive()).toEqual([{ text: 'text', receipt: 'receipt' }]);
  expect(sqs).toHaveReceivedCommandWith(ReceiveMessageCommand, {
    QueueUrl: 'https://queue',
    MaxNumberOfMessages: 10,
    VisibilityTimeout: 120,
    WaitTimeSeconds: 1,
  });
});

test('an empty queue gives nothing', async () => {
  sqs.on(ReceiveMessageCommand).resolves({});
  expect(await queue.receive()).toEqual([]);
});

test('puts back at once', async () => {
  await queue.putBack('receipt');
  expect(sqs).toHaveReceivedCommandWith(ChangeMessageVisibilityCommand, {
    QueueUrl: 'https://queue',
    ReceiptHandle: 'receipt',
    VisibilityTimeout: 0,
  });
});

test('removes, and counts what waits', async () => {
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: '3' } });
  await queue.remove('receipt');
  expect(sqs).toHaveReceivedCommandWith(DeleteMessageCommand, { QueueUrl: 'https://queue', ReceiptHandle: 'receipt' });
  expect(await queue.waiting()).toBe(3);
});

test('counts what somebody works on, too', async () => {
  sqs.on(GetQueueAttributesCommand).resolves({
    Attributes: { ApproximateNumberOfMessages: '1', ApproximateNumberOfMessagesNotVisible: '2' },
  });
  expect(await queue.held()).toBe(3);
});
