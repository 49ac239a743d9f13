import fc from 'fast-check';
import { opensAt, type WindowSpec } from '../../lambda/core/window';
import { window } from '../../lambda/window/window';
import { MemoryLedger } from '../memory/memory-ledger';

const office: WindowSpec = { timeZone: 'Europe/Berlin', days: [1, 2, 3, 4, 5], from: 9 * 60, to: 17 * 60, blackouts: [] };

const CASES: readonly [what: string, spec: WindowSpec, now: string, opens: string | undefined][] = [
  ['open', office, '2026-11-23T10:30:20Z', '2026-11-23T10:30:20Z'],
  ['before it opens', office, '2026-11-23T07:59:30Z', '2026-11-23T08:00:00Z'],
  ['at the moment it opens', office, '2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z'],
  ['after it shut', office, '2026-11-23T16:00:00Z', '2026-11-24T08:00:00Z'],
  ['on Friday evening', office, '2026-11-27T20:00:00Z', '2026-11-30T08:00:00Z'],
  ['over a blackout', { ...office, blackouts: ['2026-11-24', '2026-11-25'] }, '2026-11-23T18:00:00Z', '2026-11-26T08:00:00Z'],
  [
    'on a date that has not begun there',
    { ...office, blackouts: ['2026-11-24'] },
    '2026-11-23T23:30:00Z',
    '2026-11-25T08:00:00Z',
  ],
  ['over the night when clocks go forward', { ...office, days: [0] }, '2026-03-28T20:00:00Z', '2026-03-29T07:00:00Z'],
  ['over the night when clocks go back', { ...office, days: [0] }, '2026-10-24T20:00:00Z', '2026-10-25T08:00:00Z'],
  ['at a quarter past', { ...office, from: 9 * 60 + 15 }, '2026-11-23T08:14:59Z', '2026-11-23T08:15:00Z'],
  ['half an hour off', { ...office, timeZone: 'Asia/Kolkata' }, '2026-11-23T00:00:00Z', '2026-11-23T03:30:00Z'],
  [
    'in an hour that does not exist on that day',
    { ...office, days: [0], from: 135, to: 165 },
    '2026-03-28T20:00:00Z',
    '2026-04-05T00:15:00Z',
  ],
  ['never', { ...office, days: [] }, '2026-11-23T00:00:00Z', undefined],
];

test.each(CASES)('%s', (_, spec, now, opens) => {
  const found = opensAt(spec, Date.parse(now));
  expect(found && new Date(found).toISOString()).toBe(opens && new Date(opens).toISOString());
});

test('is open when it opens, and is not before', () => {
  const days = fc.uniqueArray(fc.nat({ max: 6 }), { minLength: 1 });
  const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe');
  fc.assert(
    fc.property(
      days,
      zones,
      fc.nat({ max: 1300 }),
      fc.integer({ min: 1, max: 139 }),
      fc.nat({ max: 525_600 }),
      (on, timeZone, from, long, start) => {
        const spec = { timeZone, days: on, from, to: from + long, blackouts: [] };
        const now = Date.parse('2026-01-01T00:00:00Z') + start * 60_000;
        const opens = opensAt(spec, now) as number;
        expect(opensAt(spec, opens)).toBe(opens);
        for (let at = now; at < opens; at += 17 * 60_000) expect(opensAt(spec, at)).not.toBe(at);
      },
    ),
    { numRuns: 20 },
  );
}, 30_000);

test('a stage that waits says so once, and holds the lease', async () => {
  const ledger = new MemoryLedger(() => 0);
  const { generation } = await ledger.acquire('run-1', 'execution-1');
  const clock = { now: () => Date.parse('2026-11-23T07:59:30Z'), sleep: async () => {} };
  const look = (more = {}) => window({ ledger, clock }, { run: 'run-1', generation, stage: 2, window: office, ...more });
  expect(await look()).toEqual({ wait: 30 });
  expect(await look()).toEqual({ wait: 30 });
  const told = (await ledger.events()).filter(({ kind }) => kind === 'window-awaited');
  expect(told.map(({ data }) => data)).toEqual([{ stage: 2, opensAt: '2026-11-23T08:00:00.000Z' }]);
  await expect(look({ window: { ...office, days: [] } })).rejects.toMatchObject({ name: 'InvalidConfiguration' });
  await expect(look({ generation: generation + 1 })).rejects.toMatchObject({ name: 'LeaseLost' });
});
