import { randomUUID } from 'node:crypto';
import { NumberValueImpl as NumberValue } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { fromWire, modelFrom, toWire } from '../../lambda/adapters/model';
import { defineTransform, type PlainItem } from '../../lambda/client/transform';
import { type Item, sameContent } from '../../lambda/core/item';
import type { Schemas } from '../../lambda/core/model';
import { STAMP, stamped } from '../../lambda/core/stamp';
import { items } from '../core/arbitraries';

const SCHEMAS: Schemas = { legacy: ['id'], target: ['pk', 'sk'] };

const definition = defineTransform({
  version: 'v1',
  up: ({ id, ...rest }) => [{ pk: `P#${id}`, sk: 'A', ...rest }],
  down: ([item]) => {
    if (!item) return undefined;
    const { pk, sk: _, ...rest } = item;
    return { id: pk.slice(2), ...rest };
  },
  legacyKey: ({ pk }) => ({ id: pk.slice(2) }),
  canary: {
    item: (n) => ({ id: `canary-${n}` }),
    number: ({ id }) => (String(id).startsWith('canary-') ? Number(String(id).slice(7)) : undefined),
  },
});

const model = (changes: object = {}, schemas = SCHEMAS) => modelFrom({ ...definition, ...changes }, schemas);
const legacy: Item = { id: { S: 'x' }, n: { N: '1' } };
const failed = (name: string, text: string) => expect.objectContaining({ name, message: expect.stringContaining(text) });

describe('plain items', () => {
  it('keep every attribute exactly', () => {
    fc.assert(fc.property(items, (item) => sameContent(toWire(fromWire(item)), item)));
  });

  it('have numbers where a double holds them, and NumberValue where not', () => {
    const plain = fromWire({
      a: { N: '1.50' },
      b: { N: '12345678901234567890123456789012345678' },
      c: { N: '1e20' },
      d: { NS: ['1', '0.1234567890123456789'] },
    });
    expect([plain.a, plain.c]).toEqual([1.5, 1e20]);
    expect(plain.b).toBeInstanceOf(NumberValue);
    expect(String(plain.b)).toBe('12345678901234567890123456789012345678');
    expect(toWire(plain).d).toEqual({ NS: ['1', '0.1234567890123456789'] });
  });

  it('take the NumberValue of another bundle, big integers, and nothing for undefined', () => {
    class OtherNumber {
      toAttributeValue = () => ({ N: this.toString() });
      toString = () => '1.23456789012345678901';
    }
    const other = new OtherNumber();
    expect(toWire({ other, in: { list: [other] }, set: new Set([other]), big: 12345678901234567890n, none: undefined })).toEqual({
      other: { N: '1.23456789012345678901' },
      in: { M: { list: { L: [{ N: '1.23456789012345678901' }] } } },
      set: { NS: ['1.23456789012345678901'] },
      big: { N: '12345678901234567890' },
    });
  });

  it('keep empty texts and binary', () => {
    expect(toWire({ s: '', b: new Uint8Array(), m: {}, l: [], n: null })).toEqual({
      s: { S: '' },
      b: { B: new Uint8Array() },
      m: { M: {} },
      l: { L: [] },
      n: { NULL: true },
    });
  });
});

