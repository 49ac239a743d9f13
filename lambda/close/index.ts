import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { dynamoClient } from '../adapters/dynamodb-client';
import { loadPlan, settings } from '../adapters/environment';
import { EventSources } from '../adapters/event-sources';
import { type Invoked, identitiesOf } from '../adapters/identity';
import { DynamoIndexes, OldIndex } from '../adapters/indexes';
import { once } from '../adapters/services';
import { SqsQueue } from '../adapters/sqs';
import { DynamoTables } from '../adapters/tables';
import { connect } from '../prove/connect';
import { type CheckResult, type CloseEvent, type ClosePorts, type CloseResult, close } from './close';

const dynamo = dynamoClient();
const lambda = new LambdaClient();
const sqs = new SQSClient();

const ports = once(async (): Promise<Omit<ClosePorts, 'identities'>> => {
  const { eventSources, dropIndex, tables, reverseWindow, poisonQueueUrl, givenUpQueueUrl } = settings();
  const plan = loadPlan();
  const old = dropIndex ? [new OldIndex(new DynamoIndexes(dynamo, tables.target), dropIndex)] : [];
  const waiting = (url: string | undefined) => async () => (url ? new SqsQueue(sqs, url).held() : 0);
  return {
    ...(await connect()),
    ...{ plan, reverseWindow },
    remains: [new EventSources(lambda, eventSources), ...old],
    // A reindex writes no items.
    keeps: plan.kind === 'reindex' ? [] : [...new Set([tables.legacy, tables.target])],
    tables: new DynamoTables(dynamo),
    ...{ poison: waiting(poisonQueueUrl), givenUp: waiting(givenUpQueueUrl) },
  };
});

/** A task of the ending workflow and of a change plan. */
export async function handler(event: CloseEvent, invoked: Invoked): Promise<CloseResult | CheckResult> {
  return close({ ...(await ports()), identities: identitiesOf(settings(), invoked) }, event);
}
