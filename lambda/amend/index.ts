import { dynamoClient } from '../adapters/dynamodb-client';
import { loadModel, loadPlan, settings } from '../adapters/environment';
import { metricsPublisher } from '../adapters/metrics';
import { type Invocation, remainingOf } from '../adapters/routing';
import { databaseOf, freshTokens, ledgerOf, once, systemClock } from '../adapters/services';
import { type AmendInput, type AmendPorts, type AmendResult, amendSlice } from './amend';

const dynamo = dynamoClient();

const ports = once(async (): Promise<Omit<AmendPorts, 'remaining'>> => {
  const at = settings();
  const model = await loadModel(at.schemas);
  return {
    database: databaseOf(dynamo, at, model),
    model,
    amendment: { model, earlier: loadPlan().earlier ?? [] },
    ledger: ledgerOf(dynamo, at),
    clock: systemClock,
    tokens: freshTokens,
    publish: metricsPublisher(at.metricNamespace, at.migration),
    speed: at,
  };
});

/** The task of a child execution of an amendment's Distributed Map, called until it is done. */
export async function handler(event: AmendInput, invocation: Invocation): Promise<AmendResult> {
  return amendSlice({ ...(await ports()), remaining: remainingOf(invocation) }, event);
}
