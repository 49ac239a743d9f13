import { dynamoClient } from '../adapters/dynamodb-client';
import { loadModel, settings } from '../adapters/environment';
import { type Invocation, remainingOf } from '../adapters/routing';
import { databaseOf, ledgerOf, once } from '../adapters/services';
import { DynamoTables } from '../adapters/tables';
import type { Findings } from '../core/survey';
import { type CompatibilityInput, type CompatibilityPorts, compatibility } from './compatibility';

const dynamo = dynamoClient();

const ports = once(async (): Promise<Omit<CompatibilityPorts, 'remaining'>> => {
  const at = settings();
  const model = await loadModel(at.schemas);
  return {
    ledger: ledgerOf(dynamo, at),
    tables: new DynamoTables(dynamo),
    database: databaseOf(dynamo, at, model),
    model,
    random: Math.random,
    names: at.tables,
  };
});

/** A task of the rollout workflow, before a stage that asks for it. */
export async function handler(event: CompatibilityInput, invocation: Invocation): Promise<Findings> {
  return compatibility({ ...(await ports()), remaining: remainingOf(invocation) }, event);
}
