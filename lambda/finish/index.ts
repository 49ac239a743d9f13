import { once } from '../adapters/services';
import { connect } from '../prove/connect';
import { type FinishEvent, finish } from './finish';

const ports = once(connect);

/** The last task of the rollout and rollback workflows. */
export async function handler(event: FinishEvent): Promise<Record<string, never>> {
  return finish(await ports(), event);
}
