import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/** What a `SampleSchedule` runs. */
export interface SampleScheduleProps {
  readonly sample: lambda.IFunction;
}

/** Measures every minute, a run or no run: a late measurement is of no use, so it is not repeated after a minute. */
export class SampleSchedule extends Construct {
  constructor(scope: Construct, id: string, props: SampleScheduleProps) {
    super(scope, id);
    new events.Rule(this, 'Rule', {
      description: 'Compares samples of both tables and measures replication',
      schedule: events.Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(props.sample, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }
}
