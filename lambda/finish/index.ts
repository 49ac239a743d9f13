import { settings } from '../adapters/environment';
import { once } from '../adapters/services';
import { connect } from '../prove/connect';
import { type FinishEvent, finish } from './finish';

const ports = once(async () => ({ ...(await connect()), reverseWindow: settings().reverseWindow }));

/** The last task of the rollout and rollback workflows. */
export async function handler(event: FinishEvent): Promise<Record<string, never>> {
  return finish(await ports(), event);
}
