import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { legacyCities } from '../../examples/cities/all-cities';
import type { LocalAws } from '../local-aws';
import type { Contents } from './audit';
import type { Change } from './change';
import { bootstrap, deploy, type Place } from './deploy';
import { History } from './history';
import { type RolloutOutputs, rolloutOutputs } from './migration';
import { keepPointsInTime } from './tables';

/** A migration that is deployed and ready to start. */
export interface Prepared {
  readonly database: DynamoDBClient;
  readonly legacyTable: string;
  readonly targetTable: string;
  /** Ids of the cities in the legacy table. */
  readonly ids: readonly string[];
  readonly history: History;
  readonly outputs: RolloutOutputs;
  readonly change: Change;
}

/** Does something that takes a while and tells how long it took. */
export type Timed = <T>(what: string, work: () => Promise<T>) => Promise<T>;

/** As in real life: the table is there, then the data, then the migration. */
export async function prepare(aws: LocalAws, place: Place, items: number, timed: Timed, change: Change): Promise<Prepared> {
  await timed('cdk bootstrap', () => bootstrap(place));
  const data = await timed('cdk deploy CitiesData', () => deploy(place, 'CitiesData'));
  const [legacyTable, targetTable] = [data.LegacyTable as string, data.CitiesTable as string];
  const database = new DynamoDBClient(aws.connection);
  const tables = { legacyTable, targetTable };
  await keepPointsInTime(database, change.table(tables));
  const history = new History();
  const cities = legacyCities(items);
  await timed(`${cities.length} cities loaded`, () => change.fill(database, tables, cities, history));
  const outputs = rolloutOutputs(await timed(`cdk deploy ${change.stack}`, () => deploy(place, change.stack)));
  return { database, legacyTable, targetTable, ids: cities.map(({ id }) => id), history, outputs, change };
}

/** What both sides hold. */
export function contentsOf({ database, legacyTable, targetTable, change }: Prepared): Promise<Contents> {
  return change.contents(database, { legacyTable, targetTable });
}
