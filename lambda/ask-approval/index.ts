import { SFNClient } from '@aws-sdk/client-sfn';
import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { ledgerOf } from '../adapters/services';
import { TaskCallbacks } from '../adapters/sfn';
import { type AskInput, askApproval } from './ask-approval';

const dynamo = dynamoClient();
const callbacks = new TaskCallbacks(new SFNClient());

/** A task of the rollout workflow, before a stage that somebody has to approve. */
export async function handler(event: AskInput): Promise<void> {
  return askApproval({ ledger: ledgerOf(dynamo, settings()), callbacks }, event);
}