describe('a model', () => {
  it('goes up and down without stamps', () => {
    const up = model().up(stamped(legacy, 't', 'client'));
    expect(up).toEqual([{ pk: { S: 'P#x' }, sk: { S: 'A' }, n: { N: '1' } }]);
    expect(model().down(up.map((item) => stamped(item, 't', 'forward')))).toEqual(legacy);
    expect(model().down([])).toBeUndefined();
  });

  it('finds legacy keys, from the key attributes alone', () => {
    expect(model().legacyKey({ pk: { S: 'P#x' }, sk: { S: 'A' }, other: { S: '1' } })).toEqual({ id: { S: 'x' } });
    const seen: PlainItem[] = [];
    model({ legacyKey: (key: PlainItem) => seen.push(key) && { id: 'x', more: 1 } }).legacyKey({
      pk: { S: 'a' },
      sk: { S: 'b' },
      v: { S: 'c' },
    });
    expect(seen).toEqual([{ pk: 'a', sk: 'b' }]);
  });

  it.each<[string, Item, string]>([
    ['text', { id: { S: 'tenant-1' } }, 'tenant-1'],
    ['a number', { id: { N: '1.20e3' } }, '1200'],
    ['binary', { id: { B: new Uint8Array([1, 2]) } }, 'AQI='],
  ])('routes by the partition key: %s', (_, key, text) => expect(model().routingKey(key)).toBe(text));

  it('routes as the transform says', () => {
    expect(model({ routingKey: ({ id }: PlainItem) => `tenant-of-${id}` }).routingKey(legacy)).toBe('tenant-of-x');
    expect(() => model({ routingKey: () => 7 }).routingKey(legacy)).toThrow(failed('TransformFailed', 'not a text'));
  });

  it('finds the legacy partition where the transform says', () => {
    expect(model().legacyPartition({ pk: { S: 'P#x' } })).toBeUndefined();
    const of = model({ legacyPartition: ({ pk }: PlainItem) => ({ id: pk.slice(2), more: 1 }) });
    expect(of.legacyPartition({ pk: { S: 'P#x' } })).toEqual({ key: { id: { S: 'x' } } });
  });

  it('knows its canaries', () => {
    expect(model().canary(7)).toEqual({ id: { S: 'canary-7' } });
    expect(model().canaryNumber({ id: { S: 'canary-7' } })).toBe(7);
    expect(model().canaryNumber(legacy)).toBeUndefined();
    expect(() => model({ canary: { ...definition.canary, number: () => undefined } }).canary(7)).toThrow(
      failed('TransformFailed', 'canary 7'),
    );
    expect(() => model({ canary: { ...definition.canary, number: () => -1 } }).canaryNumber(legacy)).toThrow(
      failed('TransformFailed', 'whole number'),
    );
    expect(() => model({ canary: { ...definition.canary, item: () => ({}) } }).canary(7)).toThrow(
      failed('TransformFailed', 'id'),
    );
  });
});

describe('a failing transform', () => {
  it('says which function, which version, at which key, and why', () => {
    const cause = new Error('no such town');
    const broken = model({
      up: () => {
        throw cause;
      },
    });
    expect(() => broken.up(legacy)).toThrow(
      expect.objectContaining({
        name: 'TransformFailed',
        message: 'up() of transform v1 failed at id=x: no such town. Mend the transform or the item, then try again.',
        data: { function: 'up', key: 'id=x' },
        cause,
      }),
    );
    expect(() =>
      model({
        down: () => {
          throw 'a text';
        },
      }).down([{ pk: { S: 'a' }, sk: { S: 'b' } }]),
    ).toThrow(failed('TransformFailed', 'pk=a,sk=b: a text'));
  });

  it.each<[string, () => unknown, string]>([
    ['no array', () => ({}), 'not an array'],
    ['a promise', async () => [], 'a promise'],
    ['nothing', () => undefined, 'undefined and not an array'],
    ['an item without its sort key', () => [{ pk: 'a' }], 'the key attribute sk'],
    ['an empty key', () => [{ pk: '', sk: 'a' }], 'the key attribute pk'],
    ['a key that is no scalar', () => [{ pk: ['a'], sk: 'a' }], 'the key attribute pk'],
    ['no item', () => [null], 'not an item'],
    ['the reserved attribute', () => [{ pk: 'a', sk: 'a', [STAMP]: 1 }], 'reserved attribute _rollout'],
    ['an empty set', () => [{ pk: 'a', sk: 'a', s: new Set() }], 'non-empty set'],
    ['not a number', () => [{ pk: 'a', sk: 'a', n: Number.NaN }], 'NaN'],
    ['an instance of a class', () => [{ pk: 'a', sk: 'a', at: new Date(0) }], 'Unsupported type'],
  ])('gives %s', (_, up, text) => expect(() => model({ up }).up(legacy)).toThrow(failed('TransformFailed', text)));

  it('gives no legacy key', () => {
    expect(() => model({ down: () => ({ other: 1 }) }).down([])).toThrow(failed('TransformFailed', 'the key attribute id'));
    expect(() => model({ legacyKey: () => ({}) }).legacyKey({ pk: { S: 'a' }, sk: { S: 'b' } })).toThrow(
      failed('TransformFailed', 'the key attribute id'),
    );
  });
});

