import fc from 'fast-check';
import type { Attribute, Item } from '../../lambda/core/item';
import { POSITIONS, type Position } from '../../lambda/core/position';
import { BUCKETS, type RoutingTable } from '../../lambda/core/routing-table';

/** Decimals as anybody may write them, each with the exact number as digits and exponent. */
export const decimals = fc
  .record({
    negative: fc.boolean(),
    digits: fc.stringMatching(/^[1-9][0-9]{0,36}[1-9]$|^[1-9]$/),
    exponent: fc.integer({ min: -60, max: 60 }),
  })
  .chain(({ negative, digits, exponent }) =>
    fc.record({
      negative: fc.constant(negative),
      digits: fc.constant(digits),
      exponent: fc.constant(exponent),
      spellings: spellings(digits, exponent),
    }),
  )
  .map(({ negative, spellings: texts, ...number }) => ({
    ...number,
    negative,
    texts: texts.map((text) => (negative ? `-${text}` : text)),
  }));

/** The same number in two spellings: the point and the exponent moved, zeros added. */
function spellings(digits: string, exponent: number) {
  const one = fc
    .record({
      point: fc.integer({ min: 0, max: digits.length }),
      before: fc.nat(3),
      after: fc.nat(3),
      letter: fc.constantFrom('e', 'E', 'e+'),
    })
    .map(({ point, before, after, letter }) => {
      const whole = '0'.repeat(before) + digits.slice(0, point);
      const fraction = digits.slice(point) + '0'.repeat(after);
      const shift = exponent + digits.length - point;
      const mantissa = `${whole || '0'}${fraction ? `.${fraction}` : ''}`;
      return shift === 0 ? mantissa : `${mantissa}${shift < 0 ? 'e' : letter}${shift}`;
    });
  return fc.tuple(one, one);
}

const bytes = fc.uint8Array({ maxLength: 8 });
const number = decimals.map(({ texts }) => texts[0] as string);

/** Attributes of every kind. */
export const attributes: fc.Arbitrary<Attribute> = fc.letrec<{ attribute: Attribute; item: Item }>((tie) => ({
  attribute: fc.oneof(
    { maxDepth: 3 },
    fc.record({ S: fc.string() }),
    fc.record({ N: number }),
    fc.record({ B: bytes }),
    fc.record({ BOOL: fc.boolean() }),
    fc.constant({ NULL: true as const }),
    fc.record({ SS: fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 4 }) }),
    fc.record({ NS: fc.uniqueArray(number, { minLength: 1, maxLength: 4 }) }),
    fc.record({ BS: fc.uniqueArray(bytes, { minLength: 1, maxLength: 3, selector: (b) => b.join() }) }),
    fc.record({ L: fc.array(tie('attribute'), { maxLength: 3 }) }),
    fc.record({ M: tie('item') }),
  ),
  item: fc.dictionary(fc.string({ maxLength: 4 }), tie('attribute'), { maxKeys: 4, noNullPrototype: true }),
})).attribute;

/** Items with attributes of every kind. */
export const items: fc.Arbitrary<Item> = fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), attributes, {
  maxKeys: 5,
  noNullPrototype: true,
});

export const chainPositions: fc.Arbitrary<Position> = fc.constantFrom(...POSITIONS);
const positions: fc.Arbitrary<Position> = fc.constantFrom(...POSITIONS, 'fenced' as const);

/** Routing tables that can be decoded, whether or not a plan leads to them. */
export function tables(position: fc.Arbitrary<Position> = positions): fc.Arbitrary<RoutingTable> {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: BUCKETS - 1 }), { maxLength: 4 });
  return fc.record({
    revision: fc.nat(),
    run: fc.string(),
    step: fc.nat(20),
    trial: fc.constantFrom('none', 'out', 'back'),
    lease: fc.integer({ min: 1, max: 600 }),
    poll: fc.integer({ min: 1, max: 60 }),
    ranges: cuts.chain((below) =>
      fc.tuple(...[...below.sort((a, b) => a - b), BUCKETS].map((edge) => position.map((at) => ({ below: edge, position: at })))),
    ),
    pins: fc.uniqueArray(fc.record({ key: fc.string(), position }), { maxLength: 4, selector: ({ key }) => key }),
    scout: position,
    sample: fc.nat(100),
    salvage: fc.boolean(),
  }) as fc.Arbitrary<RoutingTable>;
}
