import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { RolloutError } from '../../lambda/core/errors';
import { Gate, Trigger, Weekday } from '../../lib';
import { inhabitant, is } from '../index-coherence/scene';
import { aStack } from '../lib/fixture';
import { person, profile } from '../memory/people';
import { answers, at, coherent, decided, equal, fits, promoted, proved } from './asked-gates';
import { type Check, never, VERDICTS } from './check';
import { after, before, observed, ok } from './observed-gates';
import { alarmGone, always, during, inMinutes, inState, Watching } from './watching';

const app = (metricName: string, statistic = 'Sum') =>
  new cloudwatch.Metric({ namespace: 'App', metricName, statistic, period: Duration.minutes(1) });
const errors = app('Errors');
const requests = app('Requests');
const p99 = app('Latency', 'p99');

const stack = aStack();
const arn = (service: string, what: string) => `arn:aws:${service}:eu-west-1:111122223333:${what}`;
const alarm = Gate.alarm(cloudwatch.Alarm.fromAlarmArn(stack, 'errors', arn('cloudwatch', 'alarm:app-errors')));
const probe = Gate.probe(lambda.Function.fromFunctionArn(stack, 'orders', arn('lambda', 'function:check')));
const metric = Gate.metric(p99, { atMost: 50 });
const above = Gate.metric(p99, { maxPercentAboveBaseline: 10 });
const below = Gate.metric(p99, { maxPercentBelowBaseline: 50 });
const shadow = Gate.shadowReads({ maxMismatch: 1, minSamples: 100 });
const latency = Gate.latency({ percentiles: [50, 99] });
const compatibility = Gate.compatibility();
const queries = Gate.queries(['inTown', 'byId']);
const reconciliation = Gate.reconciliation();
const approval = Gate.approval({ approvers: ['dba', 'owner'] });
const office = Gate.window({ timeZone: 'Europe/Berlin' });
const promotion = Gate.promotion({
  certificates: s3.Bucket.fromBucketName(stack, 'Staging', 'staging'),
  key: kms.Key.fromKeyArn(stack, 'Certificates', arn('kms', 'key/certificates')),
  within: Duration.days(7),
});
const calendar = (isOpen: boolean) => async () => [{ calendar: 'Freeze', isOpen }];

