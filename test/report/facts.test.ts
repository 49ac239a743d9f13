import { plain } from '../../bin/report/facts/cause';
import { decisionsOf } from '../../bin/report/facts/decisions';
import { gatesOf } from '../../bin/report/facts/gates';
import { momentsOf } from '../../bin/report/facts/moments';
import { rollbacksOf } from '../../bin/report/facts/rollbacks';
import { brokenAt, type Run, reportedRun, runsOf } from '../../bin/report/facts/run';
import { standings } from '../../bin/report/facts/shares';
import { stagesOf } from '../../bin/report/facts/stages';
import { EVENT_KINDS } from '../../lambda/core/event-kinds';
import { BEGAN, completed, FIRST_RUN, ledgerOf, nothingYet, rolledBack, SECOND_RUN, underWay } from './fixture';

const runOf = (data: ReturnType<typeof rolledBack>) => reportedRun(data) as Run;
const HOUR = 3_600_000;

describe('a run', () => {
  test.each([
    ['rolled-back', rolledBack(), 56.01],
    ['completed', completed(), 168 + 100.1],
    ['under-way', underWay(), 36],
  ])('%s: from its first entry to its last, or to now', (outcome, data, hours) => {
    const run = runOf(data);
    expect([run.outcome, Math.round((run.to - BEGAN) / HOUR)]).toEqual([outcome, Math.round(hours)]);
  });

  test('that nobody holds the lease of, without an end, was stopped', () => {
    expect(runOf({ ...underWay(), lease: undefined }).outcome).toBe('stopped');
  });

  test('that a rollback holds the lease of is on its way back', () => {
    const data = underWay();
    expect(runOf({ ...data, lease: { ...data.lease, kind: 'rollback' } as never }).outcome).toBe('rolling-back');
  });

  test('that nobody began is not there', () => {
    expect(reportedRun(nothingYet())).toBeUndefined();
    expect(reportedRun({ ...rolledBack(), run: 'another' })).toBeUndefined();
  });

  test('is one of several', () => {
    expect(runsOf(rolledBack()).map(({ id, outcome }) => [id, outcome])).toEqual([
      ['cities-1', 'rolled-back'],
      ['cities-2', 'completed'],
    ]);
  });
});

test('a changed entry is found', () => {
  const { events } = rolledBack();
  expect(brokenAt(events)).toBeUndefined();
  expect(brokenAt(events.map((event) => (event.seq === 5 ? { ...event, kind: 'other' } : event)))).toBe(5);
});

describe('entries in words', () => {
  test('there is an entry in the fixture for every kind, and words for it', () => {
    const told = new Set([...FIRST_RUN, ...SECOND_RUN].map(([, kind]) => kind));
    expect(Object.keys(EVENT_KINDS).filter((kind) => !told.has(kind))).toEqual([]);
    for (const moment of [...momentsOf(runOf(rolledBack())), ...momentsOf(runOf(completed()))]) expect(moment.what).not.toBe('');
  });

  test('what comes by the thousand is one moment', () => {
    const poison = { key: 'id=1', direction: 'forward', error: 'E', cause: 'c' };
    const many = Array.from({ length: 1000 }, (_, n) => [n / 1000, 'poison', poison] as const);
    const run = runOf({ ...rolledBack(), events: ledgerOf(['cities-1', BEGAN, many]) });
    expect(momentsOf(run)).toEqual([expect.objectContaining({ times: 1000, at: BEGAN, until: BEGAN + 0.999 * HOUR })]);
  });

  test('an entry of a later version is shown as it is', () => {
    const run = runOf({ ...rolledBack(), events: ledgerOf(['cities-1', BEGAN, [[0, 'invented', { a: 1 }]]]) });
    expect(momentsOf(run)[0]).toMatchObject({ what: 'invented', details: '{"a":1}' });
  });

  test('of a failure within failures the innermost is told', () => {
    const [, , rollback] = FIRST_RUN.find(([, kind]) => kind === 'rollback-begun') ?? [];
    expect(plain(String((rollback as { reason: string }).reason))).toBe(
      'The rollout failed: GateFailed: Stage 2 of run cities-1 cannot go on: Gate latency: p99 is too slow.',
    );
    expect(plain('no failure')).toBe('no failure');
    expect(plain('not {json')).toBe('not {json');
    expect(plain('{"Error":"States.Timeout"}')).toBe('States.Timeout');
  });
});

