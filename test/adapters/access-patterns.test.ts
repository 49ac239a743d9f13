import { modelFrom } from '../../lambda/adapters/model';
import type { QueryDefinition } from '../../lambda/client/query-definition';
import { defineTransform, type PlainItem } from '../../lambda/client/transform';
import type { AccessPattern } from '../../lambda/core/access-pattern';
import type { Item } from '../../lambda/core/item';
import { stamped } from '../../lambda/core/stamp';

const definition = (changes: object): QueryDefinition => ({
  of: ({ town }) => ({ town, none: undefined }),
  legacy: ({ town }) => ({ index: 'byTown', partition: { town } }),
  target: ({ town }) => ({ partition: { pk: `T#${town}` }, sort: { sk: { between: [1, 2] } }, descending: true, limit: 3 }),
  ...changes,
});

const model = (queries: object) =>
  modelFrom(
    defineTransform({
      version: 'v1',
      up: ({ id, ...rest }) => [{ pk: `P#${id}`, ...rest }],
      down: () => undefined,
      legacyKey: ({ pk }) => ({ id: String(pk).slice(2) }),
      canary: { item: (n) => ({ id: `canary-${n}` }), number: () => undefined },
      queries: queries as Record<string, QueryDefinition>,
    }),
    { legacy: ['id'], target: ['pk'] },
  );

const patternOf = (changes: object = {}) => model({ inTown: definition(changes) }).patterns.get('inTown') as AccessPattern;
const item: Item = stamped({ id: { S: 'x' }, town: { S: 'Ghent' } }, 'token', 'client');
const params = { values: { town: { S: 'Ghent' } }, from: { id: { S: 'x' } } };

it('takes params from a legacy item, and remembers which', () => {
  expect(patternOf().params(item)).toEqual(params);
  expect(patternOf({ of: () => undefined }).params(item)).toBeUndefined();
});

it('gives the query of each side', () => {
  expect(patternOf().query('legacy', params)).toEqual({
    index: 'byTown',
    partition: { town: { S: 'Ghent' } },
    descending: false,
  });
  expect(patternOf().query('target', params)).toEqual({
    partition: { pk: { S: 'T#Ghent' } },
    sort: { attribute: 'sk', is: 'between', values: [{ N: '1' }, { N: '2' }] },
    ...{ descending: true, limit: 3 },
  });
});

it('answers with what up makes, and with the target items, without stamps; or as the user says', () => {
  const child: Item = { pk: { S: 'P#x' }, town: { S: 'Ghent' } };
  expect(patternOf().answer('legacy', [item], params)).toEqual([child]);
  expect(patternOf().answer('target', [stamped(child, 'token', 'forward')], params)).toEqual([child]);
  const count = (items: readonly PlainItem[], { town }: PlainItem) => [{ town, count: items.length }];
  const own = patternOf({ legacyAnswer: count, targetAnswer: count });
  for (const side of ['legacy', 'target'] as const)
    expect(own.answer(side, [item], params)).toEqual([{ town: { S: 'Ghent' }, count: { N: '1' } }]);
});

describe('what is refused, by the function and the legacy item', () => {
  const target = (query: object) => () => patternOf({ target: () => query }).query('target', params);

  it.each<[string, () => unknown, RegExp]>([
    [
      'params that are no object',
      () => patternOf({ of: () => 'Ghent' }).params(item),
      /queries\.inTown\.of\(\) .* at id=x: .*no plain object/,
    ],
    ['a query without a partition', target({}), /queries\.inTown\.target\(\) .* at id=x: .*no plain object/],
    ['an empty partition', target({ partition: { pk: undefined } }), /its partition has no value/],
    ['no limit', target({ partition: { pk: 1 }, limit: 0 }), /its limit is not a whole number from 1 on/],
    ['no condition', target({ partition: { pk: 1 }, sort: { sk: {} } }), /its sort has not one condition: equals, below/],
    ['two conditions', target({ partition: { pk: 1 }, sort: { sk: { above: 1, below: 3 } } }), /its sort has not one condition/],
    ['one bound of two', target({ partition: { pk: 1 }, sort: { sk: { between: [1] } } }), /between needs two bounds/],
    ['an answer that is no list', () => patternOf({ legacyAnswer: () => ({}) }).answer('legacy', [], params), /it gave no array/],
  ])('%s', (_, run, why) =>
    expect(run).toThrow(expect.objectContaining({ name: 'TransformFailed', message: expect.stringMatching(why) })),
  );

  it('what is no function, when the transform is loaded', () => {
    expect(() => model({ inTown: definition({ of: undefined, targetAnswer: 7 }), other: null })).toThrow(
      /queries\.inTown\.of must be a function; queries\.inTown\.targetAnswer must be a function; queries\.other\.of must be/,
    );
  });
});