/** The gates, by the name of their factory. */
const GATES: Readonly<Record<string, Check>> = {
  alarm: {
    passing: [['an alarm that is OK', observed(alarm, { alarms: [ok] })]],
    failing: [
      [
        'an alarm that went off',
        observed(alarm, { alarms: [{ ...ok, state: 'ALARM', reason: '7 > 5' }] }),
        /app-errors is in ALARM: 7 > 5/,
      ],
    ],
    inconclusive: [['an alarm without data', observed(alarm, { alarms: [{ ...ok, state: 'INSUFFICIENT_DATA' }] }), /no data/]],
    erring: [
      ['an alarm that does not exist', observed(alarm, {}), /does not exist/],
      ['alarms that cannot be asked', observed(alarm, { failing: true }), /could not be measured: Error: it is down/],
    ],
  },

  metric: {
    passing: [
      ['a metric within its bound', observed(metric, { values: after(10, 20, 30, 40, 50) })],
      ['a blip', observed(metric, { values: after(10, 99, 20, 99, 20) })],
      [
        'only the newest windows',
        observed(Gate.metric(p99, { atMost: 50, windows: 2, breaching: 2 }), { values: after(99, 99, 99, 10, 10) }),
      ],
      ['a metric near its baseline', observed(above, { values: { ...before, ...after(22, 22, 22, 22, 22) } })],
    ],
    failing: [
      [
        'a metric beyond its bound',
        observed(metric, { values: after(10, 99, 99, 20, 99) }),
        /3 of 5 windows are above 50 \(10, 99, 99, 20, 99\)/,
      ],
      ['a metric below its bound', observed(Gate.metric(p99, { atLeast: 50 }), { values: after(9, 9, 9) }), /below 50/],
      [
        'missing data that must not be',
        observed(Gate.metric(p99, { atMost: 50, failOnMissing: true }), { values: after(10, 10) }),
        /3 of 5/,
      ],
      ['a metric above its baseline', observed(above, { values: { ...before, ...after(23, 23, 23, 23, 23) } }), /above 22/],
      ['a metric below its baseline', observed(below, { values: { ...before, ...after(9, 9, 9, 9, 9) } }), /below 10/],
    ],
    inconclusive: [
      ['a metric without data', observed(metric, {}), /no data yet/],
      ['data of before the shift alone', observed(metric, { values: { 199: 99, 198: 99, 197: 99 } }), /no data yet/],
      ['a metric without a baseline', observed(above, { values: after(9, 9, 9) }), /from before the run/],
    ],
    erring: [['metrics that cannot be asked', observed(metric, { failing: true }), /it is down/]],
  },

  probe: {
    passing: [['a probe that is content', observed(probe, { answer: { verdict: 'successful', evidence: { orders: 7 } } })]],
    failing: [
      ['a probe that is not', observed(probe, { answer: { verdict: 'failed', reason: 'No order in EU.' } }), /No order in EU\./],
    ],
    inconclusive: [
      ['a probe that does not know', observed(probe, { answer: { verdict: 'inconclusive', reason: 'Night.' } }), /Night/],
    ],
    erring: [
      ['a probe without a verdict', observed(probe, { answer: { ok: true } }), /gave no verdict/],
      ['a probe without an answer', observed(probe, {}), /gave no verdict/],
      ['a probe that breaks', observed(probe, { failing: true }), /it is down/],
    ],
  },

  shadowReads: {
    passing: [
      ['compared reads that agree', observed(shadow, { values: after(60, 40) })],
      ['as many that differ as may', observed(shadow, { values: after(60, 40), mismatches: 1 })],
      ['some that could not be compared', observed(shadow, { values: after(200), failures: 10 })],
    ],
    failing: [
      [
        'one more that differs',
        observed(shadow, { values: after(60, 40), mismatches: 2 }),
        /2 of 100 compared reads differ; 1 percent may/,
      ],
      ['too few, of which too many differ in any case', observed(shadow, { values: after(5), mismatches: 2 })],
    ],
    inconclusive: [
      ['too few compared reads', observed(shadow, { values: after(60, 39) }), /99 reads were compared; 100 are asked for/],
      ['none, and some of before the shift', observed(shadow, { values: before }), /0 reads were compared/],
      [
        'too many that could not be compared',
        observed(shadow, { values: after(200), failures: 11 }),
        /11 comparisons could not be made/,
      ],
    ],
    erring: [['counts that cannot be asked for', observed(shadow, { failing: true }), /could not be measured/]],
  },

  latency: {
    passing: [
      ['reads that are as quick', observed(latency, { timed: { reads: 3000, factor: 1 } })],
      ['reads that are slower within the margin', observed(latency, { timed: { reads: 3000, factor: 1.09 } })],
    ],
    failing: [
      [
        'reads that are half as slow again',
        observed(latency, { timed: { reads: 3000, factor: 1.5 } }),
        /^p50: .* p99: 2\d\.\d+ percent of the reads/,
      ],
    ],
    inconclusive: [
      [
        'reads of which too many get no answer',
        observed(latency, { timed: { reads: 3000, factor: 1 }, failures: 61 }),
        /61 comparisons/,
      ],
      ['too few reads', observed(latency, { timed: { reads: 1000, factor: 9 } }), /2000 reads were timed on both paths; 2942/],
      ['reads that nobody times', observed(latency, {}), /No reads were timed/],
    ],
    erring: [['reads when CloudWatch is down', observed(latency, { failing: true }), /could not be measured/]],
  },

  compatibility: {
    passing: [['items that fit', fits(compatibility, 20)]],
    failing: [
      [
        'an item that up throws on',
        fits(compatibility, 3, ({ database }) => database.put('legacy', person('x', 'poison'))),
        /1 of 4 items do not fit the transform/,
      ],
    ],
    inconclusive: [['a table without items', fits(compatibility, 0), /no items to look at/]],
    erring: [
      [
        'a table that cannot be read',
        fits(compatibility, 3, ({ database }) => {
          database.scan = async () => {
            throw new Error('it is down');
          };
        }),
        /it is down/,
      ],
    ],
  },

  approval: {
    passing: [['all who are asked agree', decided(approval, ['dba', 'approve'], ['owner', 'approve'])]],
    failing: [['one of them does not', decided(approval, ['dba', 'approve'], ['owner', 'reject']), /rejected/]],
    inconclusive: [
      ['nobody has said anything', decided(approval)],
      ['one is missing', decided(approval, ['dba', 'approve']), /1 missing/],
    ],
    erring: [['a stranger decides', decided(approval, ['intern', 'approve']), /InvalidDecision: .*not for intern to decide/]],
  },

  window: {
    passing: [
      ['it is open', at(office, '2026-11-23T10:00:00Z')],
      ['its calendars are open, too', at(office, '2026-11-23T10:00:00Z', calendar(true))],
    ],
    failing: never('a stage that may not begin waits, and nothing is taken back'),
    inconclusive: [
      ['it opens later', at(office, '2026-11-23T07:59:30Z'), /^30 seconds$/],
      ['a calendar is shut', at(office, '2026-11-23T10:00:00Z', calendar(false)), /^3600 seconds$/],
    ],
    erring: [
      [
        'a calendar that cannot be read',
        at(office, '2026-11-23T10:00:00Z', () => Promise.reject(new Error('no access'))),
        /^Error: no access/,
      ],
      [
        'it opens never',
        at(Gate.window({ days: [Weekday.MONDAY], blackouts: mondaysOf(2026, 2027) }), '2026-11-23T10:00:00Z'),
        /InvalidConfiguration: .*does not open within a year/,
      ],
    ],
  },

  promotion: {
    passing: [['a genuine certificate', promoted(promotion)]],
    failing: [
      ['there is none', promoted(promotion, async () => ({ kind: 'nothing' })), /^GateFailed: .*There is no certificate/],
      ['it is not signed', promoted(promotion, async () => ({ kind: 'not-signed' })), /was not signed with key/],
    ],
    inconclusive: never('a certificate is there and does, or it does not'),
    erring: [
      ['a bucket that cannot be read', promoted(promotion, () => Promise.reject(new Error('no bucket'))), /^Error: no bucket/],
    ],
  },

  queries: {
    passing: [['both sides answer alike', answers(queries)]],
    failing: [
      [
        'somebody is missing in the target',
        answers(queries, ({ database }) => database.remove('target', { pk: { S: 'P#r4' } })),
        /^GateFailed: .*inTown: 1 of 2 questions .* byId: 1 of 10/,
      ],
    ],
    inconclusive: [
      [
        'a table without items',
        answers(queries, ({ database }) => database.tables.legacy.clear()),
        /^NotMeasured: .*No item of the sample gives params/,
      ],
    ],
    erring: [
      [
        'a query that the transform does not have',
        answers(Gate.queries(['byStreet'])),
        /^InvalidConfiguration: Gate\.queries\(\) names byStreet/,
      ],
      [
        'tables that cannot be read',
        answers(queries, ({ database }) => {
          database.before = () => {
            throw new Error('it is down');
          };
        }),
        /it is down/,
      ],
    ],
  },

  indexCoherence: {
    passing: [
      ['an index that holds what its table says', coherent()],
      [
        'one that lags behind for a moment',
        coherent(({ reader, clock }) => {
          reader.doctored = (entries) => entries.slice(1);
          clock.woken = () => {
            reader.doctored = (entries) => entries;
          };
        }),
      ],
    ],
    failing: [
      [
        'an entry that is missing',
        coherent(({ reader }) => {
          reader.doctored = (entries) => entries.slice(1);
        }),
        /"diverged":1/,
      ],
    ],
    inconclusive: [
      [
        'an entry that cannot be found among so many',
        coherent(({ reader }) => {
          reader.doctored = (entries) => entries.slice(1);
          reader.entry = async () => {
            throw new RolloutError('NotMeasured', 'More than 50 MB have that index key.');
          };
        }),
        /^NotMeasured: More than 50 MB/,
      ],
      [
        'an entry that changes faster than it can be looked at',
        coherent(({ reader, database, clock }) => {
          let changes = 0;
          const change = () => database.put('target', inhabitant('p1', { name: { S: `version ${changes++}` } }));
          clock.woken = change;
          reader.doctored = (all) =>
            all.map((entry) => (is('p1')(entry) ? { ...entry, name: { S: `other ${changes}` } } : entry));
        }),
        /"lagging":1/,
      ],
    ],
    erring: [
      [
        'a table that cannot be read',
        coherent(({ database }) => {
          database.before = () => {
            throw new Error('it is down');
          };
        }),
        /it is down/,
      ],
    ],
  },

  reconciliation: {
    passing: [['tables that are equal', equal(reconciliation, 20)]],
    failing: [
      [
        'an item that should not be there',
        equal(reconciliation, 20, ({ database }) => database.put('target', profile('ghost', 'x', 'g'))),
        /"diverged":1/,
      ],
    ],
    inconclusive: [
      [
        'a group that changes faster than it can be looked at',
        equal(reconciliation, 20, ({ database, clock }) => {
          let changes = 0;
          const change = () => database.put('target', profile('p1', `other ${changes}`, `token-${changes++}`));
          clock.woken = change;
          change();
        }),
        /"lagging":1/,
      ],
    ],
    erring: [
      [
        'tables that cannot be read',
        equal(reconciliation, 20, ({ database }) => {
          database.before = () => {
            throw new Error('it is down');
          };
        }),
        /it is down/,
      ],
    ],
  },
};

