import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { ledgerOf } from '../adapters/services';
import { type SliceSums, sumSlices } from './sum-slices';

const dynamo = dynamoClient();

/** A task of the rollout and rollback workflows. */
export async function handler(event: { readonly run: string; readonly phase: string }): Promise<SliceSums> {
  return sumSlices(ledgerOf(dynamo, settings()), event);
}
