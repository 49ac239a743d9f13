import type { Clock, Deployed, RoutingControl } from '../core/control';
import { RolloutError } from '../core/errors';
import type { Ledger } from '../core/ledger';
import type { Plan } from '../core/plan';

/** What moving traffic needs from outside. */
export interface TrafficPorts {
  readonly ledger: Ledger;
  readonly control: RoutingControl;
  readonly plan: Plan;
  /** SHA-256 of the plan beside this handler. */
  readonly planSha256: string;
  readonly clock: Clock;
}

/** What is deployed. @throws InvalidConfiguration when no routing table ever was */
export async function requireDeployed(control: RoutingControl): Promise<Deployed> {
  const deployed = await control.deployed();
  if (deployed) return deployed;
  throw new RolloutError(
    'InvalidConfiguration',
    'AppConfig has no complete deployment of a routing table. The stack releases the first one when it is deployed: ' +
      'look at the log of its seed function, and deploy again.',
  );
}
