import { dynamoClient } from '../adapters/dynamodb-client';
import { loadModel, settings } from '../adapters/environment';
import { metricsPublisher } from '../adapters/metrics';
import { ledgerOf, once } from '../adapters/services';
import { recordsOf, type StreamEvent } from '../replicate/stream-event';
import { type CensusPorts, census } from './census';

const dynamo = dynamoClient();

const ports = once(async (): Promise<CensusPorts> => {
  const at = settings();
  const { version } = await loadModel(at.schemas);
  return { ledger: ledgerOf(dynamo, at), publish: metricsPublisher(at.metricNamespace, at.migration), version };
});

/** Called by the event source of the table's stream. What it throws has the batch delivered again. */
export async function handler(event: StreamEvent): Promise<Record<string, never>> {
  await census(await ports(), recordsOf(event));
  return {};
}
