import fc from 'fast-check';
import { compareNumbers, compareSortKeys } from '../../lambda/client/sort-order';

test.each([
  [['-1e125', '-10', '-9.5', '-0.01', '0', '1e-130', '0.5', '0.50000000000000000000000000000000000001', '9', '10', '1e125']],
  [['99999999999999999999999999999999999998', '99999999999999999999999999999999999999']],
])('numbers by value: %j', (sorted) => {
  expect(sorted.toReversed().sort(compareNumbers)).toEqual(sorted);
});

test('numbers as numbers, wherever a double holds them', () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      (a, b) => {
        expect(Math.sign(compareNumbers(String(a), String(b))) + 0).toBe(Math.sign(a - b) + 0);
      },
    ),
  );
});

test('texts by their UTF-8 bytes, unlike JavaScript', () => {
  const sorted = ['', 'A', 'a', 'aa', 'é', '\uffff', '😀'];
  const items = sorted.map((S) => ({ S }));
  expect(items.toReversed().sort(compareSortKeys)).toEqual(items);
  expect([...sorted].sort()).not.toEqual(sorted);
});

test('binary by unsigned bytes', () => {
  const items = [[], [0], [0, 1], [127], [128], [255]].map((bytes) => ({ B: Uint8Array.from(bytes) }));
  expect(items.toReversed().sort(compareSortKeys)).toEqual(items);
});
