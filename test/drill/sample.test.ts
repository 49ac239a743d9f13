import { requireKeys, type Sampled, sampleOf } from '../../bin/drill/sample';
import { CommandError } from '../../bin/operator/failure';

const items = (text: string) => sampleOf(text).map(({ item }) => item);

describe('a sample', () => {
  test('is a JSON array of plain items', () => {
    expect(items('[{"id":"1","people":3,"tags":["a"],"open":true,"none":null}]')).toEqual([
      { id: { S: '1' }, people: { N: '3' }, tags: { L: [{ S: 'a' }] }, open: { BOOL: true }, none: { NULL: true } },
    ]);
  });

  test('is what a scan prints, with every type, each digit and binary values', () => {
    const item = {
      id: { S: '1' },
      many: { N: '12345678901234567890.5' },
      raw: { B: Buffer.from('x').toString('base64') },
      sets: { M: { a: { SS: ['x', 'y'] }, b: { NS: ['1'] }, c: { BS: [Buffer.from('z').toString('base64')] } } },
      rest: { L: [{ NULL: true }, { BOOL: false }] },
    };
    expect(items(JSON.stringify({ Items: [item], Count: 1, ScannedCount: 1 }))).toEqual([
      {
        ...item,
        raw: { B: Buffer.from('x') },
        sets: { M: { a: { SS: ['x', 'y'] }, b: { NS: ['1'] }, c: { BS: [Buffer.from('z')] } } },
      },
    ]);
  });

  test('is lines of an export, or of items alone; lines may be empty', () => {
    const both = '{"Item":{"id":{"S":"1"}}}\n\n{"id":{"S":"2"}}\n';
    expect(sampleOf(both)).toEqual([
      { at: 'line 1', item: { id: { S: '1' } } },
      { at: 'line 3', item: { id: { S: '2' } } },
    ]);
  });

  test.each([
    ['[]', /has no items/],
    ['', /has no items/],
    ['[{"id":"1"}, 7]', /item 2 is no object/],
    ['{"Items":[{"id":{"S":"1"}},{"id":"2"}]}', /item 2, attribute id, is not in DynamoDB JSON/],
    ['{"id":{"S":"1"}}\nid,name\n', /line 2 is no JSON object/],
    ['{"id":{"S":"1"}}\n{"id":{"S":"1","N":"2"}}\n', /line 2, attribute id, is not/],
    ['{"id":{"N":7}}\n', /line 1, attribute id, is not/],
    ['{"id":{"SS":[]}}\n', /line 1, attribute id, is not/],
    ['{"id":"1"}\n', /Plain items go into one JSON array/],
  ])('%j is refused where it is wrong', (text, told) => {
    expect(() => sampleOf(text)).toThrow(told);
    expect(() => sampleOf(text)).toThrow(CommandError);
  });
});

describe('keys of a sample', () => {
  const of = (...all: Sampled['item'][]) => all.map((item, index) => ({ at: `item ${index + 1}`, item }));

  test('are all there', () => {
    const whole = { pk: { S: 'a' }, sk: { N: '0' } };
    expect(requireKeys(of(whole), ['pk', 'sk'])).toEqual([whole]);
    expect(() => requireKeys(of(whole, { pk: { S: 'b' } }), ['pk', 'sk'])).toThrow(/item 2 has no key attribute sk/);
    expect(() => requireKeys(of({ pk: { S: '' } }), ['pk'])).toThrow(/item 1 has no key attribute pk/);
    expect(() => requireKeys(of({ pk: { BOOL: true } }), ['pk'])).toThrow(/item 1 has no key attribute pk/);
  });

  test('are there once', () => {
    const twice = of({ pk: { S: 'a' }, n: { N: '1' } }, { pk: { S: 'a' } });
    expect(() => requireKeys(twice, ['pk'])).toThrow(/item 2 has the key of item 1/);
  });
});
