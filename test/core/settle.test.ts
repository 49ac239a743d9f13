import { childrenOf } from '../../lambda/core/group';
import type { Item } from '../../lambda/core/item';
import type { Model } from '../../lambda/core/model';
import { groupDown, type Settling, settleForward, settleReverse } from '../../lambda/core/settle';
import { stamped, tokenOf, writerOf } from '../../lambda/core/stamp';
import { MemoryDatabase } from '../memory/memory-database';
import { counting, keyChanging, legacyItem, oneToMany, oneToOne, upOfLegacy } from './models';

const X: Item = { id: { S: 'x' } };

function setUp(model: Model): Settling & { database: MemoryDatabase } {
  return { database: new MemoryDatabase(model.schemas), model, tokens: counting(), mayWrite: () => {} };
}

/** Runs `action` once, before the n-th call of that name. */
function atCall(database: MemoryDatabase, name: string, nth: number, action: () => void): void {
  let seen = 0;
  database.before = (call) => {
    if (call === name && ++seen === nth) action();
  };
}

describe('forward', () => {
  it('makes, changes and removes target items, each with the token of the legacy version, and then has nothing to do', async () => {
    const s = setUp(oneToMany);
    for (const [v, token] of [
      [3, 'c1'],
      [6, 'c2'],
      [0, 'c3'],
      [7, 'c4'],
    ] as const) {
      s.database.put('legacy', stamped(legacyItem('oneToMany', 'x', v), token, 'client'));
      const candidates = s.database.items('target');
      expect(await settleForward(s, X, candidates)).toBe('changed');
      expect(s.database.contents('target')).toEqual(upOfLegacy(oneToMany, s.database));
      for (const item of s.database.items('target')) expect([tokenOf(item), writerOf(item)]).toEqual([token, 'forward']);
      expect(await settleForward(s, X, s.database.items('target'))).toBe('same');
    }
  });

  it('removes what an older image had, and leaves other groups alone', async () => {
    const s = setUp(oneToMany);
    s.database.put('target', { pk: { S: 'y' }, part: { S: 'a' } });
    const ghost = { pk: { S: 'x' }, part: { S: 'a' } };
    s.database.put('target', ghost);
    expect(await settleForward(s, X)).toBe('same');
    expect(await settleForward(s, X, [ghost])).toBe('changed');
    expect([...s.database.contents('target').keys()]).toEqual(['part=a,pk=y']);
  });

  it('does not bring back what was made and deleted between its two reads', async () => {
    const s = setUp(oneToOne);
    s.database.put('legacy', stamped(legacyItem('oneToOne', 'x', 1), 'c1', 'client'));
    atCall(s.database, 'write', 1, () => s.database.remove('legacy', X));
    expect(await settleForward(s, X, oneToOne.up(legacyItem('oneToOne', 'x', 1)))).toBe('same');
    expect(s.database.items('target')).toEqual([]);
  });

  it('begins again when the follower changed meanwhile', async () => {
    const s = setUp(oneToOne);
    s.database.put('legacy', stamped(legacyItem('oneToOne', 'x', 1), 'c1', 'client'));
    const newer = stamped(oneToOne.up(legacyItem('oneToOne', 'x', 1))[0] as Item, 'c1', 'client');
    atCall(s.database, 'write', 1, () => s.database.put('target', newer));
    expect(await settleForward(s, X)).toBe('same');
    expect(writerOf(s.database.items('target')[0])).toBe('client');
  });

  it('writes nothing without leave', async () => {
    const s = {
      ...setUp(oneToOne),
      mayWrite: () => {
        throw new Error('no lease');
      },
    };
    s.database.put('legacy', legacyItem('oneToOne', 'x', 1));
    await expect(settleForward(s, X)).rejects.toThrow('no lease');
    expect(s.database.items('target')).toEqual([]);
  });

  it('gives up after twenty conflicts, with the key', async () => {
    const s = setUp(oneToOne);
    let n = 0;
    s.database.put('legacy', stamped(legacyItem('oneToOne', 'x', 1), 'c', 'client'));
    s.database.before = (call) => {
      if (call === 'write') s.database.put('legacy', stamped(legacyItem('oneToOne', 'x', 1), `c${n++}`, 'client'));
    };
    await expect(settleForward(s, X)).rejects.toMatchObject({
      name: 'TooMuchContention',
      data: { key: 'id=x', direction: 'forward' },
    });
    // The first try only learns the keys.
    expect(n).toBe(19);
  });
});

