import type { Deployment } from '../core/control';
import { RolloutError } from '../core/errors';
import { allLegacy } from '../core/routing-table';
import { isReleaseOf } from '../core/traffic';
import { fullBarrier } from './barrier';
import { requireDeployed, type TrafficPorts } from './ports';

/** How long to wait for AppConfig to take a deployment back, within the function's own time, and how often to look, in milliseconds. */
const PATIENCE = 7000;
const LOOK_EVERY = 1000;

/**
 * Stops what is still spreading, so that the way back starts from one table, and has AppConfig watch no alarm any more: one in
 * ALARM would take the way back, too. An immediate rollback that an earlier holder released goes on: those who have heard of
 * it write to legacy already. The barrier is always the full one: AppConfig may have reverted by itself just now, and clients
 * still hold the table that it took back.
 * @throws LeaseLost; BarrierNotReached while AppConfig is still taking it back: try again
 */
export async function halt(
  ports: TrafficPorts,
  { generation }: { generation: number },
): Promise<{ halted: boolean; barrier: number }> {
  const { run } = await ports.ledger.hold(generation);
  const { inProgress, table } = await requireDeployed(ports.control);
  const barrier = await fullBarrier(ports, table.lease);
  const halted = inProgress !== undefined && !isReleaseOf(inProgress.label, { ...allLegacy(table, true), run });
  if (halted) await stop(ports, inProgress);
  await ports.control.disarm();
  return { halted, barrier };
}

async function stop(ports: TrafficPorts, { number, state }: Deployment): Promise<void> {
  if (state === 'progress') await ports.control.stop(number);
  await untilOver(ports, number);
}

async function untilOver({ control, clock }: TrafficPorts, deployment: number): Promise<void> {
  const deadline = clock.now() + PATIENCE;
  for (;;) {
    const { state } = await control.deployment(deployment);
    if (state === 'reverted' || state === 'complete') return;
    if (clock.now() >= deadline) break;
    await clock.sleep(LOOK_EVERY);
  }
  throw new RolloutError(
    'BarrierNotReached',
    `AppConfig has not yet finished taking deployment ${deployment} back. Try again; if it stays like this, look at it in the console.`,
    { deployment },
  );
}
