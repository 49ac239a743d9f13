import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { ledgerOf } from '../adapters/services';
import { type PlanSlicesInput, planSlices, type SlicesPlanned } from './plan-slices';

const dynamo = dynamoClient();

/** A task of the rollout and rollback workflows: its items go to a Distributed Map. */
export async function handler(event: PlanSlicesInput): Promise<SlicesPlanned> {
  const at = settings();
  return planSlices({ ledger: ledgerOf(dynamo, at), speed: at }, event);
}
