import { type Invocation, remainingOf } from '../adapters/routing';
import { once } from '../adapters/services';
import { connect } from './connect';
import { type ReconcileInput, type ReconcileResult, reconcile } from './reconcile';

const ports = once(connect);

/** The task of a child execution of a reconciliation's Distributed Map, called until it is done. */
export async function handler(event: ReconcileInput, invocation: Invocation): Promise<ReconcileResult> {
  return reconcile({ ...(await ports()), remaining: remainingOf(invocation) }, event);
}
