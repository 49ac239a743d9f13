import { SFNClient } from '@aws-sdk/client-sfn';
import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { ledgerOf } from '../adapters/services';
import { TaskCallbacks } from '../adapters/sfn';
import type { Statement } from '../core/statement';
import type { PauseState } from '../pause/pause';
import { resume } from './resume';

const dynamo = dynamoClient();
const callbacks = new TaskCallbacks(new SFNClient());

/** Called by an operator with { reason, by }: permission to call it is permission to resume. */
export async function handler(event: Statement): Promise<PauseState> {
  return resume({ ledger: ledgerOf(dynamo, settings()), callbacks }, event);
}
