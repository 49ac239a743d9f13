import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { appConfigClient, controlOf, ledgerOf, once, planOf, systemClock } from '../adapters/services';
import { type SeedPorts, seed } from './seed';

const dynamo = dynamoClient();
const appConfig = appConfigClient();

const ports = once(async (): Promise<SeedPorts> => {
  const at = settings();
  return { control: controlOf(appConfig, at, ledgerOf(dynamo, at)), plan: planOf(at), clock: systemClock };
});

/** Invoked once at each deployment of the stack. */
export async function handler(): Promise<{ seeded: boolean }> {
  return seed(await ports());
}
