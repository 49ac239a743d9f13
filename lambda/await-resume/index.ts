import { SFNClient } from '@aws-sdk/client-sfn';
import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { ledgerOf } from '../adapters/services';
import { TaskCallbacks } from '../adapters/sfn';
import type { WaitingShift } from '../resume/go-on';
import { awaitResume } from './await-resume';

const dynamo = dynamoClient();
const callbacks = new TaskCallbacks(new SFNClient());

/** A task of the shift workflow, where a release was held back because the run is paused. */
export async function handler(event: WaitingShift): Promise<void> {
  return awaitResume({ ledger: ledgerOf(dynamo, settings()), callbacks }, event);
}
