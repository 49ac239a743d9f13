import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import reindexOfCities from '../../examples/cities/cities-by-name';
import transform from '../../examples/cities/cities-v2';
import amendmentOfCities from '../../examples/cities/cities-v3';
import type { City, CityV3, LegacyCity } from '../../examples/cities/model';
import { modelFrom } from '../../lambda/adapters/model';
import type { TransformDefinition } from '../../lambda/client';
import { formOf } from '../../lambda/core/amendment';
import type { Item } from '../../lambda/core/item';
import type { Contents } from './audit';
import { bothTables, oneTable } from './contents';
import type { History } from './history';
import { load } from './tables';

/** The transform of the cities over wire items. */
export const model = modelFrom(transform, { legacy: ['id'], target: ['pk', 'sk'] });

/** The amendment of the cities over wire items. */
const keys = { legacy: ['pk', 'sk'], target: ['pk', 'sk'] } as const;
const amendment = { model: modelFrom(amendmentOfCities, keys), earlier: [] };

/** The tables of the cities. */
export interface CityTables {
  readonly legacyTable: string;
  readonly targetTable: string;
}

/** A version of the application: the traffic has cities of version 2, and the client what its transform says. */
export interface Version {
  /** True where only queries go through the client. */
  readonly asksOnly?: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: the items of the versions differ
  readonly transform: TransformDefinition<any, any>;
  readonly told: (city: City) => City | CityV3;
  readonly heard: (city: City | CityV3) => City;
}

/** One thing that the example changes, and what a rehearsal needs to know of it. */
export interface Change {
  /** The stack that changes it. */
  readonly stack: string;
  readonly version: Version;
  /** The table that is changed, which has the data before. */
  readonly table: (tables: CityTables) => string;
  fill(database: DynamoDBClient, tables: CityTables, cities: LegacyCity[], history: History): Promise<void>;
  /** What both sides hold, as cities of version 2. */
  contents(database: DynamoDBClient, tables: CityTables): Promise<Contents>;
}

/** From table to table. */
export const MIGRATION: Change = {
  stack: 'CitiesRollout',
  version: { transform, told: (city) => city, heard: (city) => city as City },
  table: ({ legacyTable }) => legacyTable,
  fill: (database, { legacyTable }, cities, history) => load(database, legacyTable, model, wired(cities), history),
  contents: (database, tables) => bothTables(database, model, tables),
};

/** Queries of the table that the migration would leave. */
export const REINDEX: Change = {
  stack: 'CitiesReindex',
  version: { transform: reindexOfCities, asksOnly: true, told: (city) => city, heard: (city) => city as City },
  table: ({ targetTable }) => targetTable,
  fill: (database, { targetTable }, cities, history) => load(database, targetTable, model, wired(cities), history, 'target'),
  contents: (database, { targetTable }) => oneTable(database, model, targetTable),
};

/** In place, in the table that the migration would leave. Both sides are the one table, in whichever form an item is. */
export const AMENDMENT: Change = {
  stack: 'CitiesAmendment',
  version: {
    transform: amendmentOfCities,
    told: (city) => amendmentOfCities.up(city)[0] as CityV3,
    heard: (city) => amendmentOfCities.down([city as CityV3]) as City,
  },
  table: ({ targetTable }) => targetTable,
  fill: (database, { targetTable }, cities, history) => load(database, targetTable, model, wired(cities), history, 'target'),
  contents: (database, { targetTable }) =>
    oneTable(database, model, targetTable, (item) =>
      formOf(amendment, item) === 'target' ? (amendment.model.down([item]) ?? item) : item,
    ),
};

function wired(cities: LegacyCity[]): Item[] {
  return cities.map((city) => marshall(city) as Item);
}
