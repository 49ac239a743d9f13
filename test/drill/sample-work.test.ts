import { workOnSample } from '../../bin/drill/sample-work';
import transform from '../../examples/cities/cities-v2';
import { modelFrom, toWire } from '../../lambda/adapters/model';
import { defineTransform } from '../../lambda/client/transform';

const cities = modelFrom(transform, { legacy: ['id'], target: ['pk', 'sk'] });

const SAMPLE = [
  { id: '1', name: 'Bern', country: 'CH', population: 1, location: '1,2', featureCode: 'PPLC' },
  { id: '2', name: 'Basel', country: 'CH', population: 2, location: '3,4', featureCode: 'PPL' },
  { id: '3', name: 'Alone' },
].map(toWire);

describe('what the traffic does with a sample', () => {
  const work = workOnSample(cities, SAMPLE);
  const bern = { pk: 'CITY#1', sk: 'PROFILE' };

  test('it works on every item of the new model', () => {
    expect(work.keys).toHaveLength(5);
    expect(work.keys).toContainEqual({ pk: 'CITY#2', sk: 'PLACE' });
  });

  test('it puts back what was there, or what another item of its kind has, under its own key', () => {
    const put = [0, 1, 2, 3].map((edit) => work.fresh(bern, edit));
    expect(put).toContainEqual({ ...bern, name: 'Bern', country: 'CH', population: 1 });
    expect(put).toContainEqual({ ...bern, name: 'Basel', country: 'CH', population: 2 });
  });

  test('a change is another version, where there is one', () => {
    const before = { ...bern, name: 'Bern', country: 'CH', population: 1 };
    expect(work.edited(before, 7)).toEqual({ ...bern, name: 'Basel', country: 'CH', population: 2 });
    const alone = { pk: 'CITY#3', sk: 'PROFILE', name: 'Alone' };
    expect(work.edited(alone, 7)).toEqual(alone);
  });

  test('it asks partitions where the transform says where they are', () => {
    expect(work.partition(bern)).toEqual({ of: { pk: 'CITY#1' }, keys: [bern, { pk: 'CITY#1', sk: 'PLACE' }] });
    const { legacyPartition: _, ...without } = transform;
    const model = modelFrom(without, { legacy: ['id'], target: ['pk', 'sk'] });
    expect(workOnSample(model, SAMPLE).partition(bern)).toBeUndefined();
  });

  test('it never writes what the model cannot hold: a copy of the key, or one part without the other', () => {
    const model = modelFrom(
      defineTransform({
        version: 'strict',
        up: ({ id, a, b }) => [
          { pk: id, sk: 'A', self: id, a },
          { pk: id, sk: 'B', b },
        ],
        down: (parts) => {
          const [first, second] = ['A', 'B'].map((sk) => parts.find((part) => part.sk === sk));
          if (!first || !second) throw new Error('both parts are needed');
          return { id: first.self, a: first.a, b: second.b };
        },
        legacyKey: ({ pk }) => ({ id: pk }),
        canary: { item: (n) => ({ id: `canary-${n}` }), number: () => undefined },
      }),
      { legacy: ['id'], target: ['pk', 'sk'] },
    );
    const strict = workOnSample(
      model,
      [
        { id: 'x', a: 1, b: 2 },
        { id: 'y', a: 3, b: 4 },
      ].map(toWire),
    );
    const part = { pk: 'x', sk: 'A' };
    expect(strict.mayDelete?.(part)).toBe(false);
    expect([0, 1, 2].map((edit) => strict.fresh(part, edit))).toEqual(Array(3).fill({ ...part, self: 'x', a: 1 }));
    expect([0, 1].map((edit) => strict.fresh({ pk: 'x', sk: 'B' }, edit).b).sort()).toEqual([2, 4]);
  });
});
