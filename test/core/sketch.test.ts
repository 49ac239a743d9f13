import fc from 'fast-check';
import { Sketch } from '../../lambda/core/sketch';

const CELLS = 300;
const bytes = (text: string) => new TextEncoder().encode(text);
const texts = (elements: readonly Uint8Array[]) => elements.map((element) => new TextDecoder().decode(element)).sort();
const distinct = (prefix: string, max: number) =>
  fc.uniqueArray(fc.string({ maxLength: 100 }), { maxLength: max }).map((all) => all.map((text) => prefix + text));

function sketchOf(added: readonly string[], removed: readonly string[]): Sketch {
  const sketch = Sketch.empty(CELLS);
  for (const text of added) sketch.add(bytes(text));
  for (const text of removed) sketch.remove(bytes(text));
  return sketch;
}

test('lists what two sets differ in, whatever they have in common', () => {
  fc.assert(
    fc.property(distinct('a', 60), distinct('b', 60), distinct('c', 200), (left, right, both) => {
      const found = sketchOf([...left, ...both], [...both, ...right]).drain();
      expect(texts(found?.added ?? [])).toEqual([...left].sort());
      expect(texts(found?.removed ?? [])).toEqual([...right].sort());
    }),
  );
});

test('sums of parts are the whole, in any order, through bytes', () => {
  fc.assert(
    fc.property(distinct('a', 50), distinct('b', 50), fc.nat({ max: 50 }), (left, right, at) => {
      const parts = [sketchOf(left.slice(0, at), right.slice(at)), sketchOf(left.slice(at), right.slice(0, at))];
      const sum = Sketch.fromBytes((parts[0] as Sketch).toBytes());
      sum.merge(Sketch.fromBytes((parts[1] as Sketch).toBytes()));
      expect(Buffer.compare(sum.toBytes(), sketchOf(left, right).toBytes())).toBe(0);
      expect(texts(sum.drain()?.added ?? [])).toEqual([...left].sort());
    }),
  );
});

test('one element with two contents is two differences', () => {
  const found = sketchOf(['key 1 old'], ['key 1 new']).drain();
  expect([texts(found?.added ?? []), texts(found?.removed ?? [])]).toEqual([['key 1 old'], ['key 1 new']]);
});

test('says so when there is too much to be told apart', () => {
  const many = Array.from({ length: CELLS * 2 }, (_, n) => `element ${n}`);
  expect(sketchOf(many, []).drain()).toBeUndefined();
});

test('tells nearly four fifths of its cells apart', () => {
  const cells = 3 * 4096;
  const sketch = Sketch.empty(cells);
  const many = Array.from({ length: Math.floor(cells * 0.78) }, (_, n) => `element ${n}`);
  for (const text of many) sketch.add(bytes(text));
  expect(sketch.drain()?.added).toHaveLength(many.length);
});

test('sketches of different sizes are not summed', () => {
  expect(() => Sketch.empty(300).merge(Sketch.empty(303))).toThrow('303 cells');
});
