import fc from 'fast-check';
import {
  type Attribute,
  canonical,
  decimalText,
  digest,
  type Item,
  keyOf,
  keyText,
  normalNumber,
  sameContent,
  withoutStamp,
} from '../../lambda/core/item';
import { stamped } from '../../lambda/core/stamp';
import { decimals, items } from './arbitraries';

describe('normalNumber', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['0.000', '0'],
    ['0e5', '0'],
    ['1', '1e0'],
    ['1.0', '1e0'],
    ['10e-1', '1e0'],
    ['+1', '1e0'],
    ['-1.50', '-15e-1'],
    ['.5', '5e-1'],
    ['100', '1e2'],
    ['1E+125', '1e125'],
    ['0.00000000000000000000000000000000000012', '12e-38'],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678e0'],
  ])('%s is %s', (text, normal) => expect(normalNumber(text)).toBe(normal));

  it('gives one text for one number, however it is written, and no other number the same', () => {
    fc.assert(
      fc.property(decimals, ({ negative, digits, exponent, texts }) => {
        const normal = `${negative ? '-' : ''}${digits}e${exponent}`;
        for (const text of texts) expect(normalNumber(text)).toBe(normal);
      }),
    );
  });

  it('keeps what is no number', () => expect(normalNumber('NaN')).toBe('NaN'));
});

describe('decimalText', () => {
  it.each([
    ['0', '0'],
    ['-0.0', '0'],
    ['42', '42'],
    ['1e2', '100'],
    ['-15e-1', '-1.5'],
    ['5e-3', '0.005'],
    ['1200', '1200'],
  ])('%s is %s', (text, plain) => expect(decimalText(text)).toBe(plain));

  it('is the same number without an exponent', () => {
    fc.assert(
      fc.property(decimals, ({ texts }) => {
        const plain = decimalText(texts[0] as string);
        expect(plain).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
        expect(normalNumber(plain)).toBe(normalNumber(texts[1] as string));
      }),
    );
  });
});

/** The same item with attributes, map entries and set members the other way round. */
function reversed(item: Item): Item {
  return Object.fromEntries(
    Object.entries(item)
      .reverse()
      .map(([name, value]) => [name, reversedAttribute(value)]),
  );
}

function reversedAttribute(value: Attribute): Attribute {
  if ('SS' in value) return { SS: [...value.SS].reverse() };
  if ('NS' in value) return { NS: [...value.NS].reverse().map((n) => `${n.includes('e') || n.includes('E') ? n : `${n}e0`}`) };
  if ('BS' in value) return { BS: [...value.BS].reverse() };
  if ('L' in value) return { L: value.L.map(reversedAttribute) };
  if ('M' in value) return { M: reversed(value.M) };
  return value;
}

describe('canonical', () => {
  it('does not depend on the order of attributes, map entries and set members', () => {
    fc.assert(
      fc.property(items, (item) => {
        expect(canonical(reversed(item))).toBe(canonical(item));
        expect(digest(reversed(item))).toBe(digest(item));
      }),
    );
  });

  it('tells different contents apart', () => {
    const different: Attribute[] = [
      { S: '' },
      { S: '1' },
      { S: 'null' },
      { S: 'true' },
      { N: '1' },
      { N: '1.1' },
      { N: '-1' },
      { B: new Uint8Array() },
      { B: new Uint8Array([1]) },
      { BOOL: true },
      { BOOL: false },
      { NULL: true },
      { SS: ['1'] },
      { SS: ['1', '2'] },
      { SS: ['1,2'] },
      { NS: ['1'] },
      { NS: ['1', '2'] },
      { BS: [new Uint8Array([1])] },
      { L: [] },
      { L: [{ S: '1' }] },
      { L: [{ S: '1' }, { S: '2' }] },
      { L: [{ S: '2' }, { S: '1' }] },
      { L: [{ L: [] }] },
      { M: {} },
      { M: { a: { S: '1' } } },
      { M: { a: { N: '1' } } },
      { M: { b: { S: '1' } } },
    ];
    const texts = different.map((value) => canonical({ value }));
    expect(new Set(texts).size).toBe(different.length);
    expect(new Set(different.map((value) => digest({ value }))).size).toBe(different.length);
  });

  it('has no two readings: names and texts may hold anything', () => {
    expect(canonical({ 'a":"b': { S: 'c' } })).not.toBe(canonical({ a: { S: 'b":"c' } }));
    expect(canonical({ a: { S: '1' }, b: { S: '2' } })).not.toBe(canonical({ a: { S: '1","b":"2' } }));
  });
});

describe('sameContent', () => {
  const item: Item = { id: { S: 'a' }, n: { N: '1' } };

  it('leaves the stamp out, and only that', () => {
    expect(sameContent(stamped(item, 't1', 'client'), stamped(item, 't2', 'backfill'))).toBe(true);
    expect(sameContent(item, stamped(item, 't1', 'client'))).toBe(true);
    expect(sameContent(item, { ...item, m: { NULL: true } })).toBe(false);
    expect(withoutStamp(stamped(item, 't1', 'client'))).toEqual(item);
  });

  it('knows absence', () => {
    expect(sameContent(undefined, undefined)).toBe(true);
    expect(sameContent(item, undefined)).toBe(false);
    expect(sameContent(undefined, {})).toBe(false);
  });
});

describe('keys', () => {
  it('are the attributes of the schema', () => {
    expect(keyOf({ pk: { S: 'a' }, sk: { N: '1' }, v: { S: 'x' } }, ['pk', 'sk'])).toEqual({ pk: { S: 'a' }, sk: { N: '1' } });
    expect(keyOf({ v: { S: 'x' } }, ['pk'])).toEqual({});
  });

  it('have one text for one key', () => {
    expect(keyText({ sk: { N: '1.0' }, pk: { S: 'a' } })).toBe(keyText({ pk: { S: 'a' }, sk: { N: '1' } }));
    expect(keyText({ pk: { B: new Uint8Array([1, 2]) } })).toBe('pk=AQI=');
    expect(keyText({ pk: { S: 'a' } })).not.toBe(keyText({ pk: { S: 'b' } }));
  });

  it('have different texts for different keys of one schema', () => {
    const one = { pk: { S: 'b' }, sk: { S: ',sk=b' } };
    const other = { pk: { S: 'b,sk=' }, sk: { S: 'b' } };
    expect(keyText(one)).not.toBe(keyText(other));
  });
});
