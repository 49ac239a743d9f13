import fc from 'fast-check';
import { ALL, legacyCities } from '../../examples/cities/all-cities';
import byName from '../../examples/cities/cities-by-name';
import transform from '../../examples/cities/cities-v2';
import type { LegacyCity, Place, Profile } from '../../examples/cities/model';
import { modelFrom, toWire } from '../../lambda/adapters/model';
import { sameContent } from '../../lambda/core/item';

const model = modelFrom(transform, { legacy: ['id'], target: ['pk', 'sk'] });
const degrees = fc.double({ min: -180, max: 180, noNaN: true });
const id = fc.stringMatching(/^[1-9][0-9]{0,7}$/);

const profile = fc.record(
  { name: fc.string(), altName: fc.string(), country: fc.string(), population: fc.nat() },
  { requiredKeys: [] },
);
const place = fc.record(
  { location: fc.record({ lat: degrees, lon: degrees }), feature: fc.string(), admin: fc.string() },
  { requiredKeys: [] },
);
const some = (values: object) => Object.keys(values).length > 0;

/** The items of one city in the new model: a profile, a place or both, each with some of its attributes. */
const groups = fc
  .tuple(id, fc.option(profile.filter(some)), fc.option(place.filter(some)))
  .map(([city, ...parts]) =>
    parts.flatMap((values, index) => (values ? [{ pk: `CITY#${city}`, sk: index === 0 ? 'PROFILE' : 'PLACE', ...values }] : [])),
  )
  .filter((items) => items.length > 0);

it('keeps every city of the new model through the legacy model', () => {
  fc.assert(
    fc.property(groups, (items) => {
      const wire = items.map(toWire);
      const legacy = model.down(wire);
      const again = legacy ? model.up(legacy) : [];
      return again.length === wire.length && wire.every((item, index) => sameContent(item, again[index]));
    }),
  );
});

it('keeps the real cities through the new model', () => {
  for (const city of legacyCities(500)) {
    const wire = toWire(city);
    expect(sameContent(model.down(model.up(wire)), wire)).toBe(true);
  }
});

it('makes a profile and a place of a city, and only the part that there is', () => {
  const city: LegacyCity = { id: '7', name: 'Ulm', population: 3, location: '48.4,9.99', featureCode: 'PPL' };
  const both: [Profile, Place] = [
    { pk: 'CITY#7', sk: 'PROFILE', name: 'Ulm', population: 3 },
    { pk: 'CITY#7', sk: 'PLACE', location: { lat: 48.4, lon: 9.99 }, feature: 'PPL' },
  ];
  expect(transform.up(city)).toEqual(both);
  expect(transform.up({ id: '7', name: 'Ulm', population: 3 })).toEqual([both[0]]);
  expect(transform.down([both[1]])).toEqual({ id: '7', location: '48.4,9.99', featureCode: 'PPL' });
});

it('refuses what the new model has no item for', () => {
  expect(() => transform.up({ id: '7' })).toThrow('City 7 has no attributes');
  expect(() => transform.up({ id: '7', location: 'here' })).toThrow('"here" is not "latitude,longitude"');
});

it('knows its canaries', () => {
  for (const n of [0, 1, 2 ** 40]) {
    expect(model.canaryNumber(model.canary(n))).toBe(n);
    expect(model.up(model.canary(n)).map((item) => model.legacyKey(item))).toEqual([
      { id: { S: `canary-${n}` } },
      { id: { S: `canary-${n}` } },
    ]);
  }
  expect(model.canaryNumber({ id: { S: '3039154' } })).toBeUndefined();
});

it('has as many cities as asked for, each once', () => {
  const cities = legacyCities(20_000);
  expect(new Set(cities.map((city) => city.id)).size).toBe(20_000);
  expect(legacyCities(ALL + 1)).toHaveLength(ALL);
});

it('asks both indexes for the cities of a country that either of them could have', () => {
  const keys = { legacy: ['pk', 'sk'], target: ['pk', 'sk'] } as const;
  const pattern = modelFrom(byName, keys).patterns.get('citiesOfCountry');
  const items = legacyCities(50).map(toWire).flatMap(model.up);
  const profiles = items.filter(({ sk }) => (sk as { S: string }).S === 'PROFILE');
  for (const item of items) {
    const params = pattern?.params(item);
    expect(params === undefined).toBe(!profiles.includes(item) || item.country === undefined);
    if (!params) continue;
    expect(pattern?.query('legacy', params)).toMatchObject({
      index: 'byCountryPopulation',
      partition: { country: item.country },
    });
    expect(pattern?.query('target', params)).toMatchObject({ index: 'byCountryName', partition: { country: item.country } });
    const { population: _, ...uncounted } = item;
    expect(pattern?.answer('target', [uncounted], params)).toEqual([]);
  }
  expect(profiles).not.toHaveLength(0);
});
