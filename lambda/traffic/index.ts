import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { appConfigClient, controlOf, ledgerOf, once, planOf, systemClock } from '../adapters/services';
import { type TrafficEvent, type TrafficResult, traffic } from './traffic';

const dynamo = dynamoClient();
const appConfig = appConfigClient();

const ports = once(async () => {
  const at = settings();
  const ledger = ledgerOf(dynamo, at);
  return { ledger, control: controlOf(appConfig, at, ledger), plan: planOf(at), planSha256: at.planSha256, clock: systemClock };
});

/** A task of the shift and rollback workflows. */
export async function handler(event: TrafficEvent): Promise<TrafficResult> {
  return traffic(await ports(), event);
}
