import type { Clock, RoutingControl } from '../core/control';
import { RolloutError } from '../core/errors';
import type { Plan } from '../core/plan';
import { initialTable } from '../core/routing-table';
import { labelOf } from '../core/traffic';

export interface SeedPorts {
  readonly control: RoutingControl;
  readonly plan: Plan;
  readonly clock: Clock;
}

/** How long to wait for the deployment, in milliseconds. */
const PATIENCE = 60_000;
const LOOK_EVERY = 1000;

/**
 * Releases the first routing table, with all keys in `legacy`, unless the environment has one: clients and replicators
 * need a table from the first deployment of the stack on. Does nothing at later deployments.
 * @throws BarrierNotReached when AppConfig does not complete it in time
 */
export async function seed({ control, plan, clock }: SeedPorts): Promise<{ seeded: boolean }> {
  if (await control.deployed()) return { seeded: false };
  const table = initialTable('seed', plan.lease, plan.poll);
  const deployment = await control.release(table, labelOf(table, 0), 'immediate', 0);
  const deadline = clock.now() + PATIENCE;
  while ((await control.deployment(deployment)).state !== 'complete') {
    if (clock.now() >= deadline) {
      throw new RolloutError(
        'BarrierNotReached',
        `AppConfig has not completed deployment ${deployment}, the first routing table, in ${PATIENCE / 1000} seconds. Deploy the stack again.`,
        { deployment },
      );
    }
    await clock.sleep(LOOK_EVERY);
  }
  return { seeded: true };
}
