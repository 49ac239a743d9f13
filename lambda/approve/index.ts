import { SFNClient } from '@aws-sdk/client-sfn';
import { dynamoClient } from '../adapters/dynamodb-client';
import { settings, variable } from '../adapters/environment';
import { type Invoked, identitiesOf } from '../adapters/identity';
import { ledgerOf } from '../adapters/services';
import { TaskCallbacks } from '../adapters/sfn';
import { type ApproveInput, type ApproveResult, approve } from './approve';

const dynamo = dynamoClient();
const callbacks = new TaskCallbacks(new SFNClient());

/** Called by an approver: there is a function for each, so that permission to call it is permission to decide. */
export async function handler(event: ApproveInput, invoked: Invoked): Promise<ApproveResult> {
  const at = settings();
  const ports = { ledger: ledgerOf(dynamo, at), callbacks, identities: identitiesOf(at, invoked) };
  return approve({ ...ports, approver: variable('APPROVER') }, event);
}
