import type { ReportData } from '../../bin/report/data';
import { type Run, reportedRun } from '../../bin/report/facts/run';
import * as lessons from '../../bin/report/lessons';
import { BEGAN, completed, ledgerOf, NOT_MEASURED, rolledBack, SECOND_RUN, underWay } from './fixture';

type Told = readonly [number, string, Record<string, unknown>];

/** What a rule says of a run with just these entries after its beginning. */
function said(rule: lessons.Rule, told: readonly Told[], more: Partial<ReportData> = {}): string[] {
  const begun: Told = [0, 'begun', { generation: 1, stages: ['shadow', 'full'] }];
  const events = ledgerOf(['cities-1', BEGAN, [begun, ...told]]);
  const data: ReportData = { ...rolledBack(), events, work: [], measurements: NOT_MEASURED, ...more };
  return rule(reportedRun(data) as Run, data).map(({ seen }) => seen);
}

const asked: Told = [1, 'approval-asked', { stage: 'full', approvers: ['sre'], atLeast: 1 }];
const decided = (hours: number): Told => [hours, 'approval-decided', { stage: 'full', decision: 'approve', reason: 'fine' }];
const back = (reason: string): Told => [2, 'rollback-begun', { generation: 2, mode: 'soft', reason }];
const points = (value: number) => [[BEGAN, value]] as const;

test.each<[string, lessons.Rule, Told[], Partial<ReportData>, RegExp]>([
  ['an approval that waited long', lessons.waitedLong, [asked, decided(9)], {}, /after 8 h of waiting/],
  ['an approval that nobody decided', lessons.neverDecided, [asked], {}, /Nobody decided on stage full/],
  [
    'a gate without verdicts',
    lessons.undecidedGates,
    [[1, 'stage-passed', { stage: 0, result: { gates: [{ id: 'g', doubts: 4, evaluations: 48 }] } }]],
    {},
    /Gate g of stage shadow had no verdict 4 of 48/,
  ],
  [
    'observations with doubts',
    lessons.doubtfulObservations,
    [[1, 'stage-passed', { stage: 0, observed: { observations: 9, inconclusive: 2 } }]],
    {},
    /2 of 9 observations/,
  ],
  [
    'an alarm that paused',
    lessons.pausedByAlarm,
    [[1, 'paused', { alarm: 'a', reason: 'slow' }]],
    {},
    /Alarm a paused the run: slow/,
  ],
  ['poison', lessons.poisoned, [[1, 'poison', { error: 'GroupTooLarge' }]], {}, /1 change .*GroupTooLarge/],
  ['retries', lessons.retried, [], { measurements: { ...NOT_MEASURED, retries: points(3) } }, /repeat 3 deliveries/],
  ['slices that stopped', lessons.stoppedSlices, [[1, 'slice-failed', { key: 'id=1' }]], {}, /failed on id=1/],
  ['divergence', lessons.diverged, [[1, 'divergence', {}]], {}, /differed 1 time/],
  ['writers without the client', lessons.unadopted, [[1, 'completed', { counts: { unadopted: 3 } }]], {}, /3 writes/],
  ['foreign writers of the target', lessons.foreign, [[1, 'foreign-write', { keys: ['pk=1', 'pk=2'], more: 3 }]], {}, /5 keys/],
  ['a rollback', lessons.takenBack, [back('it was slow')], {}, /it was slow\.$/],
  [
    'health that did not come back',
    lessons.notWell,
    [back('x'), [3, 'health-not-restored', { generation: 2, seconds: 1, complaints: ['Alarm a.'] }]],
    {},
    /Alarm a\./,
  ],
  [
    'what a rollback left',
    lessons.leftOver,
    [back('x'), [3, 'rolled-back', { generation: 2, left: 'canaries' }]],
    {},
    /canaries/,
  ],
  [
    'a window that was shut',
    lessons.shutWindow,
    [[1, 'window-awaited', { stage: 1, opensAt: '2026-11-04T07:00:00.000Z' }]],
    {},
    /full had to wait .* 2026-11-04 07:00/,
  ],
  [
    'a hypothesis that nobody measured',
    lessons.unknownHypotheses,
    [[1, 'hypotheses', { outcomes: [{ id: 'h', owner: 'o', outcome: 'unknown' }] }]],
    {},
    /hypothesis h/,
  ],
  ['a long lag', lessons.lagged, [], { measurements: { ...NOT_MEASURED, lag: points(90) } }, /1 min 30 s behind/],
])('%s is a lesson, once, and a run without it has none', (_, rule, told, more, expected) => {
  const found = said(rule, told, more);
  expect(found).toEqual([expect.stringMatching(expected)]);
  expect(said(rule, [])).toEqual([]);
});

test.each<[string, lessons.Rule, Told[], Partial<ReportData>]>([
  ['a decision within hours', lessons.waitedLong, [asked, decided(4)], {}],
  ['a question that is still open', lessons.neverDecided, [asked], { lease: underWay().lease }],
  [
    'a gate with a doubt or two',
    lessons.undecidedGates,
    [[1, 'stage-passed', { stage: 0, result: { gates: [{ id: 'g', doubts: 2, evaluations: 48 }] } }]],
    {},
  ],
  [
    'a gate of an older version',
    lessons.undecidedGates,
    [[1, 'stage-passed', { stage: 0, result: { gates: [{ id: 'g', evaluations: 48 }] } }]],
    {},
  ],
  ['a pause by a person', lessons.pausedByAlarm, [[1, 'paused', { reason: 'lunch' }]], {}],
  ['a lag of a minute', lessons.lagged, [], { measurements: { ...NOT_MEASURED, lag: points(60) } }],
  ['a hypothesis that held', lessons.unknownHypotheses, [[1, 'hypotheses', { outcomes: [{ outcome: 'held' }] }]], {}],
])('%s is none', (_, rule, told, more) => {
  expect(said(rule, told, more)).toEqual([]);
});

test.each([
  ['Alarm CitiesV2-divergence is in ALARM', /Reconcile/],
  ['The rollout failed: GateFailed: Gate approval of stage full: sre rejected it', /Talk with/],
  ['The rollout failed: GateFailed: Gate latency', /Reproduce/],
  ['The rollout failed: NotMeasured: no data', /measurement work first/],
  ['Alarm checkout-errors is in ALARM', /before and after the rollback/],
  ['somebody did it', /Write down/],
])('the advice after a rollback because of “%s” fits', (reason, advice) => {
  const events = ledgerOf(['cities-1', BEGAN, [[0, 'begun', {}], back(reason)]]);
  const data = { ...rolledBack(), events };
  expect(lessons.takenBack(reportedRun(data) as Run, data)[0]?.advice).toMatch(advice);
});

test('a second run that is taken back points to the first', () => {
  const rolled: Told[] = [[0, 'begun', {}], back('x'), [3, 'rolled-back', { generation: 2 }]];
  const data = {
    ...rolledBack(),
    run: 'cities-2',
    events: ledgerOf(['cities-1', BEGAN, rolled], ['cities-2', BEGAN + 1e9, rolled]),
  };
  expect(lessons.againTakenBack(reportedRun(data) as Run, data)[0]?.seen).toContain('cities-1');
  expect(lessons.againTakenBack(reportedRun({ ...data, run: 'cities-1' }) as Run, data)).toEqual([]);
});

test('a run in which nothing stood out teaches nothing', () => {
  const told = SECOND_RUN.filter(([, kind]) => kind !== 'reverted');
  const data = { ...completed(), events: ledgerOf(['cities-2', BEGAN, told]) };
  expect(lessons.lessonsOf(reportedRun(data) as Run, data)).toEqual([]);
});
