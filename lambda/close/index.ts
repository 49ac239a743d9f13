import { LambdaClient } from '@aws-sdk/client-lambda';
import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { EventSources } from '../adapters/event-sources';
import { DynamoIndexes, OldIndex } from '../adapters/indexes';
import { once } from '../adapters/services';
import { connect } from '../prove/connect';
import { type CloseEvent, type ClosePorts, type CloseResult, close } from './close';

const dynamo = dynamoClient();
const lambda = new LambdaClient();

const ports = once(async (): Promise<ClosePorts> => {
  const { eventSources, dropIndex, tables } = settings();
  const old = dropIndex ? [new OldIndex(new DynamoIndexes(dynamo, tables.target), dropIndex)] : [];
  return { ...(await connect()), remains: [new EventSources(lambda, eventSources), ...old] };
});

/** Called by a change plan, or by whoever ends a change: `{}`, again until it answers `closed: true`. */
export async function handler(event: CloseEvent): Promise<CloseResult> {
  return close(await ports(), event);
}
