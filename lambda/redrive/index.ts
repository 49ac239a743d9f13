import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { SQSClient } from '@aws-sdk/client-sqs';
import { dynamoClient } from '../adapters/dynamodb-client';
import { readBatchWith } from '../adapters/dynamodb-streams';
import { loadModel, settings, streamArns, variable } from '../adapters/environment';
import { type Invoked, identitiesOf } from '../adapters/identity';
import { metricsPublisher } from '../adapters/metrics';
import { type Invocation, remainingOf, routingOf } from '../adapters/routing';
import { databaseOf, freshTokens, ledgerOf, once, systemClock } from '../adapters/services';
import { SqsQueue } from '../adapters/sqs';
import type { Statement } from '../core/statement';
import { type Redriven, type RedrivePorts, redrive } from './redrive';

const dynamo = dynamoClient();
const sqs = new SQSClient();
const readBatch = readBatchWith(new DynamoDBStreamsClient());

const ports = once(async (): Promise<Omit<RedrivePorts, 'remaining' | 'identities'>> => {
  const at = settings();
  const model = await loadModel(at.schemas);
  return {
    database: databaseOf(dynamo, at, model),
    model,
    ledger: ledgerOf(dynamo, at),
    routing: routingOf(at),
    tokens: freshTokens,
    poison: new SqsQueue(sqs, variable('POISON_QUEUE_URL')),
    givenUp: new SqsQueue(sqs, variable('GIVEN_UP_QUEUE_URL')),
    readBatch,
    streams: streamArns(),
    publish: metricsPublisher(at.metricNamespace, at.migration),
    now: systemClock.now,
  };
});

/** Called by an operator after the transform or the data was mended, with { reason, by, proof }, each optional. */
export async function handler(event: Partial<Statement>, invocation: Invocation & Invoked): Promise<Redriven> {
  const identities = identitiesOf(settings(), invocation);
  return redrive({ ...(await ports()), remaining: remainingOf(invocation), identities }, event);
}
