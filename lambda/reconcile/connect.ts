import { dynamoClient } from '../adapters/dynamodb-client';
import { loadModel, settings } from '../adapters/environment';
import { metricsPublisher } from '../adapters/metrics';
import { routingOf } from '../adapters/routing';
import { appConfigClient, controlOf, databaseOf, freshTokens, ledgerOf, planOf, systemClock } from '../adapters/services';
import { requirePrompt } from '../observe/prompt';
import type { SettlingSuspects } from './settle-suspects';

const dynamo = dynamoClient();
const appConfig = appConfigClient();

/** What settling suspects needs, on AWS, apart from the time that an invocation has. */
export async function connect(): Promise<Omit<SettlingSuspects, 'remaining'>> {
  const at = settings();
  const model = await loadModel(at.schemas);
  const ledger = ledgerOf(dynamo, at);
  const own = {
    database: databaseOf(dynamo, at, model),
    model,
    ledger,
    clock: systemClock,
    tokens: freshTokens,
  };
  const beating = { ...own, control: controlOf(appConfig, at, ledger), plan: planOf(at), random: Math.random };
  return {
    ...own,
    routing: routingOf(at),
    publish: metricsPublisher(at.metricNamespace, at.migration),
    requirePrompt: () => requirePrompt(beating),
  };
}
