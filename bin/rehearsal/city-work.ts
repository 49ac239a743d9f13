import type { City, Place, Profile } from '../../examples/cities/model';
import type { Items, Work } from './traffic';

/** The key of a city item. */
export type CityKey = Pick<City, 'pk' | 'sk'>;

/** What the traffic uses of the client. */
export type Cities = Items<City, CityKey>;

/** What the traffic does to the cities with these ids, there already or not. Every version can be told from every other. */
export function workOnCities(ids: readonly string[]): Work<City, CityKey> {
  return {
    schema: ['pk', 'sk'],
    keys: ids.flatMap(partOf),
    partition: ({ pk }) => ({ of: { pk }, keys: partOf(pk.slice('CITY#'.length)) }),
    fresh: ({ pk, sk }, edit) => {
      if (sk === 'PROFILE') return { pk, sk, name: `City of edit ${edit}`, country: 'ZZ', population: edit } satisfies Profile;
      return {
        pk,
        sk,
        location: { lat: (edit % 180) - 90, lon: edit % 360 },
        feature: 'PPL',
        admin: `edit-${edit}`,
      } satisfies Place;
    },
    edited: (city, edit) => (city.sk === 'PROFILE' ? { ...city, population: edit } : { ...city, admin: `edit-${edit}` }),
  };
}

function partOf(id: string): CityKey[] {
  return [
    { pk: `CITY#${id}`, sk: 'PROFILE' },
    { pk: `CITY#${id}`, sk: 'PLACE' },
  ];
}
