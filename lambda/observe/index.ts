import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { CloudWatchValues } from '../adapters/metric-values';
import { probeWith } from '../adapters/probe';
import { once } from '../adapters/services';
import { connect } from './connect';
import { type ObserveEvent, type ObservePorts, type ObserveResult, observe } from './observe';

const metrics = new CloudWatchValues(new CloudWatchClient());
const probe = probeWith(new LambdaClient());

const ports = once(async (): Promise<ObservePorts> => ({ ...(await connect()), metrics, probe }));

/** One tick of a bake of the rollout workflow. */
export async function handler(event: ObserveEvent): Promise<ObserveResult> {
  return observe(await ports(), event);
}
