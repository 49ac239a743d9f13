import { SFNClient } from '@aws-sdk/client-sfn';
import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { type Invoked, identitiesOf } from '../adapters/identity';
import { appConfigClient, controlOf, ledgerOf, once, planOf } from '../adapters/services';
import { StepFunctions } from '../adapters/sfn';
import { type TakeoverEvent, type TakeoverPorts, type TakeoverResult, takeover } from './takeover';

const dynamo = dynamoClient();
const appConfig = appConfigClient();
const executions = new StepFunctions(new SFNClient());

const ports = once(async (): Promise<Omit<TakeoverPorts, 'identities'>> => {
  const at = settings();
  const ledger = ledgerOf(dynamo, at);
  return { ledger, control: controlOf(appConfig, at, ledger), executions, plan: planOf(at) };
});

/** The first task of the rollback workflow. */
export async function handler(event: TakeoverEvent, invoked: Invoked): Promise<TakeoverResult> {
  return takeover({ ...(await ports()), identities: identitiesOf(settings(), invoked) }, event);
}
