import { once } from '../adapters/services';
import { connect } from './connect';
import { type ObserveEvent, type ObserveResult, observe } from './observe';

const ports = once(connect);

/** One tick of a bake of the rollout workflow. */
export async function handler(event: ObserveEvent): Promise<ObserveResult> {
  return observe(await ports(), event);
}
