import type { Event } from '../../lambda/core/ledger';
import type { Certificate } from '../../lambda/core/promotion';

const run = 'run-1';
const transform = { version: 'v1', sha256: 'abc' };
const counts = { divergence: 0, unadopted: 1, poison: 0 };
const bake = { verdict: 'successful', observations: 60, inconclusive: 2, checked: 6000, diverged: 0, longestLag: 3 };

/** What the ledger holds of a run that completed. */
export const happenings: readonly Partial<Event>[] = [
  { run, kind: 'begun', data: { generation: 1, transform, planSha256: 'plan', stages: ['shadow', 'full'] } },
  { run, kind: 'stage-passed', data: { stage: 0, generation: 1, observed: { run, missed: 0, ...bake } } },
  { run, kind: 'stage-passed', data: { stage: 1, generation: 1, observed: { run, missed: 0, ...bake } } },
  { run, kind: 'completed', at: '2026-11-20T12:00:00.000Z', data: { generation: 1, furthest: 'target', revision: 9, counts } },
];

/** What a certificate of it says. */
export const certified: Certificate = {
  ...{ migration: 'orders', run, transform, planSha256: 'plan', completedAt: '2026-11-20T12:00:00.000Z', counts },
  stages: [
    { name: 'shadow', ...bake },
    { name: 'full', ...bake },
  ],
};
