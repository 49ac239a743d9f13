import { SFNClient } from '@aws-sdk/client-sfn';
import { dynamoClient } from '../adapters/dynamodb-client';
import { settings, variable } from '../adapters/environment';
import { ledgerOf } from '../adapters/services';
import { TaskCallbacks } from '../adapters/sfn';
import { type ApproveInput, type ApproveResult, approve } from './approve';

const dynamo = dynamoClient();
const callbacks = new TaskCallbacks(new SFNClient());

/** Called by an approver: there is a function for each, so that permission to call it is permission to decide. */
export async function handler(event: ApproveInput): Promise<ApproveResult> {
  return approve({ ledger: ledgerOf(dynamo, settings()), callbacks, approver: variable('APPROVER') }, event);
}
