import { archiveClient } from '../adapters/archive';
import { dynamoClient } from '../adapters/dynamodb-client';
import { loadModel, settings } from '../adapters/environment';
import { type Invocation, remainingOf } from '../adapters/routing';
import { archiveOf, databaseOf, freshTokens, ledgerOf, once, systemClock } from '../adapters/services';
import { type SketchInput, type SketchPorts, type SketchResult, sketch } from './sketch';

const dynamo = dynamoClient();
const s3 = archiveClient();

const ports = once(async (): Promise<Omit<SketchPorts, 'remaining'>> => {
  const at = settings();
  const model = await loadModel(at.schemas);
  return {
    database: databaseOf(dynamo, at, model),
    model,
    ledger: ledgerOf(dynamo, at),
    archive: archiveOf(s3, at),
    tokens: freshTokens,
    clock: systemClock,
  };
});

/** The task of a child execution of a reconciliation's Distributed Map, called until it is done. */
export async function handler(event: SketchInput, invocation: Invocation): Promise<SketchResult> {
  return sketch({ ...(await ports()), remaining: remainingOf(invocation) }, event);
}
