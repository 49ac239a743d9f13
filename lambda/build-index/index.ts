import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { DynamoIndexes } from '../adapters/indexes';
import { ledgerOf, once, systemClock } from '../adapters/services';
import { type BuildIndexInput, type BuildIndexPorts, type BuildIndexResult, buildIndex } from './build-index';

const dynamo = dynamoClient();

const ports = once(async (): Promise<BuildIndexPorts> => {
  const at = settings();
  return { ledger: ledgerOf(dynamo, at), indexes: new DynamoIndexes(dynamo, at.tables.target), clock: systemClock };
});

/** Called again after each wait. */
export async function handler(event: BuildIndexInput): Promise<BuildIndexResult> {
  return buildIndex(await ports(), event);
}
