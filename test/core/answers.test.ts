import fc from 'fast-check';
import { differenceOf, disagreementsOf, persisting } from '../../lambda/core/answers';
import type { Item } from '../../lambda/core/item';
import { judgePattern, MOST_LOOKS, type Standing } from '../../lambda/core/query-gate';

const city = (id: string, name = id): Item => ({ id: { S: id }, name: { S: name } });
const [a, b, c] = [city('a'), city('b'), city('c')];

describe('two answers', () => {
  const CASES: readonly [what: string, legacy: Item[], target: Item[], ordered: boolean, by: string[]][] = [
    ['nothing on either side', [], [], true, []],
    ['the same in another order', [a, b, c], [c, b, a], false, []],
    ['the same in the same order', [a, b, c], [a, b, c], true, []],
    ['one more in legacy', [a, b], [a], false, ['legacy']],
    ['one more in the target', [a], [a, b], false, ['target']],
    ['twice in one of them', [a, a], [a], false, ['legacy']],
    ['two neighbours the other way round', [a, b, c], [b, a, c], true, ['order']],
    ['one that is missing turns no others round', [a, b, c], [a, c], true, ['legacy']],
    ['another content', [a], [city('a', 'x')], true, ['legacy', 'target']],
    ['numbers that are one', [{ n: { N: '1.0' } }], [{ n: { N: '1' } }], false, []],
  ];

  it.each(CASES)('%s', (_, legacy, target, ordered, by) => {
    expect([...disagreementsOf(legacy, target, ordered).values()].map((one) => one.by)).toEqual(by);
  });

  it('agree in order when, and only when, they are one list', () => {
    const lists = fc.array(fc.constantFrom(a, b, c), { maxLength: 6 });
    fc.assert(
      fc.property(lists, lists, (one, other) => {
        const isOne = JSON.stringify(one) === JSON.stringify(other);
        return (disagreementsOf(one, other, true).size === 0) === isOne;
      }),
    );
  });
});

test('what changes between two looks does not persist, what stands does', () => {
  const before = disagreementsOf([a, city('b', '1')], [city('b', '0')], false);
  const after = disagreementsOf([a, city('b', '2')], [city('b', '1')], false);
  expect([...persisting(before, after).values()]).toEqual([{ by: 'legacy', item: a }]);
});

test('a difference is told in counts and names of attributes', () => {
  const odd: Item = { ...b, population: { N: '7' } };
  const difference = differenceOf(disagreementsOf([a, b], [odd], false));
  expect(difference).toEqual({ legacyOnly: 2, targetOnly: 1, outOfOrder: 0, attributes: ['population'] });
});

describe('the verdict on a pattern', () => {
  const open = disagreementsOf([a], [], false);
  const params = { values: { country: { S: 'secret' } }, from: { id: { S: '7' } } };
  const agreed: Standing = { pattern: 'p', params, looks: 1, open: new Map() };
  const differs = { ...agreed, looks: MOST_LOOKS, open };

  it.each<[string, Standing[], object]>([
    ['all agree', [agreed, agreed], { verdict: 'successful', compared: 2, different: 0 }],
    ['agreed at the last look', [{ ...agreed, looks: MOST_LOOKS }], { verdict: 'successful', compared: 1 }],
    ['nothing to ask', [], { verdict: 'inconclusive', reason: expect.stringMatching(/No item of the sample/) }],
    [
      'not asked',
      [agreed, { ...agreed, looks: 0 }],
      { verdict: 'inconclusive', reason: expect.stringMatching(/1 of 2 questions/) },
    ],
    ['not looked at often enough', [{ ...agreed, open }], { verdict: 'inconclusive' }],
    ['one that fails', [agreed, { ...agreed, failure: 'no index' }], { verdict: 'error', reason: 'no index' }],
    [
      'one that differs is worst',
      [differs, { ...agreed, failure: 'no index' }],
      { verdict: 'failed', compared: 1, different: 1 },
    ],
  ])('%s', (_, standings, expected) => expect(judgePattern('p', standings)).toMatchObject(expected));

  it('names the legacy item that the params are of, and no values', () => {
    const { reason, differences } = judgePattern('p', [differs]);
    expect(reason).toBe(
      '1 of 1 questions have another answer on each side. The first, with country of the legacy item id=7: only in legacy: 1. The ledger has more of it.',
    );
    expect(differences).toEqual([
      { from: 'id=7', params: ['country'], legacyOnly: 1, targetOnly: 0, outOfOrder: 0, attributes: [] },
    ]);
  });
});
