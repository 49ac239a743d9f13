import { dynamoClient } from '../adapters/dynamodb-client';
import { loadModel, settings } from '../adapters/environment';
import { metricsPublisher } from '../adapters/metrics';
import { type Invocation, remainingOf, routingOf } from '../adapters/routing';
import { databaseOf, freshTokens, ledgerOf, once, systemClock } from '../adapters/services';
import { type ReconcileInput, type ReconcilePorts, type ReconcileResult, reconcile } from './reconcile';

const dynamo = dynamoClient();

const ports = once(async (): Promise<Omit<ReconcilePorts, 'remaining'>> => {
  const at = settings();
  return {
    database: databaseOf(dynamo, at),
    model: await loadModel(at.schemas),
    ledger: ledgerOf(dynamo, at),
    routing: routingOf(at),
    tokens: freshTokens,
    clock: systemClock,
    publish: metricsPublisher(at.metricNamespace, at.migration),
  };
});

/** The task of a child execution of a reconciliation's Distributed Map, called until it is done. */
export async function handler(event: ReconcileInput, invocation: Invocation): Promise<ReconcileResult> {
  return reconcile({ ...(await ports()), remaining: remainingOf(invocation) }, event);
}
