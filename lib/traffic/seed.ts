import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Trigger } from 'aws-cdk-lib/triggers';
import { Construct } from 'constructs';
import type { TrafficShift } from './traffic-shift';

/** What a `Seed` needs. */
export interface SeedProps {
  readonly handler: lambda.Function;
  readonly traffic: TrafficShift;
}

/** Releases the first routing table, with all keys in `legacy`, while the stack is deployed. Later deployments change nothing. */
export class Seed extends Construct {
  constructor(scope: Construct, id: string, props: SeedProps) {
    super(scope, id);
    new Trigger(this, 'Trigger', { handler: props.handler, executeAfter: [props.traffic] });
  }
}
