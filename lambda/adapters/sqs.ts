import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Queue } from '../core/poison';

/** Seconds for which a received message is hidden from others: longer than settling a batch of them takes. */
const HIDDEN_SECONDS = 120;

/** Seconds to wait for a message: a long poll asks every server, a short one may miss some (Amazon SQS Developer Guide, "Short and long polling"). */
const WAIT_SECONDS = 1;

/** A standard queue of Amazon SQS. */
export class SqsQueue implements Queue {
  constructor(
    private readonly client: SQSClient,
    private readonly url: string,
  ) {}

  async send(text: string): Promise<void> {
    await this.client.send(new SendMessageCommand({ QueueUrl: this.url, MessageBody: text }));
  }

  async receive(): Promise<{ text: string; receipt: string }[]> {
    const { Messages = [] } = await this.client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.url,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: HIDDEN_SECONDS,
        WaitTimeSeconds: WAIT_SECONDS,
      }),
    );
    return Messages.map(({ Body, ReceiptHandle }) => ({ text: Body as string, receipt: ReceiptHandle as string }));
  }

  async remove(receipt: string): Promise<void> {
    await this.client.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle: receipt }));
  }

  async putBack(receipt: string): Promise<void> {
    await this.client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: this.url, ReceiptHandle: receipt, VisibilityTimeout: 0 }),
    );
  }

  async waiting(): Promise<number> {
    return this.count(['ApproximateNumberOfMessages']);
  }

  /** A message that was sent less than a minute ago may be missing (Amazon SQS API, GetQueueAttributes). */
  async held(): Promise<number> {
    return this.count([
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ]);
  }

  private async count(AttributeNames: QueueAttributeName[]): Promise<number> {
    const { Attributes } = await this.client.send(new GetQueueAttributesCommand({ QueueUrl: this.url, AttributeNames }));
    return AttributeNames.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0);
  }
}
