import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { formOf } from '../../lambda/core/amendment';
import type { Model } from '../../lambda/core/model';
import type { OperatorConfiguration } from '../../lambda/core/operator-configuration';
import type { Manifest } from '../../lib/operations/manifest';
import type { Contents } from '../rehearsal/audit';
import { bothTables, oneTable } from '../rehearsal/contents';

/** What both sides of a change hold, as the new model has it. */
export function contentsOf(
  database: DynamoDBClient,
  { kind, plan }: Manifest,
  { legacy, target }: OperatorConfiguration['tables'],
  model: Model,
): Promise<Contents> {
  if (kind === 'rehydrate') return bothTables(database, model, { legacyTable: legacy, targetTable: target });
  if (kind === 'reindex') return oneTable(database, model, target);
  const amendment = { model, earlier: plan.earlier ?? [] };
  return oneTable(database, model, target, (item) => (formOf(amendment, item) === 'target' ? item : (model.up(item)[0] ?? item)));
}
