import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import reindexOfCities from '../../examples/cities/cities-by-name';
import transform from '../../examples/cities/cities-v2';
import amendmentOfCities from '../../examples/cities/cities-v3';
import type { City, CityV3, LegacyCity } from '../../examples/cities/model';
import { modelFrom } from '../../lambda/adapters/model';
import type { TransformDefinition } from '../../lambda/client';
import { formOf } from '../../lambda/core/amendment';
import { Contents } from './audit';
import type { History } from './history';
import { everything, load } from './tables';

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
  fill: (database, { legacyTable }, cities, history) => load(database, legacyTable, model, cities, history),
  contents: async (database, { legacyTable, targetTable }) => {
    const contents = new Contents(model);
    await everything(database, legacyTable, (items) => contents.add('legacy', items));
    await everything(database, targetTable, (items) => contents.add('target', items));
    return contents;
  },
};

/** Queries of the table that the migration would leave. */
export const REINDEX: Change = {
  stack: 'CitiesReindex',
  version: { transform: reindexOfCities, asksOnly: true, told: (city) => city, heard: (city) => city as City },
  table: ({ targetTable }) => targetTable,
  fill: (database, { targetTable }, cities, history) => load(database, targetTable, model, cities, history, 'target'),
  contents: async (database, { targetTable }) => {
    const contents = new Contents(model);
    await everything(database, targetTable, (items) => {
      for (const side of ['legacy', 'target'] as const) contents.addTarget(side, items);
    });
    return contents;
  },
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
  fill: (database, { targetTable }, cities, history) => load(database, targetTable, model, cities, history, 'target'),
  contents: async (database, { targetTable }) => {
    const contents = new Contents(model);
    await everything(database, targetTable, (items) => {
      const before = items.map((item) => (formOf(amendment, item) === 'target' ? (amendment.model.down([item]) ?? item) : item));
      for (const side of ['legacy', 'target'] as const) contents.addTarget(side, before);
    });
    return contents;
  },
};
