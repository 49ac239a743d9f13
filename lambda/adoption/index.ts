import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { ledgerOf, systemClock } from '../adapters/services';
import { type AdoptionInput, type AdoptionResult, adoption } from './adoption';

const dynamo = dynamoClient();

/** A task of the rollout workflow of an amendment, before its first stage. */
export async function handler(event: AdoptionInput): Promise<AdoptionResult> {
  return adoption({ ledger: ledgerOf(dynamo, settings()), clock: systemClock }, event);
}
