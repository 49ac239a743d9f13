import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { SQSClient } from '@aws-sdk/client-sqs';
import { openTailWith } from '../adapters/dynamodb-streams';
import { streamArns, variable } from '../adapters/environment';
import { once } from '../adapters/services';
import { SqsQueue } from '../adapters/sqs';
import { connect } from './connect';
import { type ProveEvent, type ProvePorts, type ProveResult, prove } from './prove';

const sqs = new SQSClient();
const openTail = openTailWith(new DynamoDBStreamsClient());

const ports = once(async (): Promise<ProvePorts> => {
  const givenUp = () => new SqsQueue(sqs, variable('GIVEN_UP_QUEUE_URL')).held();
  return { ...(await connect()), openTail, givenUp, streams: streamArns() };
});

/** A task of the rollout and shift workflows. */
export async function handler(event: ProveEvent): Promise<ProveResult> {
  return prove(await ports(), event);
}
