import fc from 'fast-check';
import type { Event } from '../../lambda/core/ledger';
import { MOST_BYTES, publicationOf, requestsOf } from '../../lambda/core/publication';

const entry = (kind: string, data: Record<string, unknown>): Omit<Event, 'previous' | 'hash'> => {
  return { run: 'run-1', seq: 3, at: '2026-11-20T12:00:00.000Z', kind, data };
};
const detailOf = (kind: string, data: Record<string, unknown>) => JSON.parse(publicationOf('orders', entry(kind, data)).detail);

test('a kind that is not in the table has the general name, and what it holds stays in the ledger', () => {
  for (const kind of ['of-tomorrow', 'toString', '__proto__']) {
    expect(publicationOf('orders', entry(kind, { x: 1 })).detailType).toBe('Rollout Entry Recorded');
    expect(detailOf(kind, { x: 1 })).toMatchObject({ kind, data: {} });
    expect(detailOf(kind, { x: 1 }).data).not.toHaveProperty('x');
  }
});

test('an image of the user stays in the ledger', () => {
  const detail = detailOf('salvaged', { direction: 'reverse', revision: 3, key: 'k', image: '{"name":{"S":"secret"}}' });
  expect(detail.data).toEqual({ direction: 'reverse', revision: 3, key: 'k' });
  expect(detail).not.toHaveProperty('truncated');
});

test('what is too large for an event loses its largest attributes, and says so', () => {
  const groups = Array.from({ length: 300 }, () => ({ legacyKey: 'ü'.repeat(500) }));
  const detail = detailOf('divergence', { phase: 'compare', groups, more: 1 });
  expect(detail).toMatchObject({ truncated: true, seq: 3, data: { phase: 'compare', more: 1 } });
  expect(detail.data).not.toHaveProperty('groups');
});

test('no request is too large, and none is lost', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 30 });
  fc.assert(
    fc.property(sizes, (all) => {
      const publications = all.map((size, seq) => publicationOf('orders', { ...entry('x', { text: 'x'.repeat(size) }), seq }));
      const requests = requestsOf(publications);
      expect(requests.flat()).toEqual(publications);
      for (const request of requests) {
        expect(request.length).toBeLessThanOrEqual(10);
        expect(request.reduce((sum, { detail }) => sum + detail.length, 0)).toBeLessThanOrEqual(MOST_BYTES);
      }
    }),
    { numRuns: 50 },
  );
});
