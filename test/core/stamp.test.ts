import fc from 'fast-check';
import type { Item } from '../../lambda/core/item';
import { freshToken, STAMP, stamped, tokenOf, writerOf } from '../../lambda/core/stamp';
import { items } from './arbitraries';

const item: Item = { id: { S: 'a' } };

it('puts token and writer on an item, under one reserved attribute, and takes them off again', () => {
  fc.assert(
    fc.property(items, fc.uuid(), (content, token) => {
      const version = stamped(content, token, 'reverse');
      expect(tokenOf(version)).toBe(token);
      expect(writerOf(version)).toBe('reverse');
      expect(Object.keys(version).filter((name) => !(name in content))).toEqual(STAMP in content ? [] : [STAMP]);
    }),
  );
});

it('is contract: the stored shape', () => {
  expect(stamped(item, 't1', 'client')).toEqual({ id: { S: 'a' }, _rollout: { M: { t: { S: 't1' }, w: { S: 'client' } } } });
});

it('finds no token where there is none, or something else', () => {
  for (const stamp of [undefined, { S: 't' }, { M: {} }, { M: { t: { N: '1' } } }]) {
    expect(tokenOf(stamp ? ({ ...item, [STAMP]: stamp } as Item) : item)).toBeUndefined();
  }
  expect(tokenOf(undefined)).toBeUndefined();
  expect(writerOf(undefined)).toBeUndefined();
});

it('calls a token fresh only when the change brought it', () => {
  const [one, two] = [stamped(item, 't1', 'client'), stamped(item, 't2', 'client')];
  expect(freshToken(undefined, one)).toBe('t1');
  expect(freshToken(one, two)).toBe('t2');
  expect(freshToken(item, one)).toBe('t1');
  expect(freshToken(one, { ...one, v: { S: 'native' } })).toBeUndefined();
  expect(freshToken(one, item)).toBeUndefined();
  expect(freshToken(one, undefined)).toBeUndefined();
  expect(freshToken(undefined, item)).toBeUndefined();
});
