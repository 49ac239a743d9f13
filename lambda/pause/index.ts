import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { ledgerOf } from '../adapters/services';
import type { Statement } from '../core/statement';
import { type PauseState, pause } from './pause';

const dynamo = dynamoClient();

/** Called by an operator with { reason, by }: permission to call it is permission to pause. */
export async function handler(event: Statement): Promise<PauseState> {
  return pause({ ledger: ledgerOf(dynamo, settings()) }, event);
}
