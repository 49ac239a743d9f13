import { dynamoClient } from '../adapters/dynamodb-client';
import { loadModel, settings } from '../adapters/environment';
import { appConfigClient, controlOf, databaseOf, freshTokens, ledgerOf, systemClock } from '../adapters/services';
import type { RoutingControl } from '../core/control';
import type { HeartbeatPorts } from '../observe/heartbeat';

const dynamo = dynamoClient();
const appConfig = appConfigClient();

/** What writing, finding and removing canaries needs, on AWS. */
export async function connect(): Promise<HeartbeatPorts & { readonly control: RoutingControl }> {
  const at = settings();
  const model = await loadModel(at.schemas);
  const ledger = ledgerOf(dynamo, at);
  return {
    ledger,
    control: controlOf(appConfig, at, ledger),
    database: databaseOf(dynamo, at, model),
    model,
    tokens: freshTokens,
    random: Math.random,
    clock: systemClock,
  };
}