/** What is asked of every step forward, without being asked for: canaries go that step and come back. */
const WAY_BACK: Check = {
  passing: [['canaries that come out of the other table', proved()]],
  failing: [
    ['replication that stands still', proved((world) => world.running.clear()), /canaries have not arrived/],
    [
      'a batch that was given up',
      proved((world) => {
        world.givenUp = 1;
      }),
      /given up 1 batches/,
    ],
  ],
  inconclusive: never('what is not proved within a minute is not proved'),
  erring: [
    [
      'a stream that cannot be read',
      proved(undefined, async () => {
        throw new Error('it is down');
      }),
      /it is down/,
    ],
  ],
};

const divergence = new Watching(() => Trigger.divergence());
const lag = new Watching(() => Trigger.replicationLag());
const deadLetters = new Watching(() => Trigger.deadLetters());
const throttling = (max: number) => new Watching(() => Trigger.throttling({ max }));
const anyThrottling = throttling(0);
const mismatch = new Watching(() => Trigger.shadowMismatch());
const mismatches = new Watching(() => Trigger.shadowMismatch({ maxPercent: 1 }));
const slow = new Watching(() => Trigger.metric(p99, { atMost: 250 }));
const quiet = new Watching(() => Trigger.metric(requests, { atLeast: 10 }));
const silent = new Watching(() => Trigger.metric(requests, { atLeast: 10, failOnMissing: true }));
const errorRate = new Watching(() => Trigger.errorRate({ errors, requests, maxPercent: 1 }));
const burnRate = new Watching(() => Trigger.burnRate({ errors, requests, objective: 99.9 }));
const forwardLag = new Watching(() => Trigger.forwardLag());
const reverseLag = new Watching(() => Trigger.reverseLag({ max: Duration.seconds(5), windows: 1 }));
const anomaly = new Watching(() => Trigger.anomaly(p99));
const own = new Watching((shop) =>
  Trigger.alarm(
    errors.createAlarm(shop, 'Own', {
      ...{ threshold: 5, evaluationPeriods: 2, treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING },
    }),
  ),
);

