import { dynamoClient } from '../adapters/dynamodb-client';
import { loadModel, settings } from '../adapters/environment';
import { appConfigClient, controlOf, databaseOf, freshTokens, ledgerOf, once, systemClock } from '../adapters/services';
import { type FinishEvent, type FinishPorts, finish } from './finish';

const dynamo = dynamoClient();
const appConfig = appConfigClient();

const ports = once(async (): Promise<FinishPorts> => {
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
});

/** The last task of the rollout and rollback workflows. */
export async function handler(event: FinishEvent): Promise<Record<string, never>> {
  return finish(await ports(), event);
}
