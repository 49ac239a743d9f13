import type { Item } from '../../lambda/core/item';
import { type Change, isUnadopted, replicateForward, replicateReverse, salvage } from '../../lambda/core/replicate';
import type { Settling } from '../../lambda/core/settle';
import { stamped, tokenOf } from '../../lambda/core/stamp';
import { MemoryDatabase } from '../memory/memory-database';
import { counting, legacyItem, oneToMany, oneToOne, upOfLegacy } from './models';

const KEY: Item = { id: { S: 'x' } };
const version = (v: number, token?: string): Item => {
  const item = legacyItem('oneToOne', 'x', v);
  return token ? stamped(item, token, 'client') : item;
};
const child = (v: number, token?: string): Item => {
  const [item] = oneToOne.up(legacyItem('oneToOne', 'x', v)) as [Item];
  return token ? stamped(item, token, 'forward') : item;
};

let database: MemoryDatabase;
let calls: string[];
let s: Settling;
beforeEach(() => {
  database = new MemoryDatabase(oneToOne.schemas);
  calls = [];
  database.before = (call) => void calls.push(call);
  s = { database, model: oneToOne, tokens: counting(), mayWrite: () => {} };
});

const change = (before: Item | undefined, after: Item | undefined, byService = false): Change => ({
  key: KEY,
  byService,
  ...(before && { before }),
  ...(after && { after }),
});

describe('adoption', () => {
  it.each([
    ['made by a client', undefined, version(1, 'c1'), false],
    ['made without the client', undefined, version(1), true],
    ['changed by a client', version(1, 'c1'), version(2, 'c2'), false],
    ['changed in place without the client', version(1, 'c1'), version(2, 'c1'), true],
    ['replaced without the client', version(1, 'c1'), version(2), true],
    ['adopted by a client', version(1), version(2, 'c1'), false],
    ['deleted', version(1), undefined, false],
  ])('%s', (_, before, after, unadopted) => expect(isUnadopted(change(before, after))).toBe(unadopted));
});

describe('forward', () => {
  it.each(['dual-target', 'target', 'fenced'] as const)('ignores everything in %s', async (position) => {
    database.put('legacy', version(1, 'c1'));
    expect(await replicateForward(s, position, change(undefined, version(1, 'c1')))).toBe('ignored');
    expect(calls).toEqual([]);
  });

  it('takes one write and no read for a change whose old version the target has', async () => {
    database.put('target', child(1, 'c1'));
    database.put('legacy', version(2, 'c2'));
    expect(await replicateForward(s, 'shadow', change(version(1, 'c1'), version(2, 'c2')))).toBe('changed');
    expect(calls).toEqual(['write']);
    expect(database.items('target')).toEqual([child(2, 'c2')]);
  });

  it('takes one write and no read for a deletion whose old version the target has', async () => {
    database.put('target', child(1, 'c1'));
    expect(await replicateForward(s, 'shadow', change(version(1, 'c1'), undefined))).toBe('changed');
    expect(calls).toEqual(['write']);
    expect(database.items('target')).toEqual([]);
  });

  it('looks at the authority before it makes an item: a late record does not bring one back', async () => {
    expect(await replicateForward(s, 'shadow', change(undefined, version(1, 'c1')))).toBe('same');
    expect(database.items('target')).toEqual([]);
    database.put('legacy', version(1, 'c1'));
    expect(await replicateForward(s, 'shadow', change(undefined, version(1, 'c1')))).toBe('changed');
    expect(database.items('target')).toEqual([child(1, 'c1')]);
  });

  it('looks at the authority before it makes a sibling', async () => {
    database = new MemoryDatabase(oneToMany.schemas);
    database.before = (call) => void calls.push(call);
    s = { ...s, database, model: oneToMany };
    const many = (v: number, token: string) => stamped(legacyItem('oneToMany', 'x', v), token, 'client');
    database.put('legacy', many(3, 'c2'));
    for (const item of oneToMany.up(legacyItem('oneToMany', 'x', 1))) database.put('target', stamped(item, 'c1', 'forward'));
    expect(await replicateForward(s, 'shadow', change(many(1, 'c1'), many(3, 'c2')))).toBe('changed');
    expect(calls).toContain('get');
    expect(database.contents('target')).toEqual(upOfLegacy(oneToMany, database));
  });

  it.each([
    ['changed in place', version(2, 'c1')],
    ['replaced', version(2)],
  ])('carries a change by code without the client by its content: %s', async (_, after) => {
    database.put('target', child(1, 'c1'));
    database.put('legacy', after);
    expect(await replicateForward(s, 'shadow', change(version(1, 'c1'), after))).toBe('changed');
    expect(database.contents('target')).toEqual(upOfLegacy(oneToOne, database));
    expect(await replicateForward(s, 'shadow', change(version(1, 'c1'), after))).toBe('same');
  });

  it('leaves a newer version alone', async () => {
    database.put('legacy', version(3, 'c3'));
    database.put('target', child(3, 'c3'));
    expect(await replicateForward(s, 'dual-legacy', change(version(1, 'c1'), version(2, 'c2')))).toBe('same');
    expect(database.items('target')).toEqual([child(3, 'c3')]);
  });

  it('carries deletions by time-to-live forward', async () => {
    database.put('target', child(1, 'c1'));
    expect(await replicateForward(s, 'shadow', change(version(1, 'c1'), undefined, true))).toBe('changed');
    expect(database.items('target')).toEqual([]);
  });

  it('writes nothing without leave', async () => {
    database.put('target', child(1, 'c1'));
    const refused = {
      ...s,
      mayWrite: () => {
        throw new Error('no lease');
      },
    };
    await expect(replicateForward(refused, 'shadow', change(version(1, 'c1'), version(2, 'c2')))).rejects.toThrow('no lease');
    expect(database.items('target')).toEqual([child(1, 'c1')]);
  });
});

