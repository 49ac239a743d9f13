import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchValues } from '../adapters/metric-values';
import { once } from '../adapters/services';
import { connect } from '../observe/connect';
import { type Sampled, sample } from './sample';

const metrics = new CloudWatchValues(new CloudWatchClient());

const ports = once(async () => ({ ...(await connect()), metrics }));

/** Invoked every minute. */
export async function handler(): Promise<Sampled> {
  return sample(await ports());
}
