import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { legacyCities } from '../../examples/cities/all-cities';
import type { LocalAws } from '../local-aws';
import { model } from './application';
import { Contents } from './audit';
import { bootstrap, deploy, type Place } from './deploy';
import { History } from './history';
import { type RolloutOutputs, rolloutOutputs } from './migration';
import { everything, keepPointsInTime, load } from './tables';

/** A migration that is deployed and ready to start. */
export interface Prepared {
  readonly database: DynamoDBClient;
  readonly legacyTable: string;
  readonly targetTable: string;
  /** Ids of the cities in the legacy table. */
  readonly ids: readonly string[];
  readonly history: History;
  readonly outputs: RolloutOutputs;
}

/** Does something that takes a while and tells how long it took. */
export type Timed = <T>(what: string, work: () => Promise<T>) => Promise<T>;

/** As in real life: the table is there, then the data, then the migration. */
export async function prepare(aws: LocalAws, place: Place, items: number, timed: Timed): Promise<Prepared> {
  await timed('cdk bootstrap', () => bootstrap(place));
  const data = await timed('cdk deploy CitiesData', () => deploy(place, 'CitiesData'));
  const [legacyTable, targetTable] = [data.LegacyTable as string, data.CitiesTable as string];
  const database = new DynamoDBClient(aws.connection);
  await keepPointsInTime(database, legacyTable);
  const history = new History();
  const cities = legacyCities(items);
  await timed(`${cities.length} cities loaded`, () => load(database, legacyTable, model, cities, history));
  const outputs = rolloutOutputs(await timed('cdk deploy CitiesRollout', () => deploy(place, 'CitiesRollout')));
  return { database, legacyTable, targetTable, ids: cities.map(({ id }) => id), history, outputs };
}

/** What both whole tables hold. */
export async function contentsOf({ database, legacyTable, targetTable }: Prepared): Promise<Contents> {
  const contents = new Contents(model);
  await everything(database, legacyTable, (items) => contents.add('legacy', items));
  await everything(database, targetTable, (items) => contents.add('target', items));
  return contents;
}
