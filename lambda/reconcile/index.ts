import { dynamoClient } from '../adapters/dynamodb-client';
import { loadModel, settings } from '../adapters/environment';
import { metricsPublisher } from '../adapters/metrics';
import { type Invocation, remainingOf, routingOf } from '../adapters/routing';
import { appConfigClient, controlOf, databaseOf, freshTokens, ledgerOf, once, planOf, systemClock } from '../adapters/services';
import { requirePrompt } from '../observe/prompt';
import { type ReconcileInput, type ReconcilePorts, type ReconcileResult, reconcile } from './reconcile';

const dynamo = dynamoClient();
const appConfig = appConfigClient();

const ports = once(async (): Promise<Omit<ReconcilePorts, 'remaining'>> => {
  const at = settings();
  const ledger = ledgerOf(dynamo, at);
  const own = { database: databaseOf(dynamo, at), model: await loadModel(at.schemas), ledger, clock: systemClock };
  const beating = {
    ...own,
    control: controlOf(appConfig, at, ledger),
    plan: planOf(at),
    tokens: freshTokens,
    random: Math.random,
  };
  return {
    ...own,
    requirePrompt: () => requirePrompt(beating),
    routing: routingOf(at),
    tokens: freshTokens,
    publish: metricsPublisher(at.metricNamespace, at.migration),
  };
});

/** The task of a child execution of a reconciliation's Distributed Map, called until it is done. */
export async function handler(event: ReconcileInput, invocation: Invocation): Promise<ReconcileResult> {
  return reconcile({ ...(await ports()), remaining: remainingOf(invocation) }, event);
}
