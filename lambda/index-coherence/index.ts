import { archiveClient } from '../adapters/archive';
import { dynamoDatabase } from '../adapters/dynamodb';
import { callSeconds, dynamoClient } from '../adapters/dynamodb-client';
import { DynamoIndex, describeIndex } from '../adapters/dynamodb-index';
import { loadPlan, settings } from '../adapters/environment';
import { metricsPublisher } from '../adapters/metrics';
import { type Invocation, remainingOf, routingOf } from '../adapters/routing';
import { archiveOf, freshTokens, ledgerOf, once, systemClock } from '../adapters/services';
import { indexModel, indexView } from '../core/index-view';
import { type IndexCoherenceInput, type IndexCoherencePorts, type IndexCoherenceResult, indexCoherence } from './index-coherence';

const dynamo = dynamoClient();
const s3 = archiveClient();

const shared = once(async () => {
  const at = settings();
  return {
    ...{
      ledger: ledgerOf(dynamo, at),
      archive: archiveOf(s3, at),
      tokens: freshTokens,
      clock: systemClock,
      routing: routingOf(at),
    },
    publish: metricsPublisher(at.metricNamespace, at.migration),
  };
});

async function portsOf(name: string): Promise<Omit<IndexCoherencePorts, 'remaining'>> {
  const { tables, schemas } = settings();
  const seconds = callSeconds(loadPlan().inFlight);
  const index = await describeIndex(dynamo, tables.target, name);
  const reader = new DynamoIndex(dynamo, tables.target, index, seconds);
  const database = indexView(dynamoDatabase(dynamo, tables, schemas, seconds), reader, index);
  return { ...(await shared()), database, model: indexModel(index) };
}

/** The tasks of the comparison of an index with its table. */
export async function handler(event: IndexCoherenceInput, invocation: Invocation): Promise<IndexCoherenceResult> {
  const remaining = remainingOf(invocation);
  return indexCoherence({ ...(await portsOf(event.index)), remaining }, event);
}