describe('reverse', () => {
  const key = { pk: { S: 'P#x' } };
  const targetChange = (before: Item | undefined, after: Item | undefined, byService = false) => ({
    ...change(before, after, byService),
    key,
  });

  it.each(['legacy', 'shadow', 'dual-legacy'] as const)('ignores everything in %s', async (position) => {
    expect(await replicateReverse(s, position, targetChange(undefined, child(1, 'c1')))).toBe('ignored');
    expect(calls).toEqual([]);
  });

  it.each(['dual-target', 'target', 'fenced'] as const)('carries a change in %s', async (position) => {
    database.put('target', child(1, 'c1'));
    expect(await replicateReverse(s, position, targetChange(undefined, child(1, 'c1')))).toBe('changed');
    expect(database.contents('legacy').get('id=x')).toBeDefined();
    expect(await replicateReverse(s, position, targetChange(undefined, child(1, 'c1')))).toBe('same');
  });

  it('never carries a deletion by time-to-live back', async () => {
    database.put('legacy', version(1, 'c1'));
    expect(await replicateReverse(s, 'target', targetChange(child(1, 'c1'), undefined, true))).toBe('ignored');
    expect(database.items('legacy')).toHaveLength(1);
  });

  it('does not carry what code without the client wrote to the target', async () => {
    database.put('target', child(2));
    expect(await replicateReverse(s, 'target', targetChange(child(1, 'c1'), child(2)))).toBe('foreign');
    expect(await replicateReverse(s, 'target', targetChange(child(1, 'c1'), child(2, 'c1')))).toBe('foreign');
    expect(database.items('legacy')).toEqual([]);
  });
});

describe('salvage, of late writes to the target after an immediate rollback', () => {
  const key = { pk: { S: 'P#x' } };
  const late = (before: Item | undefined, after: Item | undefined, byService = false) => ({
    ...change(before, after, byService),
    key,
  });
  const byClient = (v: number, token: string) => stamped(child(v), token, 'client');

  it('merges where legacy stands at what the writer saw', async () => {
    database.put('legacy', version(1, 'c1'));
    expect(await salvage(s, late(byClient(1, 'c1'), byClient(2, 'c2')))).toBe('changed');
    expect(database.contents('target')).toEqual(new Map());
    expect(database.items('legacy')[0]).toMatchObject({ v: { S: 'v2' } });
    expect(tokenOf(database.items('legacy')[0])).not.toBe('c1');
    expect(await salvage(s, late(byClient(1, 'c1'), byClient(2, 'c2')))).toBe('same');
  });

  it('merges a new item, and keeps a deletion: our own replication deletes on the target, too', async () => {
    expect(await salvage(s, late(undefined, byClient(1, 'c1')))).toBe('changed');
    expect(database.items('legacy')).toHaveLength(1);
    expect(await salvage(s, late(byClient(1, 'c1'), undefined))).toBe('salvaged');
    expect(database.items('legacy')).toHaveLength(1);
  });

  it('keeps the image where legacy has moved on', async () => {
    database.put('legacy', version(3, 'c3'));
    expect(await salvage(s, late(byClient(1, 'c1'), byClient(2, 'c2')))).toBe('salvaged');
    expect(await salvage(s, late(byClient(1, 'c1'), undefined))).toBe('salvaged');
    expect(database.items('legacy')).toEqual([version(3, 'c3')]);
  });

  it('keeps the image when legacy moves on during the merge', async () => {
    database.put('legacy', version(1, 'c1'));
    database.before = (call) => {
      if (call === 'write') database.put('legacy', version(3, 'c3'));
    };
    expect(await salvage(s, late(byClient(1, 'c1'), byClient(2, 'c2')))).toBe('salvaged');
    expect(database.items('legacy')).toEqual([version(3, 'c3')]);
  });

  it('ignores replication, backfill and time-to-live', async () => {
    database.put('legacy', version(1, 'c1'));
    expect(await salvage(s, late(child(1, 'c1'), child(2, 'c2')))).toBe('ignored');
    expect(await salvage(s, late(byClient(1, 'c1'), undefined, true))).toBe('ignored');
    expect(database.items('legacy')).toEqual([version(1, 'c1')]);
  });
});
