import { archiveClient } from '../adapters/archive';
import { settings } from '../adapters/environment';
import { type Invocation, remainingOf } from '../adapters/routing';
import { archiveOf, once } from '../adapters/services';
import { connect } from '../reconcile/connect';
import { type DifferencesInput, type DifferencesPorts, type DifferencesResult, differences } from './differences';

const s3 = archiveClient();

const ports = once(async (): Promise<Omit<DifferencesPorts, 'remaining'>> => {
  return { ...(await connect()), archive: archiveOf(s3, settings()) };
});

/** A task of a reconciliation, after the sketches of all slices. */
export async function handler(event: DifferencesInput, invocation: Invocation): Promise<DifferencesResult> {
  return differences({ ...(await ports()), remaining: remainingOf(invocation) }, event);
}
