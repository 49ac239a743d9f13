import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { settings } from '../adapters/environment';
import { CloudWatchValues } from '../adapters/metric-values';
import { once } from '../adapters/services';
import { connect } from '../observe/connect';
import { type Sampled, sample } from './sample';

const metrics = new CloudWatchValues(new CloudWatchClient());

/** All is well only where the alarms that pause are OK, too. */
const ports = once(async () => {
  const { triggerAlarms, pauseAlarms, reverseWindow } = settings();
  return { ...(await connect()), metrics, reverseWindow, triggers: [...triggerAlarms, ...pauseAlarms] };
});

/** Invoked every minute. */
export async function handler(): Promise<Sampled> {
  return sample(await ports());
}
