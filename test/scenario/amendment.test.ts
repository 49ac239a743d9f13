import type { City } from '../client/cities';
import { keys, marksOf } from '../client/history';
import { InPlace, KEYS, native } from '../client/in-place';
import { type LocalAwsFixture, localAwsFixture } from '../local-aws-fixture';
import { awsStore, memoryStore, type Store } from './stores';

/** What an amendment promises of one table, wherever the table is. */
const CASES: Readonly<Record<string, (store: Store, place: InPlace) => Promise<void>>> = {
  'clients of either position understand items of either form, and write their own': async (store, place) => {
    await store.put('legacy', native('a b'));
    const [behind, ahead] = [place.application('legacy'), place.application('target')];
    for (const app of [behind, ahead]) expect(marksOf(await app.cities.get(keys.PROFILE))).toBe('a,b');
    await ahead.cities.update(keys.PROFILE, (city) => ({ ...(city as City), marks: [...(city?.marks ?? []), 'c'] }));
    expect(await place.forms()).toEqual(['target']);
    expect((await store.items('legacy'))[0]).toMatchObject({ marks: { L: [{ S: 'a' }, { S: 'b' }, { S: 'c' }] } });
    for (const app of [behind, ahead]) expect(marksOf(await app.cities.get(keys.PROFILE))).toBe('a,b,c');
    expect((await behind.cities.query({ pk: keys.PROFILE.pk })).map(marksOf)).toEqual(['a,b,c']);
    await behind.cities.update(keys.PROFILE, (city) => ({ ...(city as City), marks: ['d'] }));
    expect(await place.forms()).toEqual(['legacy']);
    expect((await store.items('legacy'))[0]).toMatchObject({ text: { S: 'd' } });
  },

  'a pass stores every item in the form that is asked for, and the next one finds nothing to do': async (store, place) => {
    await store.put('legacy', native('a b'));
    expect(await place.pass('none')).toEqual({ done: true, checked: 1, repaired: 0 });
    expect(await place.pass('target')).toEqual({ done: true, checked: 1, repaired: 1 });
    expect(await place.forms()).toEqual(['target']);
    expect(await place.pass('target')).toEqual({ done: true, checked: 1, repaired: 0 });
    expect(await place.pass('legacy')).toEqual({ done: true, checked: 1, repaired: 1 });
    expect((await store.items('legacy'))[0]).toMatchObject(native('a b'));
  },

  'a pass in both directions keeps what clients wrote, item by item': async (store, place) => {
    const app = place.application('target');
    const city = (n: number) => ({ pk: `CITY#${n}`, sk: 'PROFILE' as const });
    for (let n = 0; n < 60; n++) {
      if (n % 2 === 0) await store.put('legacy', { ...native(`${n}`), pk: { S: city(n).pk } });
      else await app.cities.put({ ...city(n), marks: [`${n}`] } as City);
    }
    const updates = async () => {
      for (let n = 0; n < 60; n++)
        await app.cities.update(city(n), (was) => ({ ...(was as City), marks: [`${was?.marks}`, 'x'] }));
    };
    await Promise.all([place.pass('target'), updates()]);
    await place.pass('target');
    expect(new Set(await place.forms())).toEqual(new Set(['target']));
    await place.pass('legacy');
    expect(new Set(await place.forms())).toEqual(new Set(['legacy']));
    for (let n = 0; n < 60; n++) expect(marksOf(await app.cities.get(city(n)))).toBe(`${n},x`);
  },
};

describe('in memory', () => {
  test.each(Object.entries(CASES))('%s', async (_, run) => {
    const store = memoryStore(KEYS);
    await run(store, new InPlace(store.database));
  });
});

describe('on local AWS', () => {
  let fixture: LocalAwsFixture;
  beforeAll(async () => {
    fixture = await localAwsFixture();
  }, 120_000);
  afterAll(() => fixture.stop());

  test.each(Object.entries(CASES))('%s', async (_, run) => {
    const store = await awsStore(fixture, KEYS);
    await run(store, new InPlace(store.database));
  });
});
