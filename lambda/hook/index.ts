import { LambdaClient } from '@aws-sdk/client-lambda';
import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { probeWith } from '../adapters/probe';
import { ledgerOf, planOf } from '../adapters/services';
import { type HookInput, hook } from './hook';

const dynamo = dynamoClient();
const probe = probeWith(new LambdaClient());

/** A task of the rollout workflow, before a stage, or the completion, that has hooks. */
export async function handler(event: HookInput): Promise<Record<string, never>> {
  const at = settings();
  return hook({ ledger: ledgerOf(dynamo, at), probe, plan: planOf(at), migration: at.migration }, event);
}
