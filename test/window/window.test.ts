import fc from 'fast-check';
import { type CalendarState, opensAt, secondsToWait, type WindowSpec } from '../../lambda/core/window';
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

describe('seconds to wait', () => {
  const NOW = Date.parse('2026-11-23T10:00:00Z');
  const shut = (minutes?: number): CalendarState => ({
    calendar: 'freeze',
    isOpen: false,
    ...(minutes === undefined ? {} : { changesAt: NOW + minutes * 60_000 }),
  });
  const open: CalendarState = { calendar: 'sale', isOpen: true, changesAt: NOW + 1000 };

  it.each<[string, number, readonly CalendarState[], number]>([
    ['none while everything is open', 0, [open, open], 0],
    ['until the window opens', 90, [open], 90 * 60],
    ['until a calendar opens', 0, [open, shut(20)], 20 * 60],
    ['an hour for one that opens later', 0, [shut(24 * 60)], 3600],
    ['an hour for one that does not say', 0, [shut()], 3600],
    ['a minute for one that should be open already', 0, [shut(-5)], 60],
    ['for the last of several', 0, [shut(20), shut(30)], 30 * 60],
    ['for the window, and not for a calendar that is shut as well', 90, [shut(20)], 90 * 60],
    ['for a calendar that opens after the window', 10, [shut(20)], 20 * 60],
  ])('%s', (_, minutes, calendars, seconds) => {
    expect(secondsToWait(NOW + minutes * 60_000, calendars, NOW)).toBe(seconds);
  });
});

async function scene(now: string, states: () => readonly CalendarState[] = () => []) {
  const ledger = new MemoryLedger(() => 0);
  const { generation } = await ledger.acquire('run-1', 'execution-1');
  const clock = { now: () => Date.parse(now), sleep: async () => {} };
  const asked: (readonly string[])[] = [];
  const calendars = {
    states: async (names: readonly string[]) => {
      asked.push(names);
      return [...states()];
    },
  };
  const look = (more = {}) =>
    window({ ledger, clock, calendars }, { run: 'run-1', generation, stage: 2, window: office, ...more });
  const told = async () => (await ledger.events()).filter(({ kind }) => kind === 'window-awaited').map(({ data }) => data);
  return { generation, look, told, asked };
}

test('a stage that waits says so once, and holds the lease', async () => {
  const { generation, look, told } = await scene('2026-11-23T07:59:30Z');
  expect(await look()).toEqual({ wait: 30 });
  expect(await look()).toEqual({ wait: 30 });
  expect(await told()).toEqual([{ stage: 2, opensAt: '2026-11-23T08:00:00.000Z' }]);
  await expect(look({ window: { ...office, days: [] } })).rejects.toMatchObject({ name: 'InvalidConfiguration' });
  await expect(look({ generation: generation + 1 })).rejects.toMatchObject({ name: 'LeaseLost' });
});

test('a stage that waits for calendars says for which, and again when they are others', async () => {
  const spec = { ...office, calendars: ['freeze', 'sale'] };
  let shut = ['freeze'];
  const changesAt = Date.parse('2026-11-23T12:00:00Z');
  const state = (calendar: string) => ({ calendar, isOpen: !shut.includes(calendar), changesAt });
  const { look, told, asked } = await scene('2026-11-23T10:00:00Z', () => spec.calendars.map(state));
  expect(await look({ window: spec })).toEqual({ wait: 3600 });
  expect(await look({ window: spec })).toEqual({ wait: 3600 });
  shut = ['freeze', 'sale'];
  expect(await look({ window: spec })).toEqual({ wait: 3600 });
  shut = [];
  expect(await look({ window: spec })).toEqual({ wait: 0 });
  const [opensAt, until] = ['2026-11-23T10:00:00.000Z', '2026-11-23T12:00:00.000Z'];
  expect(await told()).toEqual([
    { stage: 2, opensAt, calendars: ['freeze'], until: [until] },
    { stage: 2, opensAt, calendars: ['freeze', 'sale'], until: [until, until] },
  ]);
  expect(asked[0]).toEqual(['freeze', 'sale']);
});
