import fc from 'fast-check';
import type { Item } from '../../lambda/core/item';
import type { Model } from '../../lambda/core/model';
import { authorityOf, rankOf } from '../../lambda/core/position';
import {
  allLegacy,
  BUCKETS,
  bucketOf,
  decodeFlag,
  encodeFlag,
  fence,
  furthest,
  initialTable,
  isAllLegacy,
  positionOf,
  positionOfRoutingKey,
  positionsOf,
  type RoutingTable,
  returnsAuthority,
  stepBack,
} from '../../lambda/core/routing-table';
import { chainPositions, tables } from './arbitraries';
import { brokenBetween } from './neighbours';

const initial = initialTable('run', 60, 15);
const text = (key: Item) => (key.id as { S: string }).S;
const model = {
  routingKey: (key: Item) => text(key),
  canaryNumber: (key: Item) => (text(key).startsWith('canary-') ? Number(text(key).slice(7)) : undefined),
} as Model;

describe('buckets', () => {
  it('are sticky: contract, never to change', () => {
    expect(['', 'a', 'tenant-1', 'Zürich'].map(bucketOf)).toMatchInlineSnapshot(`
[
  2610,
  6610,
  6515,
  1390,
]
`);
  });

  it('are within range and even', () => {
    const counts = new Array<number>(10).fill(0);
    for (let n = 0; n < 20_000; n++) {
      const bucket = bucketOf(`key-${n}`);
      expect(bucket).toBeGreaterThanOrEqual(0);
      expect(bucket).toBeLessThan(BUCKETS);
      const tenth = Math.floor((bucket * 10) / BUCKETS);
      counts[tenth] = (counts[tenth] as number) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(250);
  });

  it('once moved by a growing percentage, a key never moves back', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.uniqueArray(fc.integer({ min: 1, max: BUCKETS }), { minLength: 2, maxLength: 5 }),
        (key, edges) => {
          const moved = edges
            .sort((a, b) => a - b)
            .map((edge) =>
              edge === BUCKETS
                ? [{ below: BUCKETS, position: 'target' as const }]
                : [
                    { below: edge, position: 'target' as const },
                    { below: BUCKETS, position: 'legacy' as const },
                  ],
            )
            .map((ranges) => positionOfRoutingKey({ ...initial, ranges }, key));
          expect(moved.lastIndexOf('legacy')).toBeLessThan(moved.includes('target') ? moved.indexOf('target') : BUCKETS);
        },
      ),
    );
  });
});

describe('where a key stands', () => {
  const table: RoutingTable = {
    ...initial,
    ranges: [
      { below: 5000, position: 'dual-legacy' },
      { below: BUCKETS, position: 'shadow' },
    ],
    pins: [{ key: 'vip', position: 'dual-target' }],
    scout: 'legacy',
  };
  const at = (id: string) => positionOf(table, model, { id: { S: id } });

  it('is its pin, else its range', () => {
    expect(at('vip')).toBe('dual-target');
    for (let n = 0; n < 50; n++) expect(at(`k${n}`)).toBe(bucketOf(`k${n}`) < 5000 ? 'dual-legacy' : 'shadow');
  });

  it('is the scout for even canaries and the lead for odd ones', () => {
    expect([at('canary-0'), at('canary-1'), at('canary-2'), at('canary-7')]).toEqual([
      'legacy',
      'dual-target',
      'legacy',
      'dual-target',
    ]);
  });

  it('takes fenced for the furthest', () => {
    const fenced: RoutingTable = { ...table, pins: [{ key: 'vip', position: 'fenced' }] };
    expect(furthest(fenced)).toBe('fenced');
    expect(furthest({ ...fenced, ranges: [{ below: BUCKETS, position: 'shadow' }] })).toBe('fenced');
  });

  it('is an error where no range covers it', () => {
    expect(() => positionOfRoutingKey({ ...initial, ranges: [] }, 'x')).toThrow(
      expect.objectContaining({ name: 'InvalidConfiguration' }),
    );
  });
});

describe('the flag', () => {
  it('holds every table: what is encoded is decoded, stored or delivered', () => {
    fc.assert(
      fc.property(tables(), (table) => {
        const stored = encodeFlag(table);
        expect(decodeFlag(stored)).toEqual(table);
        expect(decodeFlag(JSON.stringify((JSON.parse(stored) as { values: object }).values))).toEqual(table);
      }),
    );
  });

  it('is contract', () =>
    expect(JSON.parse(encodeFlag({ ...initial, pins: [{ key: 'a b', position: 'shadow' }] }))).toMatchSnapshot());

  it.each([
    ['no JSON', '{'],
    ['no flag', '{}'],
    ['a flag that is no object', '{"routing":1}'],
    ['no revision', JSON.stringify({ routing: { enabled: true } })],
    ['an unknown position', encodeFlag({ ...initial, scout: 'nowhere' as 'legacy' })],
    ['an unknown position of a pin', encodeFlag({ ...initial, pins: [{ key: 'a', position: 'nowhere' as 'legacy' }] })],
    ['ranges that end early', encodeFlag({ ...initial, ranges: [{ below: 10, position: 'legacy' }] })],
    ['no ranges', encodeFlag({ ...initial, ranges: [] })],
  ])('with %s is refused', (_, flag) => {
    expect(() => decodeFlag(flag)).toThrow(expect.objectContaining({ name: 'InvalidConfiguration' }));
  });
});

describe('ways back', () => {
  it('step by step: neighbours (P1), and all in legacy after at most four', () => {
    fc.assert(
      fc.property(tables(chainPositions), (start) => {
        let table = start;
        let releases = 0;
        while (!isAllLegacy(table)) {
          const next = stepBack(table);
          expect(brokenBetween(table, next, bucketOf)).toEqual([]);
          expect(next.revision).toBe(table.revision + 1);
          table = next;
          releases++;
        }
        expect(releases).toBeLessThanOrEqual(4);
      }),
    );
  });

  it('fenced: neighbours (P1), nobody left with writes to the target, then step by step to legacy', () => {
    fc.assert(
      fc.property(tables(chainPositions), (start) => {
        const fenced = fence(start);
        expect(brokenBetween(start, fenced, bucketOf)).toEqual([]);
        for (const position of [...positionsOf(fenced), fenced.scout]) expect(['fenced', 'shadow', 'legacy']).toContain(position);
        let table = fenced;
        for (let releases = 0; releases < 3; releases++) {
          const back = stepBack(table);
          expect(brokenBetween(table, back, bucketOf)).toEqual([]);
          table = back;
        }
        expect(isAllLegacy(table)).toBe(true);
      }),
    );
  });

  it('ask for a drained reverse stream where the next table takes authority from the target', () => {
    fc.assert(
      fc.property(tables(chainPositions), (table) => {
        const before = positionsOf(table);
        const takes = before.some((position) => authorityOf(position) === 'target' && rankOf(position) === rankOf('dual-target'));
        expect(returnsAuthority(table)).toBe(takes);
      }),
    );
    expect(returnsAuthority(fence({ ...initial, ranges: [{ below: BUCKETS, position: 'target' }] }))).toBe(true);
  });

  it('starts all over: no step of a plan is done', () => {
    const table = { ...initial, step: 5, trial: 'back' as const };
    for (const next of [stepBack(table), fence(table), allLegacy(table, true)])
      expect(next).toMatchObject({ step: 0, trial: 'none' });
  });
});
