// In an application: from 'cdk-dynamodb-rollout/client'.
import { defineAmendment } from '../../lambda/client/amendment';
import type { City, CityV3, ProfileV3, Size } from './model';

/** How large a place of so many people is called. */
function sizeOf(population: number): Size {
  if (population < 5_000) return 'village';
  if (population < 100_000) return 'town';
  return population < 1_000_000 ? 'city' : 'metropolis';
}

/**
 * Profiles change in place: the other name becomes a list of names, and the size of a city is an attribute of its own, which an index
 * can have. Places stay as they are.
 */
export default defineAmendment<City, CityV3>({
  version: '2026-12-cities-v3',

  up: (city) => {
    if (city.sk !== 'PROFILE') return city;
    const { altName, ...profile } = city;
    return {
      ...profile,
      ...(altName === undefined ? {} : { names: altName.split(',') }),
      ...(profile.population === undefined ? {} : { size: sizeOf(profile.population) }),
    } satisfies ProfileV3;
  },

  down: (city) => {
    if (city.sk !== 'PROFILE') return city;
    const { names, size: _, ...profile } = city;
    return { ...profile, ...(names === undefined ? {} : { altName: names.join(',') }) };
  },
});
