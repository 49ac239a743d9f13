import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { ledgerOf, once } from '../adapters/services';
import { type EvidenceEvent, evidence } from './evidence';

const dynamo = dynamoClient();
const ledger = once(async () => ledgerOf(dynamo, settings()));

/** The last task of a stage of the rollout workflow. */
export async function handler(event: EvidenceEvent): Promise<Record<string, never>> {
  return evidence(await ledger(), event);
}
