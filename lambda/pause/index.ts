import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { type Invoked, identitiesOf } from '../adapters/identity';
import { ledgerOf } from '../adapters/services';
import type { Statement } from '../core/statement';
import { type PauseState, pause } from './pause';

const dynamo = dynamoClient();

/** Called by an operator with { reason, by, proof }: permission to call it is permission to pause. */
export async function handler(event: Statement, invoked: Invoked): Promise<PauseState> {
  const at = settings();
  return pause({ ledger: ledgerOf(dynamo, at), identities: identitiesOf(at, invoked) }, event);
}
