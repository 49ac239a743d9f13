import {
  isTraced,
  keyDigest,
  SAMPLES_KEPT,
  samplesIn,
  type TraceSample,
  traceHeaderOf,
  withSamples,
} from '../../lambda/core/tracing';

const sample = (sequence: string): TraceSample => ({ key: 'k', trace: 't', at: '2026-01-01', sequence, outcome: 'changed' });

test('reads the header that Lambda gives, in any order of fields', () => {
  const place = { trace: '1-5759e988-bd862e3fe1be46a994272793', parent: '53995c3f42cd8ad8' };
  expect(traceHeaderOf(`Root=${place.trace};Parent=${place.parent};Sampled=1;Lineage=a:0`)).toEqual(place);
  expect(traceHeaderOf(`Sampled=1; Parent=${place.parent}; Root=${place.trace}`)).toEqual(place);
});

test.each([undefined, '', 'Root=1-a;Parent=b;Sampled=0', 'Root=1-a;Sampled=1', 'nonsense'])('%p leads to no trace', (text) => {
  expect(traceHeaderOf(text)).toBeUndefined();
});

test('about one key in a thousand is traced, and always the same ones', () => {
  const digests = Array.from({ length: 20_000 }, (_, n) => keyDigest({ id: { S: `p${n}` } }));
  const traced = digests.filter(isTraced);
  expect(traced.length).toBeGreaterThan(5);
  expect(traced.length).toBeLessThan(50);
  expect(traced.every((digest) => isTraced(digest))).toBe(true);
});

test('a digest names a key whatever the order of its attributes, and does not tell it', () => {
  const [a, b] = [{ S: 'Ghent' }, { N: '1.0' }];
  expect(keyDigest({ town: a, n: b })).toBe(keyDigest({ n: { N: '1' }, town: a }));
  expect(keyDigest({ town: a, n: b })).toMatch(/^[0-9a-f]{16}$/);
});

test('the newest samples are kept, each once', () => {
  const known = Array.from({ length: SAMPLES_KEPT }, (_, n) => sample(`${n}`));
  const both = withSamples(known, [sample('49'), sample('50')]);
  expect(both).toHaveLength(SAMPLES_KEPT);
  expect([both[0]?.sequence, both.at(-1)?.sequence]).toEqual(['1', '50']);
});

test('a note that is not there, or of something else, has no samples', () => {
  expect(samplesIn(undefined)).toEqual([]);
  expect(samplesIn({ samples: 'none' })).toEqual([]);
});
