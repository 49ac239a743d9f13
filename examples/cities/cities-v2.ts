// In an application: from 'cdk-dynamodb-rollout/client'.
import { defineTransform, type PlainItem } from '../../lambda/client/transform';
import type { City, LegacyCity, Place, Profile } from './model';

const PREFIX = 'CITY#';

/** The attributes of `values` that are there, or undefined when none is. */
function present<T extends object>(values: T): T | undefined {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return entries.length > 0 ? (Object.fromEntries(entries) as T) : undefined;
}

function profileOf(pk: string, { name, altName, country, population }: LegacyCity): Profile | undefined {
  const values = present({ name, altName, country, population });
  return values && { pk, sk: 'PROFILE', ...values };
}

function placeOf(pk: string, { location, featureCode, adminCode }: LegacyCity): Place | undefined {
  const values = present({
    location: location === undefined ? undefined : degrees(location),
    feature: featureCode,
    admin: adminCode,
  });
  return values && { pk, sk: 'PLACE', ...values };
}

function namesAndPopulations(items: readonly PlainItem[], idOf: (item: PlainItem) => string): PlainItem[] {
  return items
    .filter(({ name, population }) => name !== undefined && population !== undefined)
    .map((item) => ({ id: idOf(item), name: item.name, population: item.population }));
}

function degrees(text: string): { lat: number; lon: number } {
  const parts = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [lat, lon] = parts;
  if (parts.length !== 2 || !Number.isFinite(lat) || !Number.isFinite(lon)) {
    throw new Error(`The location ${JSON.stringify(text)} is not "latitude,longitude".`);
  }
  return { lat: lat as number, lon: lon as number };
}

/**
 * Cities move from one flat item by id to a profile and a place under one partition key: other keys, other types,
 * one item becomes two. A part that the legacy item has nothing for is not made, so each part can come and go by itself.
 */
export default defineTransform({
  version: '2026-11-cities-v2',

  up: (legacy) => {
    const city = legacy as unknown as LegacyCity;
    const pk = `${PREFIX}${city.id}`;
    const items = [profileOf(pk, city), placeOf(pk, city)].filter((item) => item !== undefined);
    if (items.length === 0)
      throw new Error(`City ${city.id} has no attributes. The new model has no item for it; delete it first.`);
    return items;
  },

  down: (targets) => {
    const cities = targets as unknown as City[];
    const profile = cities.find((item) => item.sk === 'PROFILE');
    const place = cities.find((item) => item.sk === 'PLACE');
    const pk = (profile ?? place)?.pk;
    if (pk === undefined) return undefined;
    const { name, altName, country, population } = profile ?? {};
    const { location, feature, admin } = place ?? {};
    return {
      id: pk.slice(PREFIX.length),
      ...present({
        name,
        altName,
        country,
        population,
        location: location && `${location.lat},${location.lon}`,
        featureCode: feature,
        adminCode: admin,
      }),
    };
  },

  legacyKey: ({ pk }) => ({ id: String(pk).slice(PREFIX.length) }),

  legacyPartition: ({ pk }) => ({ id: String(pk).slice(PREFIX.length) }),

  queries: {
    // Both indexes leave out what has not all of their keys, and each has another one: the answer is what has both.
    citiesOfCountry: {
      of: ({ country }) => (country === undefined ? undefined : { country }),
      legacy: ({ country }) => ({ index: 'byCountry', partition: { country } }),
      target: ({ country }) => ({ index: 'byCountryPopulation', partition: { country } }),
      legacyAnswer: (cities) => namesAndPopulations(cities, ({ id }) => String(id)),
      targetAnswer: (profiles) => namesAndPopulations(profiles, ({ pk }) => String(pk).slice(PREFIX.length)),
    },
    city: {
      of: ({ id }) => ({ id }),
      legacy: ({ id }) => ({ partition: { id } }),
      target: ({ id }) => ({ partition: { pk: `${PREFIX}${id}` } }),
    },
  },

  canary: {
    item: (n) => ({
      id: `canary-${n}`,
      name: `Canary ${n}`,
      country: 'ZZ',
      population: n,
      location: '0,0',
      featureCode: 'CANARY',
    }),
    number: ({ id }) => {
      const match = /^canary-(\d+)$/.exec(String(id));
      return match ? Number(match[1]) : undefined;
    },
  },
});
