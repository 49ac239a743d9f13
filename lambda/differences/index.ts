import { archiveClient } from '../adapters/archive';
import { dynamoClient } from '../adapters/dynamodb-client';
import { loadModel, settings } from '../adapters/environment';
import { metricsPublisher } from '../adapters/metrics';
import { type Invocation, remainingOf, routingOf } from '../adapters/routing';
import {
  appConfigClient,
  archiveOf,
  controlOf,
  databaseOf,
  freshTokens,
  ledgerOf,
  once,
  planOf,
  systemClock,
} from '../adapters/services';
import { requirePrompt } from '../observe/prompt';
import { type DifferencesInput, type DifferencesPorts, type DifferencesResult, differences } from './differences';

const dynamo = dynamoClient();
const appConfig = appConfigClient();
const s3 = archiveClient();

const ports = once(async (): Promise<Omit<DifferencesPorts, 'remaining'>> => {
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
    archive: archiveOf(s3, at),
    routing: routingOf(at),
    tokens: freshTokens,
    publish: metricsPublisher(at.metricNamespace, at.migration),
  };
});

/** A task of a reconciliation, after the sketches of all slices. */
export async function handler(event: DifferencesInput, invocation: Invocation): Promise<DifferencesResult> {
  return differences({ ...(await ports()), remaining: remainingOf(invocation) }, event);
}
