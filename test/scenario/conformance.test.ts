import { dynamoDatabase } from '../../lambda/adapters/dynamodb';
import { canonical, type Item, keyOf, keyText } from '../../lambda/core/item';
import { LARGEST_ITEM, sizeOf } from '../../lambda/core/item-size';
import type { Schemas } from '../../lambda/core/model';
import type { Database, Write } from '../../lambda/core/ports';
import type { Side } from '../../lambda/core/position';
import { stamped } from '../../lambda/core/stamp';
import { type LocalAwsFixture, localAwsFixture } from '../local-aws-fixture';
import { MemoryDatabase } from '../memory/memory-database';

/** What the protocol needs of a database, asked of the in-memory one and of DynamoDB by the same cases. */
const SCHEMAS: Schemas = { legacy: ['id'], target: ['pk', 'n'] };

const id = (text: string): Item => ({ id: { S: text } });
const at = (pk: string, n: number): Item => ({ pk: { S: pk }, n: { N: String(n) } });
const legacy = (text: string, rest: Item = {}): Item => ({ ...id(text), ...rest });
const target = (pk: string, n: number, rest: Item = {}): Item => ({ ...at(pk, n), ...rest });
const v = (text: string): Item => ({ v: { S: text } });

const put = (side: Side, item: Item, when?: Write['when']): Write => ({ do: 'put', side, item, ...(when && { when }) });
const remove = (side: Side, key: Item, when?: Write['when']): Write => ({ do: 'delete', side, key, ...(when && { when }) });
const check = (side: Side, key: Item, when: NonNullable<Write['when']>): Write => ({ do: 'check', side, key, when });
const ABSENT = { is: 'absent' } as const;

/** One text for some items, in any order. */
const texts = (items: readonly (Item | undefined)[]) => items.map((item) => (item ? canonical(item) : 'none')).sort();

