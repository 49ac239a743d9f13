import { dynamoClient } from '../adapters/dynamodb-client';
import { loadModel, settings } from '../adapters/environment';
import { metricsPublisher } from '../adapters/metrics';
import { type Invocation, remainingOf } from '../adapters/routing';
import { databaseOf, ledgerOf, once, systemClock } from '../adapters/services';
import { type BackfillInput, type BackfillPorts, type BackfillResult, backfill } from './backfill';

const dynamo = dynamoClient();

const ports = once(async (): Promise<Omit<BackfillPorts, 'remaining'>> => {
  const at = settings();
  const model = await loadModel(at.schemas);
  return {
    database: databaseOf(dynamo, at, model),
    model,
    ledger: ledgerOf(dynamo, at),
    clock: systemClock,
    publish: metricsPublisher(at.metricNamespace, at.migration),
    speed: at,
  };
});

/** The task of a child execution of the backfill's Distributed Map, called until it is done. */
export async function handler(event: BackfillInput, invocation: Invocation): Promise<BackfillResult> {
  return backfill({ ...(await ports()), remaining: remainingOf(invocation) }, event);
}
