import {
  asRead,
  childrenOf,
  compareGroup,
  expected,
  represented,
  sameChildren,
  versionToken,
  writesToward,
} from '../../lambda/core/group';
import { digest, type Item } from '../../lambda/core/item';
import type { Model } from '../../lambda/core/model';
import { stamped, tokenOf } from '../../lambda/core/stamp';
import { legacyItem, oneToMany, oneToOne } from './models';

const legacy = stamped(legacyItem('oneToMany', 'x', 3), 't1', 'client');
const wanted = expected(oneToMany, legacyItem('oneToMany', 'x', 3));
const made = childrenOf(
  oneToMany,
  [...wanted.values()].map((item) => stamped(item, 't1', 'forward')),
);
const writes = (of: Item | undefined, found: typeof made) =>
  writesToward(oneToMany, of, found, 'forward').map((write) => {
    const item = write.do === 'put' ? write.item : undefined;
    return [write.do, ((item ?? (write as { key: Item }).key).part as { S: string }).S, tokenOf(item), write.when?.is];
  });

it('makes groups by key, and refuses one key twice', () => {
  expect([...wanted.keys()]).toEqual(['part=a,pk=x', 'part=b,pk=x']);
  expect(expected(oneToMany, undefined).size).toBe(0);
  const twice: Model = { ...oneToOne, up: (item) => [...oneToOne.up(item), ...oneToOne.up(item)] };
  expect(() => expected(twice, legacyItem('oneToOne', 'x', 1))).toThrow(
    expect.objectContaining({ name: 'TransformFailed', data: { key: 'pk=P#x' } }),
  );
});

it('compares groups without stamps', () => {
  expect(sameChildren(wanted, made)).toBe(true);
  expect(sameChildren(wanted, expected(oneToMany, legacyItem('oneToMany', 'x', 1)))).toBe(false);
  expect(sameChildren(wanted, expected(oneToMany, legacyItem('oneToMany', 'x', 7)))).toBe(false);
  expect(sameChildren(new Map(), new Map())).toBe(true);
});

it('asks for what was read', () => {
  expect(asRead(undefined)).toEqual({ is: 'absent' });
  expect(asRead(legacy)).toEqual({ is: 'unchanged', since: legacy });
});

it('names a version by its token, or by its content', () => {
  expect(versionToken(legacy)).toBe('t1');
  const native = legacyItem('oneToMany', 'x', 3);
  expect(versionToken(native)).toBe(`content:${digest(native).slice(0, 32)}`);
  expect(versionToken(legacyItem('oneToMany', 'x', 3))).toBe(versionToken(native));
  expect(versionToken(legacyItem('oneToMany', 'x', 5))).not.toBe(versionToken(native));
});

describe('what the new model has no place for', () => {
  const item = { ...legacyItem('oneToMany', 'x', 3), nickname: { S: 'Xx' } };

  it('is found, by the names of its attributes, before anything is written or built on the rest', () => {
    const refused = expect.objectContaining({
      name: 'NotRepresentable',
      message: expect.stringContaining('down(up(item)) is not the same item (nickname)'),
      data: { key: 'id=x', attributes: ['nickname'] },
    });
    expect(() => represented(oneToMany, item)).toThrow(refused);
    expect(() => represented(oneToMany, stamped(item, 't1', 'client'))).toThrow(refused);
    expect(() => writesToward(oneToMany, item, new Map(), 'forward')).toThrow(refused);
  });

  it('does not concern an item that is kept whole, one that up makes nothing of, or none', () => {
    expect(represented(oneToMany, legacy)).toEqual(expected(oneToMany, legacy));
    expect(represented({ ...oneToMany, up: () => [] }, item).size).toBe(0);
    expect(represented(oneToMany, undefined).size).toBe(0);
  });
});

describe('writes toward up(legacy)', () => {
  it('nothing where all is there', () => expect(writes(legacy, made)).toEqual([]));

  it('puts what is missing where nothing is', () => {
    expect(writes(legacy, new Map())).toEqual([
      ['put', 'a', 't1', 'absent'],
      ['put', 'b', 't1', 'absent'],
    ]);
  });

  it('replaces what is different, and what has another token', () => {
    const [a, b] = [...made.values()] as [Item, Item];
    const found = childrenOf(oneToMany, [stamped({ ...a, v: { S: 'damaged' } }, 't1', 'client'), stamped(b, 't0', 'forward')]);
    expect(writes(legacy, found)).toEqual([
      ['put', 'a', 't1', 'unchanged'],
      ['put', 'b', 't1', 'unchanged'],
    ]);
  });

  it('deletes what is not wanted', () => {
    expect(writes(undefined, made)).toEqual([
      ['delete', 'a', undefined, 'unchanged'],
      ['delete', 'b', undefined, 'unchanged'],
    ]);
    expect(writes(stamped(legacyItem('oneToMany', 'x', 4), 't2', 'client'), made)).toEqual([
      ['put', 'c', 't2', 'absent'],
      ['delete', 'a', undefined, 'unchanged'],
      ['delete', 'b', undefined, 'unchanged'],
    ]);
  });
});

describe('comparing a group', () => {
  const damaged = new Map([...made].map(([key, item]) => [key, { ...item, v: { S: 'damaged' } }]));

  it('same', () => expect(compareGroup(wanted, made, legacy)).toBe('same'));
  it('diverged: one token on different contents', () => expect(compareGroup(wanted, damaged, legacy)).toBe('diverged'));

  it('lagging: other tokens, or something is missing or too many', () => {
    expect(compareGroup(wanted, damaged, stamped(legacy, 't2', 'client'))).toBe('lagging');
    expect(compareGroup(wanted, damaged, legacyItem('oneToMany', 'x', 3))).toBe('lagging');
    expect(compareGroup(wanted, new Map(), legacy)).toBe('lagging');
    expect(compareGroup(new Map(), made, undefined)).toBe('lagging');
  });
});