const CASES: Record<string, (db: Database) => Promise<void>> = {
  'reads nothing where nothing is': async (db) => {
    expect(await db.get('legacy', id('a'))).toBeUndefined();
    expect(await db.getMany('legacy', [])).toEqual([]);
    expect(await db.getMany('legacy', [id('a'), id('b')])).toEqual([]);
    expect(await db.query('target', { pk: { S: 'a' } })).toEqual([]);
    expect(await db.write([])).toBe(true);
  },

  'names the key of an item that is too large': async (db) => {
    const big = { ...id('big'), text: { S: 'x'.repeat(410 * 1024) } };
    const expected = {
      name: 'GroupTooLarge',
      message: expect.stringContaining('id=big'),
      data: { key: expect.stringContaining('id=big') },
    };
    await expect(db.write([put('legacy', big)])).rejects.toMatchObject(expected);
    await expect(db.write([put('target', target('a', 1)), put('legacy', big)])).rejects.toMatchObject(expected);
    await expect(db.insertAbsent('legacy', [big])).rejects.toMatchObject(expected);
    expect(await db.get('target', at('a', 1))).toBeUndefined();
  },

  'puts, reads, replaces and deletes': async (db) => {
    expect(await db.write([put('legacy', legacy('a', v('1')))])).toBe(true);
    expect(await db.write([put('legacy', legacy('a', v('2')))])).toBe(true);
    expect(await db.get('legacy', id('a'))).toEqual(legacy('a', v('2')));
    expect(await db.write([remove('legacy', id('a'))])).toBe(true);
    expect(await db.get('legacy', id('a'))).toBeUndefined();
    expect(await db.write([remove('legacy', id('a'))])).toBe(true);
  },

  'absent: only where nothing is': async (db) => {
    expect(await db.write([put('legacy', legacy('a', v('1')), ABSENT)])).toBe(true);
    expect(await db.write([put('legacy', legacy('a', v('2')), ABSENT)])).toBe(false);
    expect(await db.get('legacy', id('a'))).toEqual(legacy('a', v('1')));
    expect(await db.write([check('legacy', id('b'), ABSENT)])).toBe(true);
    expect(await db.write([check('legacy', id('a'), ABSENT)])).toBe(false);
    expect(await db.write([remove('legacy', id('a'), ABSENT)])).toBe(false);
  },

  'at: only the version with that token': async (db) => {
    const first = stamped(legacy('a', v('1')), 't1', 'client');
    const second = stamped(legacy('a', v('2')), 't2', 'client');
    const when = { is: 'at', token: 't1' } as const;
    expect(await db.write([put('legacy', second, when)])).toBe(false);
    await db.write([put('legacy', first)]);
    expect(await db.write([check('legacy', id('a'), when)])).toBe(true);
    expect(await db.write([put('legacy', second, when)])).toBe(true);
    expect(await db.write([remove('legacy', id('a'), when)])).toBe(false);
    expect(await db.write([check('legacy', id('a'), when)])).toBe(false);
    await db.write([put('legacy', legacy('a', v('native')))]);
    expect(await db.write([remove('legacy', id('a'), when)])).toBe(false);
  },

  'unchanged, with a token: token and content': async (db) => {
    const read = stamped(legacy('a', v('1')), 't1', 'client');
    const when = { is: 'unchanged', since: read } as const;
    expect(await db.write([put('legacy', read, when)])).toBe(false);
    await db.write([put('legacy', read)]);
    expect(await db.write([check('legacy', id('a'), when)])).toBe(true);
    await db.write([put('legacy', stamped(legacy('a', v('native')), 't1', 'client'))]);
    expect(await db.write([remove('legacy', id('a'), when)])).toBe(false);
    await db.write([put('legacy', stamped(legacy('a', v('1')), 't2', 'client'))]);
    expect(await db.write([remove('legacy', id('a'), when)])).toBe(false);
    await db.write([put('legacy', read)]);
    expect(await db.write([remove('legacy', id('a'), when)])).toBe(true);
  },

  'unchanged, without a token: content, and still no token': async (db) => {
    const read = legacy('a', v('1'));
    const when = { is: 'unchanged', since: read } as const;
    expect(await db.write([check('legacy', id('a'), when)])).toBe(false);
    await db.write([put('legacy', read)]);
    expect(await db.write([check('legacy', id('a'), when)])).toBe(true);
    await db.write([put('legacy', stamped(read, 't1', 'client'))]);
    expect(await db.write([put('legacy', legacy('a', v('2')), when)])).toBe(false);
    await db.write([put('legacy', legacy('a'))]);
    expect(await db.write([put('legacy', legacy('a', v('2')), when)])).toBe(false);
    expect(await db.write([put('legacy', legacy('a', v('2')), { is: 'unchanged', since: legacy('a') })])).toBe(true);
    await db.write([remove('legacy', id('a'))]);
    expect(await db.write([put('legacy', legacy('a', v('2')), { is: 'unchanged', since: legacy('a') })])).toBe(false);
  },

  'unchanged: every kind of attribute, numbers by value, sets in any order': async (db) => {
    const read = legacy('a', {
      text: { S: '' },
      number: { N: '1.50' },
      bytes: { B: new Uint8Array([0, 255]) },
      none: { NULL: true },
      yes: { BOOL: true },
      texts: { SS: ['x', 'y'] },
      numbers: { NS: ['1', '20'] },
      list: { L: [{ N: '1' }, { NULL: true }, { M: { deep: { L: [] } } }] },
      map: { M: { 'a.b': { S: 'x' }, none: { NULL: true } } },
      'a name with "quotes" and \'more\'': { S: 'x' },
    });
    await db.write([put('legacy', read)]);
    const other = { ...read, number: { N: '15e-1' }, texts: { SS: ['y', 'x'] }, numbers: { NS: ['2e1', '1.0'] } };
    expect(await db.write([check('legacy', id('a'), { is: 'unchanged', since: other })])).toBe(true);
    for (const change of [
      { list: { L: [] } },
      { map: { M: {} } },
      { none: { S: '' } },
      { number: { N: '1.51' } },
      { yes: { BOOL: false } },
    ]) {
      expect(
        await db.write([check('legacy', id('a'), { is: 'unchanged', since: { ...read, ...change } as unknown as Item })]),
      ).toBe(false);
    }
  },

  'unchanged: more attributes than an expression can hold': async (db) => {
    const many: Item = Object.fromEntries(
      Array.from({ length: 400 }, (_, n) => [`attribute-with-a-long-name-${n}`, { N: String(n) }]),
    );
    const item = stamped(legacy('a', many), 't1', 'client');
    await db.write([put('legacy', item)]);
    expect(await db.write([put('legacy', item, { is: 'unchanged', since: item })])).toBe(true);
    expect(await db.write([remove('legacy', id('a'), { is: 'unchanged', since: stamped(item, 't2', 'client') })])).toBe(false);
  },

  'all or none across both tables': async (db) => {
    const writes = (when: Write['when']): Write[] => [
      put('legacy', legacy('a', v('1')), ABSENT),
      put('target', target('a', 1, v('1')), ABSENT),
      check('target', at('other', 1), when as NonNullable<Write['when']>),
    ];
    expect(await db.write(writes({ is: 'at', token: 'nobody' }))).toBe(false);
    expect(await db.get('legacy', id('a'))).toBeUndefined();
    expect(await db.get('target', at('a', 1))).toBeUndefined();
    expect(await db.write(writes(ABSENT))).toBe(true);
    expect(await db.write(writes(ABSENT))).toBe(false);
    expect(await db.write([remove('legacy', id('a')), remove('target', at('a', 1), ABSENT)])).toBe(false);
    expect(await db.get('legacy', id('a'))).toEqual(legacy('a', v('1')));
    expect(await db.write([remove('legacy', id('a')), remove('target', at('a', 1))])).toBe(true);
    expect(await db.query('target', { pk: { S: 'a' } })).toEqual([]);
  },

  'one hundred actions in one transaction, not one more': async (db) => {
    const group = (size: number) => Array.from({ length: size }, (_, n) => put('target', target('a', n), ABSENT));
    await expect(db.write(group(101))).rejects.toThrow();
    expect(await db.write(group(100))).toBe(true);
    expect(await db.query('target', { pk: { S: 'a' } })).toHaveLength(100);
  },

  'two writes of one item in one transaction are a defect': async (db) => {
    await expect(
      db.write([put('target', target('a', 1)), check('target', { n: { N: '1.0' }, pk: { S: 'a' } }, ABSENT)]),
    ).rejects.toThrow();
  },

  'inserts what is absent, each on its own': async (db) => {
    await db.write([put('target', target('a', 1, v('old')))]);
    const items = Array.from({ length: 30 }, (_, n) => target('a', n, v('new')));
    const { results, units } = await db.insertAbsent('target', items);
    expect(results).toEqual(items.map((_, n) => (n === 1 ? 'exists' : 'inserted')));
    expect(units).toBeGreaterThanOrEqual(29);
    expect((await db.insertAbsent('target', items)).results).toEqual(items.map(() => 'exists'));
    expect(await db.get('target', at('a', 1))).toEqual(target('a', 1, v('old')));
    expect((await db.insertAbsent('target', [])).results).toEqual([]);
  },

  'inserts every kind of item': async (db) => {
    const wide: Item = Object.fromEntries(
      Array.from({ length: 300 }, (_, n) => [`attribute-with-a-long-name-${n}`, { N: String(n) }]),
    );
    const items = [
      target('a', 1, {
        text: { S: "it's" },
        empty: { S: '' },
        bytes: { B: new Uint8Array([0, 1, 255]) },
        nobytes: { B: new Uint8Array() },
      }),
      target('a', 2, {
        texts: { SS: ['x', 'y'] },
        numbers: { NS: ['1', '-2.5'] },
        blobs: { BS: [new Uint8Array([1]), new Uint8Array([2])] },
      }),
      target('a', 3, { list: { L: [{ NULL: true }, { M: { none: { NULL: true }, list: { L: [] } } }] }, map: { M: {} } }),
      target('a', 4, { "it's a name": { BOOL: true } }),
      target('a', 5, wide),
      stamped(target('a', 6, v('6')), 'token', 'backfill'),
    ];
    expect((await db.insertAbsent('target', items)).results).toEqual(items.map(() => 'inserted'));
    expect(texts(await db.query('target', { pk: { S: 'a' } }))).toEqual(texts(items));
    expect((await db.insertAbsent('target', items)).results).toEqual(items.map(() => 'exists'));
  },

  'queries a partition by sort key, and one item': async (db) => {
    const numbers = [10, 9, -1, 0.5, 100];
    for (const n of numbers) await db.write([put('target', target('a', n))]);
    await db.write([put('target', target('b', 1))]);
    const found = await db.query('target', { pk: { S: 'a' } });
    expect(found.map(({ n }) => Number((n as { N: string }).N))).toEqual([-1, 0.5, 9, 10, 100]);
    expect(await db.query('target', at('a', 9))).toEqual([target('a', 9)]);
    expect(await db.query('target', at('a', 8))).toEqual([]);
    await db.write([put('legacy', legacy('a', v('1')))]);
    expect(await db.query('legacy', id('a'))).toEqual([legacy('a', v('1'))]);
  },

  'reads many: more than one request takes, some absent, some twice': async (db) => {
    const items = Array.from({ length: 130 }, (_, n) => target(`p${n % 7}`, n, v(String(n))));
    await db.insertAbsent('target', items);
    const keys = [...items.map((item) => keyOf(item, SCHEMAS.target)), at('nobody', 1), at('p0', 7000)];
    expect(texts(await db.getMany('target', keys))).toEqual(texts(items));
    expect(await db.getMany('target', [at('p0', 0)])).toEqual([items[0]]);
  },

  'scan segments cover all, page by page': async (db) => {
    const items = Array.from({ length: 60 }, (_, n) => legacy(`item-${n}`, v(String(n))));
    await db.insertAbsent('legacy', items);
    const seen: Item[] = [];
    for (let segment = 0; segment < 3; segment++) {
      let after: Item | undefined;
      do {
        const page = await db.scan('legacy', { segment, segments: 3, limit: 7, ...(after && { after }) });
        expect(page.items.length).toBeLessThanOrEqual(7);
        if (page.items.length > 0) expect(page.units).toBeGreaterThan(0);
        seen.push(...page.items);
        after = page.next;
      } while (after);
    }
    expect(texts(seen)).toEqual(texts(items));
  },

  'numbers of 38 digits': async (db) => {
    const numbers = [
      '12345678901234567890123456789012345678',
      '-0.00000000000000000000000000000000000001',
      '9.9999999999999999999999999999999999999E+125',
      '1E-130',
    ];
    for (const [n, N] of numbers.entries()) {
      const item = target('a', n, { N: { N } });
      await db.write([put('target', item)]);
      const read = await db.get('target', at('a', n));
      expect(canonical(read as Item)).toBe(canonical(item));
      expect(await db.write([check('target', at('a', n), { is: 'unchanged', since: item })])).toBe(true);
    }
    const next = { N: { N: '12345678901234567890123456789012345679' } };
    expect(await db.write([check('target', at('a', 0), { is: 'unchanged', since: target('a', 0, next) })])).toBe(false);
  },

  'an item of 390 KB, compared in full': async (db) => {
    const item = (text: string) =>
      stamped(legacy('big', { text: { S: text.repeat(390 * 1024) }, small: { N: '1' } }), 't1', 'client');
    expect(sizeOf(item('x'))).toBeLessThan(LARGEST_ITEM);
    expect((await db.insertAbsent('legacy', [item('x')])).results).toEqual(['inserted']);
    expect(await db.get('legacy', id('big'))).toEqual(item('x'));
    expect(await db.write([put('legacy', item('y'), { is: 'unchanged', since: item('y') })])).toBe(false);
    expect(await db.write([put('legacy', item('y'), { is: 'unchanged', since: item('x') })])).toBe(true);
    const both: Write[] = [check('target', at('a', 1), ABSENT), put('legacy', item('z'), { is: 'unchanged', since: item('y') })];
    expect(await db.write(both)).toBe(true);
    expect(await db.write(both)).toBe(false);
  },
};

