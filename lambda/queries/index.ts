import { dynamoClient } from '../adapters/dynamodb-client';
import { DynamoQueries } from '../adapters/dynamodb-query';
import { loadModel, settings } from '../adapters/environment';
import { type Invocation, remainingOf } from '../adapters/routing';
import { databaseOf, ledgerOf, once, systemClock } from '../adapters/services';
import type { PatternFindings } from '../core/query-gate';
import { type QueriesInput, type QueriesPorts, queries } from './queries';

const dynamo = dynamoClient();

const ports = once(async (): Promise<Omit<QueriesPorts, 'remaining'>> => {
  const at = settings();
  const model = await loadModel(at.schemas);
  return {
    ledger: ledgerOf(dynamo, at),
    database: databaseOf(dynamo, at, model),
    queries: new DynamoQueries(dynamo, at.tables),
    model,
    clock: systemClock,
    random: Math.random,
  };
});

/** A task of the rollout workflow, after the bake of a stage that asks for it. */
export async function handler(event: QueriesInput, invocation: Invocation): Promise<PatternFindings[]> {
  return queries({ ...(await ports()), remaining: remainingOf(invocation) }, event);
}
