import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchAlarms } from '../adapters/cloudwatch';
import { dynamoClient } from '../adapters/dynamodb-client';
import { loadModel, loadPlan, settings, streamArns } from '../adapters/environment';
import { metricsPublisher } from '../adapters/metrics';
import { databaseOf, ledgerOf, once, systemClock } from '../adapters/services';
import { DynamoTables } from '../adapters/tables';
import { type PreflightInput, type PreflightPorts, type PreflightResult, preflight } from './preflight';

const dynamo = dynamoClient();
const alarms = new CloudWatchAlarms(new CloudWatchClient());

const ports = once(async (): Promise<PreflightPorts> => {
  const at = settings();
  const { kind = 'rehydrate' } = loadPlan();
  const model = await loadModel(at.schemas);
  return {
    ledger: ledgerOf(dynamo, at),
    tables: new DynamoTables(dynamo),
    alarms,
    database: databaseOf(dynamo, at, model),
    model,
    publish: metricsPublisher(at.metricNamespace, at.migration),
    clock: systemClock,
    random: Math.random,
    names: at.tables,
    ...(kind === 'reindex' ? {} : { streams: streamArns() }),
    triggers: [...at.triggerAlarms, ...at.pauseAlarms],
    itemsPerSlice: at.itemsPerSlice,
    maxWriteUnits: at.maxWriteUnits,
    kind,
  };
});

/** The second task of the rollout workflow. */
export async function handler(event: PreflightInput): Promise<PreflightResult> {
  return preflight(await ports(), event);
}