describe('in memory', () => {
  it.each(Object.entries(CASES))('%s', async (_, run) => run(new MemoryDatabase(SCHEMAS)));
});

describe('on DynamoDB of local AWS', () => {
  let fixture: LocalAwsFixture;
  beforeAll(async () => {
    fixture = await localAwsFixture();
  }, 120_000);
  afterAll(() => fixture?.stop());

  const database = async () => dynamoDatabase(fixture.client, await fixture.createTables(SCHEMAS, ['n']), SCHEMAS);

  it.each(Object.entries(CASES))('%s', async (_, run) => run(await database()));

  it('names the key of a group that is too large', async () => {
    const db = await database();
    const group = Array.from({ length: 11 }, (_, n) => put('target', target('a', n, { text: { S: 'x'.repeat(390 * 1024) } })));
    await expect(db.write(group)).rejects.toMatchObject({
      name: 'GroupTooLarge',
      message: expect.stringContaining(keyText(at('a', 0))),
    });
  });

  it('says which item DynamoDB will never take', async () => {
    const db = await database();
    const wrong = { ...id('a'), set: { SS: [] } } as Item;
    await expect(db.write([put('legacy', wrong)])).rejects.toMatchObject({
      name: 'TransformFailed',
      message: expect.stringContaining('id=a'),
    });
  });
});