describe('reverse', () => {
  const target = (part: string, v = 'v', token = 'c1') =>
    stamped({ pk: { S: 'x' }, part: { S: part }, v: { S: v } }, token, 'client');

  it('makes the legacy item of a group, item by item, and removes it with the last one', async () => {
    const s = setUp(oneToMany);
    for (const part of ['a', 'b']) {
      s.database.put('target', target(part));
      expect(await settleReverse(s, target(part))).toBe('changed');
      expect(await settleReverse(s, target(part))).toBe('same');
    }
    expect(s.database.items('legacy').map((item) => writerOf(item))).toEqual(['reverse']);
    s.database.remove('target', { pk: { S: 'x' }, part: { S: 'a' } });
    expect(await settleReverse(s, target('a'))).toBe('changed');
    expect(s.database.items('legacy')[0]).toMatchObject({ parts: { M: { b: { S: 'v' } } } });
    s.database.remove('target', { pk: { S: 'x' }, part: { S: 'b' } });
    expect(await settleReverse(s, target('b'))).toBe('changed');
    expect(s.database.items('legacy')).toEqual([]);
    expect(await settleReverse(s, target('b'))).toBe('same');
  });

  it('does not forget a sibling that another call has just brought', async () => {
    const s = setUp(oneToMany);
    s.database.put('target', target('a'));
    atCall(s.database, 'write', 1, () => {
      s.database.put('target', target('b'));
      s.database.put('legacy', stamped({ id: { S: 'x' }, parts: { M: { b: { S: 'v' } } } }, 'r1', 'reverse'));
    });
    expect(await settleReverse(s, target('a'))).toBe('changed');
    expect(s.database.items('legacy')[0]).toMatchObject({ parts: { M: { a: { S: 'v' }, b: { S: 'v' } } } });
  });

  it('refuses what legacy cannot hold, with the keys', async () => {
    const s = setUp(keyChanging);
    for (const v of ['v1', 'v2']) s.database.put('target', stamped({ id: { S: 'x' }, v: { S: v } }, v, 'client'));
    s.database.put('legacy', legacyItem('keyChanging', 'x', 1));
    await expect(settleReverse(s, { id: { S: 'x' }, v: { S: 'v2' } })).rejects.toMatchObject({
      name: 'NotRepresentable',
      data: { legacyKey: 'id=x', targetKey: expect.stringContaining('id=x') },
    });
    expect(s.database.items('legacy')).toEqual([legacyItem('keyChanging', 'x', 1)]);
  });

  it('follows an item that moves to another key between its reads', async () => {
    const s = setUp(keyChanging);
    const at = (v: string): Item => ({ id: { S: 'x' }, v: { S: v } });
    s.database.put('legacy', at('v1'));
    s.database.put('target', stamped(at('v1'), 'c1', 'client'));
    // Reads: legacy, the target key of the record, the target key of legacy. The item moves between the last two.
    atCall(s.database, 'get', 3, () => {
      s.database.remove('target', at('v2'));
      s.database.put('target', stamped(at('v1'), 'c2', 'client'));
    });
    s.database.remove('target', at('v1'));
    s.database.put('target', stamped(at('v2'), 'c2', 'client'));
    expect(await settleReverse(s, at('v2'))).toBe('same');
  });
});

it('takes a group back only when up gives the same group again', () => {
  const group = (items: Item[]) => childrenOf(oneToMany, items);
  const a = { pk: { S: 'x' }, part: { S: 'a' }, v: { S: '1' } };
  expect(groupDown(oneToMany, group([]), X)).toBeUndefined();
  expect(groupDown(oneToMany, group([a]), X)).toEqual({ id: { S: 'x' }, parts: { M: { a: { S: '1' } } } });
  expect(() => groupDown(oneToMany, group([{ ...a, more: { S: '1' } }]), X)).toThrow(
    expect.objectContaining({ name: 'NotRepresentable' }),
  );
  expect(() => groupDown(oneToMany, group([a]), { id: { S: 'y' } })).toThrow(
    expect.objectContaining({ name: 'NotRepresentable' }),
  );
});
