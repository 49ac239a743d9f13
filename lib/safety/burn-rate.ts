import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { createAlarm } from './alarm-factory';

/** What burns, and how fast it may. */
export interface BurnProps {
  readonly errors: cloudwatch.Metric;
  readonly requests: cloudwatch.Metric;
  /** Percent of the requests that must succeed. */
  readonly objective: number;
  readonly description: string;
}

/** How many times as fast as it may a budget burns over both windows, in minutes. */
interface Pace {
  readonly rate: number;
  readonly long: number;
  readonly short: number;
}

/** Two percent of a month's budget in an hour, five percent in six hours. */
const PACES: readonly Pace[] = [
  { rate: 14.4, long: 60, short: 5 },
  { rate: 6, long: 360, short: 30 },
];

/** Goes off when a budget burns too fast, over a long window and still over a short one. */
export function burnAlarm(scope: Construct, id: string, props: BurnProps): cloudwatch.CompositeAlarm {
  const parts = new Construct(scope, `${id}Parts`);
  const paces = PACES.map(({ rate, long, short }) =>
    cloudwatch.AlarmRule.allOf(...[long, short].map((minutes) => partOf(parts, props, rate, minutes))),
  );
  return new cloudwatch.CompositeAlarm(scope, id, {
    alarmRule: cloudwatch.AlarmRule.anyOf(...paces),
    alarmDescription: props.description,
  });
}

/** One window. Without requests nothing burns. */
function partOf(scope: Construct, { errors, requests, objective }: BurnProps, rate: number, minutes: number): cloudwatch.Alarm {
  const period = Duration.minutes(minutes);
  return createAlarm(scope, `Minutes${minutes}`, {
    metric: new cloudwatch.MathExpression({
      expression: '100 * FILL(errors, 0) / requests',
      usingMetrics: { errors: errors.with({ statistic: 'Sum' }), requests: requests.with({ statistic: 'Sum' }) },
      period,
    }),
    // Without the noise of doubles: 6 times 100 - 99.9 is 0.6.
    threshold: Number((rate * (100 - objective)).toFixed(9)),
    comparison: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    ...{ windows: 1, breaching: 1, failOnMissing: false },
    description: `Over ${minutes} minutes the error budget burns more than ${rate} times as fast as it may.`,
  });
}