describe('an impure transform', () => {
  it.each<[string, () => unknown]>([
    ['Date.now', () => Date.now()],
    ['new Date', () => new Date()],
    ['Date as a function', () => Date()],
    ['Math.random', () => Math.random()],
    ['performance', () => performance.now()],
    ['crypto', () => crypto.randomUUID()],
  ])('is refused: %s', (_, use) => {
    const up = () => [{ pk: String(use()), sk: 'a' }];
    expect(() => model({ up }).up(legacy)).toThrow(
      expect.objectContaining({
        name: 'TransformImpure',
        message: expect.stringContaining('id=x'),
        data: { function: 'up', key: 'id=x' },
      }),
    );
    expect(() => model({ down: () => ({ id: String(use()) }) }).down([])).toThrow(failed('TransformImpure', 'down()'));
  });

  it('is refused even when it catches the error', () => {
    const up = () => {
      try {
        Date.now();
      } catch {
        // Goes on.
      }
      return [];
    };
    expect(() => model({ up }).up(legacy)).toThrow(failed('TransformImpure', 'clock'));
  });

  it('may use dates that it was given', () => {
    const up = ({ id }: PlainItem) => [
      {
        pk: id,
        sk: new Date('2026-11-23T00:00:00Z').toISOString(),
        n: Date.parse('1970-01-01T00:00:01Z'),
        u: Date.UTC(1970, 0, 1),
        is: new Date(0) instanceof Date,
      },
    ];
    expect(model({ up }).up(legacy)).toEqual([
      { pk: { S: 'x' }, sk: { S: '2026-11-23T00:00:00.000Z' }, n: { N: '1000' }, u: { N: '0' }, is: { BOOL: true } },
    ]);
  });

  it('leaves clocks and randomness as they were', () => {
    const before = [Date, Math.random, performance, crypto].map(String);
    const names = Object.getOwnPropertyDescriptors(globalThis);
    for (const up of [
      () => [],
      () => {
        throw new Error('x');
      },
      () => [Date.now()],
    ]) {
      try {
        model({ up }).up(legacy);
      } catch {
        // Only what is left behind counts.
      }
    }
    expect([Date, Math.random, performance, crypto].map(String)).toEqual(before);
    expect(Object.getOwnPropertyDescriptor(globalThis, 'Date')).toEqual(names.Date);
    expect(Object.getOwnPropertyDescriptor(globalThis, 'crypto')).toEqual(names.crypto);
    expect(Object.getOwnPropertyDescriptor(globalThis, 'performance')).toEqual(names.performance);
    expect([
      typeof Date.now(),
      typeof Math.random(),
      typeof performance.now(),
      typeof crypto.randomUUID(),
      typeof randomUUID(),
    ]).toEqual(['number', 'number', 'number', 'string', 'string']);
  });
});

describe('a definition', () => {
  it.each<[string, unknown, string]>([
    ['none', undefined, 'no default export'],
    ['a function', () => {}, 'no default export'],
    ['no version', { ...definition, version: '' }, 'version'],
    ['a long version', { ...definition, version: 'x'.repeat(129) }, 'version'],
    ['no up', { ...definition, up: undefined }, 'up must be a function'],
    ['no down', { ...definition, down: 'x' }, 'down must be a function'],
    ['no legacyKey', { ...definition, legacyKey: null }, 'legacyKey must be a function'],
    ['no canary', { ...definition, canary: undefined }, 'canary.item must be a function; canary.number must be a function'],
    ['a routing key that is none', { ...definition, routingKey: 'id' }, 'routingKey must be a function'],
    ['a partition that is none', { ...definition, legacyPartition: 1 }, 'legacyPartition must be a function'],
  ])('is refused: %s', (_, wrong, text) => expect(() => modelFrom(wrong, SCHEMAS)).toThrow(failed('InvalidConfiguration', text)));
});
