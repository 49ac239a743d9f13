import { archiveClient } from '../adapters/archive';
import { dynamoClient } from '../adapters/dynamodb-client';
import { loadModel, settings } from '../adapters/environment';
import { metricsPublisher } from '../adapters/metrics';
import { type Invocation, remainingOf, routingOf } from '../adapters/routing';
import { archiveOf, databaseOf, freshTokens, ledgerOf, once, systemClock } from '../adapters/services';
import { type DifferencesInput, type DifferencesPorts, type DifferencesResult, differences } from './differences';

const dynamo = dynamoClient();
const s3 = archiveClient();

const ports = once(async (): Promise<Omit<DifferencesPorts, 'remaining'>> => {
  const at = settings();
  return {
    database: databaseOf(dynamo, at),
    model: await loadModel(at.schemas),
    ledger: ledgerOf(dynamo, at),
    archive: archiveOf(s3, at),
    routing: routingOf(at),
    tokens: freshTokens,
    clock: systemClock,
    publish: metricsPublisher(at.metricNamespace, at.migration),
  };
});

/** A task of a reconciliation, after the sketches of all slices. */
export async function handler(event: DifferencesInput, invocation: Invocation): Promise<DifferencesResult> {
  return differences({ ...(await ports()), remaining: remainingOf(invocation) }, event);
}
