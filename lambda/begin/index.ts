import { dynamoClient } from '../adapters/dynamodb-client';
import { loadModel, settings } from '../adapters/environment';
import { type Invoked, identitiesOf } from '../adapters/identity';
import { appConfigClient, controlOf, ledgerOf, once, planOf } from '../adapters/services';
import { type BeginEvent, type BeginPorts, type BeginResult, begin } from './begin';

const dynamo = dynamoClient();
const appConfig = appConfigClient();

const ports = once(async (): Promise<Omit<BeginPorts, 'identities'>> => {
  const at = settings();
  const ledger = ledgerOf(dynamo, at);
  const { version } = await loadModel(at.schemas);
  return {
    ledger,
    control: controlOf(appConfig, at, ledger),
    plan: planOf(at),
    planSha256: at.planSha256,
    transform: { version, sha256: at.transformSha256 },
  };
});

/** The first task of the rollout workflow. */
export async function handler(event: BeginEvent, invoked: Invoked): Promise<BeginResult> {
  return begin({ ...(await ports()), identities: identitiesOf(settings(), invoked) }, event);
}
