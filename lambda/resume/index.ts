import { SFNClient } from '@aws-sdk/client-sfn';
import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { type Invoked, identitiesOf } from '../adapters/identity';
import { ledgerOf } from '../adapters/services';
import { TaskCallbacks } from '../adapters/sfn';
import type { Statement } from '../core/statement';
import type { PauseState } from '../pause/pause';
import { resume } from './resume';

const dynamo = dynamoClient();
const callbacks = new TaskCallbacks(new SFNClient());

/** Called by an operator with { reason, by, proof }: permission to call it is permission to resume. */
export async function handler(event: Statement, invoked: Invoked): Promise<PauseState> {
  const at = settings();
  return resume({ ledger: ledgerOf(dynamo, at), callbacks, identities: identitiesOf(at, invoked) }, event);
}
