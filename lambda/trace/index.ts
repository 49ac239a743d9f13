import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { dynamoClient } from '../adapters/dynamodb-client';
import { loadModel, settings, streamArns } from '../adapters/environment';
import { appConfigClient, controlOf, databaseOf, ledgerOf, once, planOf, systemClock } from '../adapters/services';
import { readHistoryWith } from '../adapters/stream-history';
import type { Journey, TraceInput } from '../core/journey';
import { isInPlace } from '../core/plan';
import { type TracePorts, trace } from './trace';

const dynamo = dynamoClient();
const appConfig = appConfigClient();
const readHistory = readHistoryWith(new DynamoDBStreamsClient());

const ports = once(async (): Promise<TracePorts> => {
  const at = settings();
  const model = await loadModel(at.schemas);
  const ledger = ledgerOf(dynamo, at);
  // How far deployments were counted is a hint in the ledger, which this function may only read.
  const reading = { note: (name: string) => ledger.note(name), saveNote: async () => {} };
  const { legacy, target } = streamArns();
  const inPlace = isInPlace(planOf(at));
  return {
    ...{ migration: at.migration, database: databaseOf(dynamo, at, model), model, ledger, inPlace },
    control: controlOf(appConfig, at, reading),
    streams: [{ side: 'legacy', arn: legacy }, ...(inPlace ? [] : [{ side: 'target' as const, arn: target }])],
    ...{ readHistory, clock: systemClock },
  };
});

/** Called by an operator who wants to know what became of one document. */
export async function handler(event: TraceInput): Promise<Journey> {
  return trace(await ports(), event);
}
