import type { Deployed, RoutingControl } from '../core/control';
import { RolloutError } from '../core/errors';
import type { Plan } from '../core/plan';
import { authorityOf } from '../core/position';
import { furthest } from '../core/routing-table';
import { barrierLeft } from '../traffic/barrier';
import { requireDeployed } from '../traffic/ports';
import { type HeartbeatPorts, heartbeat, PATIENCE, retireAll } from './heartbeat';

export interface PromptPorts extends HeartbeatPorts {
  readonly control: RoutingControl;
  readonly plan: Plan;
}

/** True when everybody acts on the deployed table. */
export async function isQuiet(ports: PromptPorts, deployed: Deployed): Promise<boolean> {
  return !deployed.inProgress && (await barrierLeft(ports, deployed)) === 0;
}

/**
 * Asks that a heartbeat comes through promptly: what differs while replication is behind may be under way. Many may ask at once.
 * @throws ReplicationNotProved
 */
export async function requirePrompt(ports: PromptPorts): Promise<void> {
  const deployed = await requireDeployed(ports.control);
  const by = `prompt-${Math.floor(ports.random() * 2 ** 32)}`;
  const lag = await heartbeat(ports, deployed, await isQuiet(ports, deployed), by);
  await retireAll(ports, authorityOf(furthest(deployed.table)), by);
  if (lag !== undefined && lag * 1000 < PATIENCE) return;
  throw new RolloutError(
    'ReplicationNotProved',
    `The tables differ, but ${lag === undefined ? 'a routing table spreads just now' : `replication is ${Math.round(lag)} seconds behind`}: ` +
      'it may be under way, and does not count. It is looked at again.',
    { lag: lag ?? null },
  );
}