describe('positions over time', () => {
  test('every moment adds up to all keys, and time never goes back', () => {
    for (const data of [rolledBack(), completed(), underWay()]) {
      const all = standings(runOf(data));
      for (const { shares } of all) expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
      expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).sort((a, b) => a - b));
    }
  });

  test('what AppConfig took back leaves the keys where they were', () => {
    const all = standings(runOf(completed()));
    const at = (hours: number) => all.findLast((standing) => standing.at <= BEGAN + (168 + hours) * HOUR)?.shares;
    expect(at(29)).toEqual({ 'dual-legacy': 0.25, shadow: 0.75 });
    expect(at(31.5)).toEqual({ 'dual-target': 0.25, shadow: 0.75 });
  });

  test('there are none where nothing was released', () => {
    expect(standings(runOf({ ...rolledBack(), events: ledgerOf(['cities-1', BEGAN, FIRST_RUN.slice(0, 2)]) }))).toEqual([]);
  });
});

test('stages say how far they came: one that a rollback cut off failed, and what it released belongs to none', () => {
  const states = (data: ReturnType<typeof rolledBack>) => stagesOf(runOf(data), data).map(({ state }) => state);
  expect(states(rolledBack())).toEqual(['passed', 'passed', 'failed', 'not reached']);
  expect(states(underWay())).toEqual(['passed', 'under way', 'not reached', 'not reached']);
  expect(states(completed())).toEqual(['passed', 'passed', 'passed', 'passed']);
});

test('gates come from what ended a stage, those asked once too, and from notes where it did not end', () => {
  const told = (data: ReturnType<typeof rolledBack>) =>
    gatesOf(runOf(data), data).map(({ stage, id, verdict }) => `${stage} ${id} ${verdict}`);
  expect(told(rolledBack())).toEqual([
    ...['shadow promotion successful', 'shadow compatibility successful', 'shadow shadow-reads successful'],
    ...['shadow latency successful', 'pilot latency successful'],
    ...['quarter query citiesOfCountry successful', 'quarter query city failed', 'quarter latency failed'],
  ]);
  expect(told(underWay()).at(-1)).toBe('pilot latency successful');
});

test('decisions say who, why and how long they were waited for', () => {
  expect(
    decisionsOf(runOf(rolledBack())).map(({ what, who, waited = 0 }) => [what, who, Math.round(waited / 360_000) / 10]),
  ).toEqual([
    ['Started the run', 'arn:aws:sts::111122223333:assumed-role/rollout-operator/maria', 0],
    ['Approved stage pilot', 'arn:aws:sts::111122223333:assumed-role/rollout-approver/joao (data-owner)', 7.4],
    ['Paused', 'alarm CitiesV2-lag', 0],
    ['Resumed', 'arn:aws:sts::111122223333:assumed-role/rollout-operator/maria (maria)', 1.6],
    ['Took traffic back (soft)', undefined, 0],
  ]);
});

test('a rollback says how long it took, what it kept and left, and what health came to', () => {
  expect(rollbacksOf(runOf(rolledBack()))).toEqual([
    expect.objectContaining({
      mode: 'soft',
      salvaged: 1,
      troubles: ['Canaries may be left behind: Error: the target is down'],
      health: { isWell: false, seconds: 7200, complaints: ['Alarm checkout is in ALARM.'] },
    }),
  ]);
});