const traffic = { Requests: always(1000) };
/** What the migration itself publishes each minute. */
const measured = { Divergence: always(0) };

/** Of 500 compared reads a minute so many differ. */
const compared = (...parts: readonly (readonly [minutes: number, mismatches: number])[]) => ({
  ShadowReads: always(500),
  ShadowMismatch: during(...parts),
});

/** AppConfig takes a release back when an alarm has insufficient data, so no data has to mean something. */
const saysSomething = (watching: Watching) =>
  never('no data counts as good, or as bad, but not as nothing', watching.hasNoThirdState);
const erring: Check['erring'] = [['an alarm that is gone', alarmGone, /^5 observations in a row .* does not exist/]];

/** The triggers, by the name of their factory. Their reason is in which minutes they go off. */
const TRIGGERS: Readonly<Record<string, Check>> = {
  divergence: {
    passing: [['a quiet migration has no data', divergence.over({ Divergence: always(undefined) }, 30)]],
    failing: [['one item', divergence.over({ Divergence: during([9, 0], [1, 1], [20, 0]) }, 30), inMinutes(10)]],
    inconclusive: saysSomething(divergence),
    erring,
  },

  replicationLag: {
    passing: [
      ['a blip', lag.over({ ReplicationLag: during([5, 1], [2, 300], [20, 1]) }, 27)],
      ['at the bound', lag.over({ ReplicationLag: always(60) }, 30)],
    ],
    failing: [
      ['a step', lag.over({ ReplicationLag: during([5, 1], [20, 61]) }, 25), inMinutes(8)],
      ['goes, comes back, goes again', lag.over({ ReplicationLag: during([3, 90], [5, 1], [3, 90]) }, 11), inMinutes(3, 11)],
    ],
    inconclusive: saysSomething(lag),
    erring,
  },

  forwardLag: {
    passing: [
      ['a blip', forwardLag.over({ ...measured, IteratorAge: during([5, 100], [2, 300_000], [20, 100]) }, 27)],
      ['at the bound', forwardLag.over({ ...measured, IteratorAge: always(60_000) }, 30)],
      ['nobody writes', forwardLag.over(measured, 30)],
      [
        'a stop between two batches starts the count anew',
        forwardLag.over({ ...measured, IteratorAge: during([2, 90_000], [1, undefined], [2, 90_000], [5, 100]) }, 10),
      ],
    ],
    failing: [['a step', forwardLag.over({ ...measured, IteratorAge: during([5, 100], [9, 60_001]) }, 14), inMinutes(8)]],
    inconclusive: saysSomething(forwardLag),
    erring,
  },

  reverseLag: {
    passing: [['nobody writes', reverseLag.over(measured, 30)]],
    failing: [
      [
        'a bound of its own',
        reverseLag.over({ ...measured, IteratorAge: during([5, 5000], [1, 5001], [5, 100]) }, 11),
        inMinutes(6),
      ],
    ],
    inconclusive: saysSomething(reverseLag),
    erring,
  },

  deadLetters: {
    passing: [['none', deadLetters.over({ ApproximateNumberOfMessagesVisible: always(0) }, 30)]],
    failing: [['the first', deadLetters.over({ ApproximateNumberOfMessagesVisible: during([4, 0], [6, 1]) }, 10), inMinutes(5)]],
    inconclusive: saysSomething(deadLetters),
    erring,
  },

  throttling: {
    passing: [
      ['tables that are never throttled', anyThrottling.over(measured, 30)],
      ['a blip', anyThrottling.over({ ...measured, WriteThrottleEvents: during([5, 0], [2, 50], [20, 0]) }, 27)],
      ['below the bound', throttling(22).over({ ...measured, ReadThrottleEvents: during([5, 0], [9, 11]) }, 14)],
    ],
    failing: [
      [
        'flaps',
        anyThrottling.over({ ...measured, WriteThrottleEvents: during([5, 0], [1, 9], [1, 0], [1, 9], [1, 0], [1, 9]) }, 10),
        inMinutes(10),
      ],
      [
        'reads of both tables',
        throttling(10).over({ ...measured, ReadThrottleEvents: during([5, 0], [9, 6]) }, 14),
        inMinutes(8),
      ],
    ],
    inconclusive: saysSomething(anyThrottling),
    erring,
  },

  shadowMismatch: {
    passing: [
      ['a blip', mismatches.over(compared([5, 0], [2, 9], [9, 0]), 16)],
      ['at the bound', mismatches.over(compared([30, 5]), 30)],
      ['too few reads to say', new Watching(() => Trigger.shadowMismatch({ minReads: 501 })).over(compared([30, 5]), 30)],
      ['nobody compares', mismatch.over({}, 30)],
    ],
    failing: [
      [
        'one read in a minute of many',
        new Watching(() => Trigger.shadowMismatch({ breaching: 1 })).over(compared([4, 0], [1, 1], [9, 0]), 14),
        inMinutes(5),
      ],
      ['a step', mismatches.over(compared([5, 0], [9, 6]), 14), inMinutes(8)],
    ],
    inconclusive: saysSomething(mismatch),
    erring,
  },

  metric: {
    passing: [
      ['a blip', slow.over({ Latency: during([9, 100], [2, 900], [9, 100]) }, 20)],
      ['no data', slow.over({}, 30)],
    ],
    failing: [
      ['a step', slow.over({ Latency: during([9, 100], [9, 251]) }, 18), inMinutes(12)],
      ['one that must not fall', quiet.over({ Requests: during([9, 100], [9, 9]) }, 18), inMinutes(12)],
      ['one that must be there', silent.over({ Requests: during([9, 100], [9, undefined]) }, 18), inMinutes(12)],
    ],
    inconclusive: saysSomething(silent),
    erring,
  },

  errorRate: {
    passing: [
      ['a blip', errorRate.over({ ...traffic, Errors: during([5, 1], [2, 500], [20, 1]) }, 27)],
      ['at the bound', errorRate.over({ ...traffic, Errors: always(10) }, 30)],
      ['nobody asks', errorRate.over({ Errors: always(5) }, 30)],
      ['none are counted', errorRate.over(traffic, 30)],
    ],
    failing: [['a step', errorRate.over({ ...traffic, Errors: during([5, 1], [9, 11]) }, 14), inMinutes(8)]],
    inconclusive: saysSomething(errorRate),
    erring,
  },

  // An objective of 99.9: 1.44 percent over an hour and five minutes, 0.6 percent over six hours and half an hour.
  burnRate: {
    passing: [
      ['steady', burnRate.over({ ...traffic, Errors: always(1) }, 800)],
      ['a blip', burnRate.over({ ...traffic, Errors: during([400, 0], [3, 100], [397, 0]) }, 800)],
      ['what is over stays over', burnRate.over({ ...traffic, Errors: during([400, 0], [25, 30], [375, 0]) }, 800)],
    ],
    failing: [
      ['everything fails', burnRate.over({ ...traffic, Errors: during([400, 0], [100, 1000]) }, 500), inMinutes(401)],
      ['a fast burn', burnRate.over({ ...traffic, Errors: during([400, 0], [100, 30]) }, 500), inMinutes(429)],
      ['a slow burn', burnRate.over({ ...traffic, Errors: during([400, 0], [400, 8]) }, 800), inMinutes(671)],
    ],
    inconclusive: saysSomething(burnRate),
    erring,
  },

  anomaly: {
    passing: [
      ['as is expected', anomaly.over({ Latency: always(100), expected: always(120) }, 30)],
      ['a blip', anomaly.over({ Latency: during([9, 100], [2, 900], [9, 100]), expected: always(120) }, 20)],
      ['nothing is expected yet', anomaly.over({ Latency: always(900) }, 30)],
    ],
    failing: [['a step', anomaly.over({ Latency: during([9, 100], [9, 121]), expected: always(120) }, 18), inMinutes(12)]],
    inconclusive: saysSomething(anomaly),
    erring,
  },

  alarm: {
    passing: [['an alarm of yours that is quiet', own.over({ Errors: during([9, 1], [1, 9], [9, 1]) }, 19)]],
    failing: [['an alarm of yours that goes off', own.over({ Errors: during([9, 1], [5, 9]) }, 14), inMinutes(11)]],
    inconclusive: [['an alarm of yours without data', inState('INSUFFICIENT_DATA'), /has no data/]],
    erring,
  },
};

