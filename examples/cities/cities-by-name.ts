// In an application: from 'cdk-dynamodb-rollout/client'.
import { defineReindex } from '../../lambda/client/reindex';
import type { City } from './model';

/** Cities of a country are found by an index that sorts them by name, in place of one that sorts them by population. */
export default defineReindex<City>({
  version: '2027-01-cities-by-name',
  queries: {
    // Each index leaves out what has not all of its keys: the answer is what has both.
    citiesOfCountry: {
      of: (city) => (city.sk === 'PROFILE' && city.country !== undefined ? { country: city.country } : undefined),
      legacy: ({ country }) => ({ index: 'byCountryPopulation', partition: { country } }),
      target: ({ country }) => ({ index: 'byCountryName', partition: { country } }),
      legacyAnswer: named,
      targetAnswer: named,
    },
  },
});

function named(cities: readonly City[]) {
  return cities.flatMap((city) =>
    city.sk === 'PROFILE' && city.name !== undefined && city.population !== undefined
      ? [{ pk: city.pk, name: city.name, population: city.population }]
      : [],
  );
}
