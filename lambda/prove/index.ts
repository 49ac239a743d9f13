import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { SQSClient } from '@aws-sdk/client-sqs';
import { dynamoClient } from '../adapters/dynamodb-client';
import { openTailWith } from '../adapters/dynamodb-streams';
import { loadModel, settings, streamArns, variable } from '../adapters/environment';
import { appConfigClient, controlOf, databaseOf, freshTokens, ledgerOf, once, systemClock } from '../adapters/services';
import { SqsQueue } from '../adapters/sqs';
import { type ProveEvent, type ProvePorts, type ProveResult, prove } from './prove';

const dynamo = dynamoClient();
const appConfig = appConfigClient();
const sqs = new SQSClient();
const openTail = openTailWith(new DynamoDBStreamsClient());

const ports = once(async (): Promise<ProvePorts> => {
  const at = settings();
  const model = await loadModel(at.schemas);
  const ledger = ledgerOf(dynamo, at);
  return {
    ledger,
    control: controlOf(appConfig, at, ledger),
    database: databaseOf(dynamo, at, model),
    model,
    openTail,
    givenUp: () => new SqsQueue(sqs, variable('GIVEN_UP_QUEUE_URL')).held(),
    streams: streamArns(),
    tokens: freshTokens,
    random: Math.random,
    clock: systemClock,
  };
});

/** A task of the rollout and shift workflows. */
export async function handler(event: ProveEvent): Promise<ProveResult> {
  return prove(await ports(), event);
}
