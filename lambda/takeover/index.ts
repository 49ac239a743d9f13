import { SFNClient } from '@aws-sdk/client-sfn';
import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { appConfigClient, controlOf, ledgerOf, once, planOf } from '../adapters/services';
import { StepFunctions } from '../adapters/sfn';
import { type TakeoverEvent, type TakeoverPorts, type TakeoverResult, takeover } from './takeover';

const dynamo = dynamoClient();
const appConfig = appConfigClient();
const executions = new StepFunctions(new SFNClient());

const ports = once(async (): Promise<TakeoverPorts> => {
  const at = settings();
  const ledger = ledgerOf(dynamo, at);
  return { ledger, control: controlOf(appConfig, at, ledger), executions, plan: planOf(at) };
});

/** The first task of the rollback workflow. */
export async function handler(event: TakeoverEvent): Promise<TakeoverResult> {
  return takeover(await ports(), event);
}
