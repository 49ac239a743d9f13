import type { RoutingControl } from '../core/control';
import { isRolloutError } from '../core/errors';
import { countsOf } from '../core/marks';
import { authorityOf } from '../core/position';
import { recorded, recordOnce } from '../core/record-once';
import { furthest } from '../core/routing-table';
import { type HeartbeatPorts, retireAll } from '../observe/heartbeat';
import { sweep } from '../prove/sweep';
import { requireDeployed } from '../traffic/ports';

export interface FinishPorts extends HeartbeatPorts {
  readonly control: RoutingControl;
}

export interface FinishEvent {
  readonly run: string;
  readonly generation: number;
  readonly outcome: 'completed' | 'rolled-back' | 'failed';
  readonly reason?: string;
}

/**
 * Ends a run: our canaries go, AppConfig watches no alarms any more, the outcome is recorded, and the lease is given up.
 * After `failed` the lease stays for the rollback that follows.
 * @throws LeaseLost
 */
export async function finish(ports: FinishPorts, event: FinishEvent): Promise<Record<string, never>> {
  const { ledger, control } = ports;
  const { run, generation, outcome } = event;
  if (await isOver(ports, event)) return {};
  const { table } = await requireDeployed(control);
  if (outcome !== 'failed') {
    await control.disarm();
    const from = authorityOf(furthest(table));
    await sweep(ports, from);
    await retireAll(ports, from, 'observe');
  }
  const summary = {
    generation,
    reason: event.reason,
    furthest: furthest(table),
    revision: table.revision,
    counts: await countsOf(ledger),
  };
  await recordOnce(ledger, run, outcome, summary, ({ data }) => data.generation === generation);
  if (outcome !== 'failed') await ledger.release(generation);
  return {};
}

/** A second try after the lease was given up: done already. */
async function isOver({ ledger }: FinishPorts, { run, generation, outcome }: FinishEvent): Promise<boolean> {
  try {
    await ledger.hold(generation);
    return false;
  } catch (error) {
    const done = await recorded(ledger, run, outcome, ({ data }) => data.generation === generation);
    if (done && isRolloutError(error, 'LeaseLost')) return true;
    throw error;
  }
}
