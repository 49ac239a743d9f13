import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchAlarms } from '../adapters/cloudwatch';
import { dynamoClient } from '../adapters/dynamodb-client';
import { loadModel, settings } from '../adapters/environment';
import { metricsPublisher } from '../adapters/metrics';
import { databaseOf, ledgerOf, once, systemClock } from '../adapters/services';
import { DynamoTables } from '../adapters/tables';
import { type PreflightPorts, type PreflightResult, preflight } from './preflight';

const dynamo = dynamoClient();
const alarms = new CloudWatchAlarms(new CloudWatchClient());

const ports = once(async (): Promise<PreflightPorts> => {
  const at = settings();
  return {
    ledger: ledgerOf(dynamo, at),
    tables: new DynamoTables(dynamo),
    alarms,
    database: databaseOf(dynamo, at),
    model: await loadModel(at.schemas),
    publish: metricsPublisher(at.metricNamespace, at.migration),
    clock: systemClock,
    random: Math.random,
    names: at.tables,
    streams: at.streams,
    triggers: [...at.triggerAlarms, ...at.pauseAlarms],
    itemsPerSlice: at.itemsPerSlice,
    maxWriteUnits: at.maxWriteUnits,
  };
});

/** The second task of the rollout workflow. */
export async function handler(event: { run: string; generation: number }): Promise<PreflightResult> {
  return preflight(await ports(), event);
}
