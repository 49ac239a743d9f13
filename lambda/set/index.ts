import { SFNClient } from '@aws-sdk/client-sfn';
import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { type Invoked, identitiesOf } from '../adapters/identity';
import { ledgerOf } from '../adapters/services';
import { StepFunctionsMapRuns } from '../adapters/sfn';
import { type SetEvent, type SpeedState, set } from './set';

const dynamo = dynamoClient();
const mapRuns = new StepFunctionsMapRuns(new SFNClient());

/** Called by an operator with { maxWriteUnits, maxConcurrency, reason, by, proof }: permission to call it is permission to set them. */
export async function handler(event: SetEvent, invoked: Invoked): Promise<SpeedState> {
  const at = settings();
  return set({ ledger: ledgerOf(dynamo, at), mapRuns, identities: identitiesOf(at, invoked), speed: at }, event);
}
