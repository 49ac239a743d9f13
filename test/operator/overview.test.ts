import { duration, overview } from '../../bin/operator/overview';
import { paceOf, progressOf } from '../../bin/operator/progress';
import type { Standing } from '../../bin/operator/standing';
import type { Checkpoint } from '../../lambda/core/ledger';

const STANDING: Standing = {
  ...{
    migration: 'Shop-Orders',
    kind: 'rehydrate',
    state: 'paused',
    next: 'resume --reason ...',
    run: 'r',
    since: '2026-01-01T00:00:00Z',
  },
  ...{
    stage: 'half',
    workflowState: 'half: bake',
    positions: { 'dual-target': 0.5, shadow: 0.5, target: 0 },
    revision: 7,
    spreading: 9,
  },
  backfill: { slices: 4, slicesDone: 1, counts: { items: 500 }, items: 2000 },
  ...{ lagSeconds: 1.25, divergence: 2, writesWithoutClient: 0, poison: 0, setAside: 1 },
  gates: [{ id: 'slow', verdict: 'inconclusive', reason: 'There is no data yet.', observeOnly: true }],
  alarms: [
    { name: 'Lag', state: 'ALARM', reason: 'Too late.' },
    { name: 'Divergence', state: 'OK' },
    { name: 'Stuck', state: 'INSUFFICIENT_DATA' },
  ],
  pauses: ['Since noon, by somebody: lunch'],
  recent: [
    { seq: 3, run: 'r', at: '2026-01-01T12:00:00.000Z', kind: 'paused', data: { reason: 'lunch' }, previous: '', hash: '' },
  ],
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal are control characters
const plain = (lines: string[]) => lines.map((line) => line.replace(/\u001b\[[0-9;]*m/g, ''));

test('one screen says it all', () => {
  const before = {
    at: 0,
    standing: { ...STANDING, backfill: { slices: 4, slicesDone: 0, counts: { items: 300 }, items: 2000 } },
  };
  expect(plain(overview({ now: STANDING, at: 10_000, before }))).toMatchSnapshot();
});

test('what is not known is not made up', () => {
  const { backfill: _, lagSeconds: __, setAside: ___, ...rest } = STANDING;
  const lines = plain(overview({ now: { ...rest, alarms: [], gates: [], pauses: [], positions: {} }, at: 0 }));
  expect(lines).toContain('keys        no routing table yet');
  expect(lines.join('\n')).toContain('lag not measured');
  expect(lines.join('\n')).not.toMatch(/backfill|set aside|alarm/i);
});

test('slices add up, and a pace is one only where something moves', () => {
  const checkpoints: Checkpoint[] = [
    { done: true, counts: { items: 10, units: 3 } },
    { done: false, counts: { items: 5 } },
  ];
  expect(progressOf(checkpoints, 4)).toEqual({ slices: 4, slicesDone: 1, counts: { items: 15, units: 3 } });
  expect(paceOf({ at: 0, items: 100 }, { at: 2000, items: 300 }, 1300)).toEqual({ perSecond: 100, secondsLeft: 10 });
  expect(paceOf({ at: 0, items: 100 }, { at: 2000, items: 100 }, 1300)).toBeUndefined();
  expect([30, 600, 7200, 400_000].map(duration)).toEqual(['30 s', '10 min', '2.0 h', '4.6 days']);
});