/** Days of two years on which a window of Mondays would open. */
function mondaysOf(...years: number[]): string[] {
  const days = years.flatMap((year) => Array.from({ length: 366 }, (_, day) => new Date(Date.UTC(year, 0, 1 + day))));
  return days.filter((day) => day.getUTCDay() === Weekday.MONDAY).map((day) => day.toISOString().slice(0, 10));
}

const factoriesOf = (type: object) =>
  Object.getOwnPropertyNames(type).filter((name) => typeof (type as Record<string, unknown>)[name] === 'function');

describe.each([
  ['Gate', Gate, GATES],
  ['Trigger', Trigger, TRIGGERS],
] as const)('%s', (_, type, table) => {
  it('has every one of them in the table', () => expect(Object.keys(table).sort()).toEqual(factoriesOf(type).sort()));
});

describe.each(Object.entries({ ...named('Gate', GATES), ...named('Trigger', TRIGGERS), 'the way back': WAY_BACK }))(
  '%s',
  (_, check) => {
    describe.each(Object.keys(VERDICTS) as (keyof Check)[])('%s', (outcome) => {
      const cases = check[outcome];
      if ('never' in cases) it(`cannot be: ${cases.never}`, () => cases.proof?.());
      else {
        it.each(cases.map(([what, ...rest]) => [what, rest] as const))('%s', async (_, [run, told]) => {
          const { verdict, reason } = await run();
          expect([verdict, reason]).toEqual([VERDICTS[outcome], told ? expect.stringMatching(told) : reason]);
        });
      }
    });
  },
);

function named(type: string, table: Readonly<Record<string, Check>>): Record<string, Check> {
  return Object.fromEntries(Object.entries(table).map(([name, check]) => [`${type}.${name}()`, check]));
}
