import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { createAlarm } from './alarm-factory';

/** Requests that may fail. */
export interface ErrorBudget {
  readonly errors: cloudwatch.Metric;
  readonly requests: cloudwatch.Metric;
  /** Percent of the requests that must succeed. */
  readonly objective: number;
}

/** What burns. */
interface BurnProps extends ErrorBudget {
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

/** The windows of such an alarm, in minutes, each with the percentage of failed requests above which it counts. */
export function burnWindows(objective: number): { minutes: number; threshold: number }[] {
  return PACES.flatMap(({ rate, long, short }) =>
    [long, short].map((minutes) => ({ minutes, threshold: most(rate, objective) })),
  );
}

/** The percentage of failed requests over a window. Without requests nothing burns. */
export function failedShare({ errors, requests }: ErrorBudget, minutes: number): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: `100 * FILL(errors${minutes}, 0) / requests${minutes}`,
    // A graph shows several windows: each has names of its own.
    usingMetrics: {
      [`errors${minutes}`]: errors.with({ statistic: 'Sum' }),
      [`requests${minutes}`]: requests.with({ statistic: 'Sum' }),
    },
    period: Duration.minutes(minutes),
  });
}

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

/** One window. */
function partOf(scope: Construct, props: BurnProps, rate: number, minutes: number): cloudwatch.Alarm {
  return createAlarm(scope, `Minutes${minutes}`, {
    metric: failedShare(props, minutes),
    threshold: most(rate, props.objective),
    comparison: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    ...{ windows: 1, breaching: 1, failOnMissing: false },
    description: `Over ${minutes} minutes the error budget burns more than ${rate} times as fast as it may.`,
  });
}

/** Percent. Without the noise of doubles: 6 times 100 - 99.9 is 0.6. */
function most(rate: number, objective: number): number {
  return Number((rate * (100 - objective)).toFixed(9));
}
