import type { Alarm } from '../../lambda/core/control';
import { judge, MEASURING_BUDGET, type Measurements, spend, worst } from '../../lambda/core/verdict';

const OK: Alarm = { name: 'lag', state: 'OK', actionsEnabled: true };
const GOOD: Measurements = {
  triggers: ['lag'],
  alarms: [OK],
  checked: 100,
  diverged: 0,
  givenUp: 0,
  grown: { divergence: 0, unadopted: 0, poison: 0 },
  lag: 1,
  furthest: 'shadow',
  unknown: [],
};

const CASES: [string, Partial<Measurements>, string, RegExp | undefined][] = [
  ['all is well', {}, 'successful', undefined],
  ['an alarm is raised', { alarms: [{ ...OK, state: 'ALARM', reason: 'over 60' }] }, 'failed', /Alarm lag is in ALARM: over 60/],
  ['the sample differs', { diverged: 2 }, 'failed', /2 of 100 sampled groups/],
  ['replication gave batches up', { givenUp: 2 }, 'failed', /given up 2 batches/],
  ['the divergence counter grew', { grown: { divergence: 3, unadopted: 0, poison: 0 } }, 'failed', /grown by 3/],
  ['a change was poison', { grown: { divergence: 0, unadopted: 0, poison: 1 } }, 'failed', /poison queue/],
  ['unadopted writes in shadow are allowed', { grown: { divergence: 0, unadopted: 5, poison: 0 } }, 'successful', undefined],
  [
    'unadopted writes while both sides are written are not',
    { grown: { divergence: 0, unadopted: 5, poison: 0 }, furthest: 'dual-legacy' },
    'failed',
    /5 writes to the legacy table did not use the client/,
  ],
  ['an alarm is gone', { alarms: [] }, 'inconclusive', /Alarm lag does not exist/],
  [
    'its actions are disabled',
    { alarms: [{ ...OK, actionsEnabled: false }] },
    'inconclusive',
    /actions of alarm lag are disabled/,
  ],
  ['it has no data', { alarms: [{ ...OK, state: 'INSUFFICIENT_DATA' }] }, 'inconclusive', /has no data/],
  ['something could not be measured', { unknown: ['Divergence could not be measured'] }, 'inconclusive', /Divergence/],
  ['failing wins over doubt', { diverged: 1, unknown: ['x'] }, 'failed', /differ/],
];

test.each(CASES)('%s', (_, change, verdict, reason) => {
  const judged = judge({ ...GOOD, ...change });
  expect(judged.verdict).toBe(verdict);
  if (reason) expect(judged.reasons.join()).toMatch(reason);
  else expect(judged.reasons).toEqual([]);
});

test('not being able to measure has a budget of its own, which one good observation restores', () => {
  const doubt = judge({ ...GOOD, alarms: [] });
  let missed = 0;
  for (let n = 0; n < MEASURING_BUDGET; n++) {
    const spent = spend(missed, doubt);
    expect(spent.judgement.verdict).toBe('inconclusive');
    missed = spent.missed;
  }
  expect(spend(missed, doubt).judgement.verdict).toBe('error');
  expect(spend(missed, doubt).judgement.reasons[0]).toMatch(/5 observations in a row/);
  expect(spend(missed, judge(GOOD))).toEqual({ missed: 0, judgement: { verdict: 'successful', reasons: [] } });
});

test('the worst verdict wins', () => {
  expect(worst('successful', 'inconclusive')).toBe('inconclusive');
  expect(worst('failed', 'error')).toBe('failed');
  expect(worst('error', 'inconclusive')).toBe('error');
});
