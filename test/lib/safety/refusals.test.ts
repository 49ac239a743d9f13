import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Trigger } from '../../../lib';

const metric = new cloudwatch.Metric({ namespace: 'App', metricName: 'Errors' });

it.each<[string, () => unknown, RegExp]>([
  ['no window', () => Trigger.divergence({ windows: 0 }), /Trigger 'Divergence': windows must be between 1 and 100/],
  [
    'more breaching windows than there are',
    () => Trigger.throttling({ max: 0, windows: 2, breaching: 3 }),
    /breaching must be between 1 and 2/,
  ],
  ['half a window', () => Trigger.metric(metric, { atMost: 1, windows: 1.5 }), /windows must be a whole number/],
  ['missing lag that sets off', () => Trigger.replicationLag({ failOnMissing: true }), /failOnMissing must be false/],
  [
    'a missing age that sets off',
    () => Trigger.forwardLag({ failOnMissing: true }),
    /Trigger.forwardLag\(\): failOnMissing must be/,
  ],
  [
    'an age of less than a second',
    () => Trigger.reverseLag({ max: Duration.millis(999) }),
    /Trigger.reverseLag\(\): max must be at least one second/,
  ],
  ['no bound', () => Trigger.metric(metric, {}), /the bound must be one of atMost and atLeast/],
  ['two bounds', () => Trigger.metric(metric, { atMost: 1, atLeast: 0 }), /the bound must be one of/],
  ['a count below zero', () => Trigger.deadLetters({ max: -1 }), /Trigger.deadLetters\(\): max must be at least 0/],
  [
    'more than everything',
    () => Trigger.errorRate({ errors: metric, requests: metric, maxPercent: 101 }),
    /maxPercent must be between 0 and 100/,
  ],
  [
    'an objective without a budget',
    () => Trigger.burnRate({ errors: metric, requests: metric, objective: 100 }),
    /objective must be a percentage of at least 93.1 and below 100/,
  ],
  ['a band without width', () => Trigger.anomaly(metric, { band: 0 }), /band must be above 0/],
])('%s is refused', (_, make, message) => expect(make).toThrow(message));
