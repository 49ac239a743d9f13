import { LambdaClient } from '@aws-sdk/client-lambda';
import { dynamoClient } from '../adapters/dynamodb-client';
import { loadModel, settings } from '../adapters/environment';
import { EventSources } from '../adapters/event-sources';
import { DynamoIndexes, OldIndex } from '../adapters/indexes';
import { appConfigClient, controlOf, databaseOf, freshTokens, ledgerOf, once, systemClock } from '../adapters/services';
import { type CloseEvent, type ClosePorts, type CloseResult, close } from './close';

const dynamo = dynamoClient();
const appConfig = appConfigClient();
const lambda = new LambdaClient();

const ports = once(async (): Promise<ClosePorts> => {
  const at = settings();
  const model = await loadModel(at.schemas);
  const ledger = ledgerOf(dynamo, at);
  return {
    ledger,
    control: controlOf(appConfig, at, ledger),
    database: databaseOf(dynamo, at, model),
    model,
    tokens: freshTokens,
    random: Math.random,
    clock: systemClock,
    remains: [
      new EventSources(lambda, at.eventSources),
      ...(at.dropIndex ? [new OldIndex(new DynamoIndexes(dynamo, at.tables.target), at.dropIndex)] : []),
    ],
  };
});

/** Called by a change plan, or by whoever ends a change: `{}`, again until it answers `closed: true`. */
export async function handler(event: CloseEvent): Promise<CloseResult> {
  return close(await ports(), event);
}
