import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Trigger } from '../../../lib';
import { aMigration, aStack } from '../fixture';
import { alarmsOf, type Series } from './cloudwatch-model';

const app = (metricName: string, statistic = 'Sum') =>
  new cloudwatch.Metric({ namespace: 'App', metricName, statistic, period: Duration.minutes(1) });
const errors = app('Errors');
const requests = app('Requests');
const p99 = app('Latency', 'p99');

/** A value for so many minutes, then another, and so on; undefined for no data. */
const during = (...parts: readonly (readonly [minutes: number, value: number | undefined])[]) =>
  parts.flatMap(([minutes, value]) => Array.from({ length: minutes }, () => value));
const always = (value: number | undefined) => during([1000, value]);
const traffic = { Requests: always(1000) };
/** What the migration itself publishes each minute. */
const measured = { Divergence: always(0) };

/** Of 500 compared reads a minute so many differ. */
const compared = (...parts: readonly (readonly [minutes: number, mismatches: number])[]) => ({
  ShadowReads: always(500),
  ShadowMismatch: during(...parts),
});

/** Which trigger goes off in which minute; an empty list where it does not. */
const CASES: readonly [what: string, trigger: Trigger, series: Series, minutes: number, fires: number[]][] = [
  ['divergence: one item', Trigger.divergence(), { Divergence: during([9, 0], [1, 1], [20, 0]) }, 30, [10]],
  ['divergence: a quiet migration has no data', Trigger.divergence(), { Divergence: always(undefined) }, 30, []],

  ['lag: a blip', Trigger.replicationLag(), { ReplicationLag: during([5, 1], [2, 300], [20, 1]) }, 27, []],
  ['lag: a step', Trigger.replicationLag(), { ReplicationLag: during([5, 1], [20, 61]) }, 25, [8]],
  ['lag: at the bound', Trigger.replicationLag(), { ReplicationLag: always(60) }, 30, []],
  [
    'lag: goes, comes back, goes again',
    Trigger.replicationLag(),
    { ReplicationLag: during([3, 90], [5, 1], [3, 90]) },
    11,
    [3, 11],
  ],

  ['forward lag: a blip', Trigger.forwardLag(), { ...measured, IteratorAge: during([5, 100], [2, 300_000], [20, 100]) }, 27, []],
  ['forward lag: a step', Trigger.forwardLag(), { ...measured, IteratorAge: during([5, 100], [9, 60_001]) }, 14, [8]],
  ['forward lag: at the bound', Trigger.forwardLag(), { ...measured, IteratorAge: always(60_000) }, 30, []],
  ['forward lag: nobody writes', Trigger.forwardLag(), measured, 30, []],
  [
    'forward lag: a stop between two batches starts the count anew',
    Trigger.forwardLag(),
    { ...measured, IteratorAge: during([2, 90_000], [1, undefined], [2, 90_000], [5, 100]) },
    10,
    [],
  ],
  [
    'reverse lag: a bound of its own',
    Trigger.reverseLag({ max: Duration.seconds(5), windows: 1 }),
    { ...measured, IteratorAge: during([5, 5000], [1, 5001], [5, 100]) },
    11,
    [6],
  ],

  ['dead letters: the first', Trigger.deadLetters(), { ApproximateNumberOfMessagesVisible: during([4, 0], [6, 1]) }, 10, [5]],
  ['dead letters: none', Trigger.deadLetters(), { ApproximateNumberOfMessagesVisible: always(0) }, 30, []],

  [
    'throttling: a blip',
    Trigger.throttling({ max: 0 }),
    { ...measured, WriteThrottleEvents: during([5, 0], [2, 50], [20, 0]) },
    27,
    [],
  ],
  [
    'throttling: flaps',
    Trigger.throttling({ max: 0 }),
    { ...measured, WriteThrottleEvents: during([5, 0], [1, 9], [1, 0], [1, 9], [1, 0], [1, 9]) },
    10,
    [10],
  ],
  [
    'throttling: below the bound',
    Trigger.throttling({ max: 22 }),
    { ...measured, ReadThrottleEvents: during([5, 0], [9, 11]) },
    14,
    [],
  ],
  [
    'throttling: reads of both tables',
    Trigger.throttling({ max: 10 }),
    { ...measured, ReadThrottleEvents: during([5, 0], [9, 6]) },
    14,
    [8],
  ],

  ['throttling: tables that are never throttled', Trigger.throttling({ max: 0 }), measured, 30, []],

  ['mismatch: one read in a minute of many', Trigger.shadowMismatch({ breaching: 1 }), compared([4, 0], [1, 1], [9, 0]), 14, [5]],
  ['mismatch: a blip', Trigger.shadowMismatch({ maxPercent: 1 }), compared([5, 0], [2, 9], [9, 0]), 16, []],
  ['mismatch: a step', Trigger.shadowMismatch({ maxPercent: 1 }), compared([5, 0], [9, 6]), 14, [8]],
  ['mismatch: at the bound', Trigger.shadowMismatch({ maxPercent: 1 }), compared([30, 5]), 30, []],
  ['mismatch: too few reads to say', Trigger.shadowMismatch({ minReads: 501 }), compared([30, 5]), 30, []],
  ['mismatch: nobody compares', Trigger.shadowMismatch(), {}, 30, []],

  ['latency: a blip', Trigger.metric(p99, { atMost: 250 }), { Latency: during([9, 100], [2, 900], [9, 100]) }, 20, []],
  ['latency: a step', Trigger.metric(p99, { atMost: 250 }), { Latency: during([9, 100], [9, 251]) }, 18, [12]],
  ['latency: no data', Trigger.metric(p99, { atMost: 250 }), {}, 30, []],
  ['a metric that must not fall', Trigger.metric(requests, { atLeast: 10 }), { Requests: during([9, 100], [9, 9]) }, 18, [12]],
  [
    'a metric that must be there',
    Trigger.metric(requests, { atLeast: 10, failOnMissing: true }),
    { Requests: during([9, 100], [9, undefined]) },
    18,
    [12],
  ],

  [
    'errors: a blip',
    Trigger.errorRate({ errors, requests, maxPercent: 1 }),
    { ...traffic, Errors: during([5, 1], [2, 500], [20, 1]) },
    27,
    [],
  ],
  [
    'errors: a step',
    Trigger.errorRate({ errors, requests, maxPercent: 1 }),
    { ...traffic, Errors: during([5, 1], [9, 11]) },
    14,
    [8],
  ],
  ['errors: at the bound', Trigger.errorRate({ errors, requests, maxPercent: 1 }), { ...traffic, Errors: always(10) }, 30, []],
  ['errors: nobody asks', Trigger.errorRate({ errors, requests, maxPercent: 1 }), { Errors: always(5) }, 30, []],
  ['errors: none are counted', Trigger.errorRate({ errors, requests, maxPercent: 1 }), traffic, 30, []],

  // An objective of 99.9: 1.44 percent over an hour and five minutes, 0.6 percent over six hours and half an hour.
  ['budget: steady', Trigger.burnRate({ errors, requests, objective: 99.9 }), { ...traffic, Errors: always(1) }, 800, []],
  [
    'budget: a blip',
    Trigger.burnRate({ errors, requests, objective: 99.9 }),
    { ...traffic, Errors: during([400, 0], [3, 100], [397, 0]) },
    800,
    [],
  ],
  [
    'budget: everything fails',
    Trigger.burnRate({ errors, requests, objective: 99.9 }),
    { ...traffic, Errors: during([400, 0], [100, 1000]) },
    500,
    [401],
  ],
  [
    'budget: a fast burn',
    Trigger.burnRate({ errors, requests, objective: 99.9 }),
    { ...traffic, Errors: during([400, 0], [100, 30]) },
    500,
    [429],
  ],
  [
    'budget: a slow burn',
    Trigger.burnRate({ errors, requests, objective: 99.9 }),
    { ...traffic, Errors: during([400, 0], [400, 8]) },
    800,
    [671],
  ],
  [
    'budget: what is over stays over',
    Trigger.burnRate({ errors, requests, objective: 99.9 }),
    { ...traffic, Errors: during([400, 0], [25, 30], [375, 0]) },
    800,
    [],
  ],
];

test.each(CASES.map(([what, ...rest]) => [what, rest] as const))('%s', (_, [trigger, series, minutes, fires]) => {
  const stack = aStack();
  aMigration(stack, { triggers: [trigger] });
  const alarms = alarmsOf(Template.fromStack(stack), series, minutes);
  const names = [...alarms.keys()].filter((id) => id.includes('Triggers') && !id.includes('Parts'));
  expect(names).toHaveLength(1);
  expect(alarms.get(names[0] as string)).toEqual(fires);
});
