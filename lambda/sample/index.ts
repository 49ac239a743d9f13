import { once } from '../adapters/services';
import { connect } from '../observe/connect';
import { type Sampled, sample } from './sample';

const ports = once(connect);

/** Invoked every minute. */
export async function handler(): Promise<Sampled> {
  return sample(await ports());
}
