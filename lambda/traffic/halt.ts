import { RolloutError } from '../core/errors';
import { fullBarrier } from './barrier';
import { requireDeployed, type TrafficPorts } from './ports';

/** How long to wait for AppConfig to take a deployment back, within the function's own time, and how often to look, in milliseconds. */
const PATIENCE = 7000;
const LOOK_EVERY = 1000;

/**
 * Stops what is still spreading, so that the way back starts from one table. The barrier is always the full one: AppConfig
 * may have reverted by itself just now, and clients still hold the table that it took back.
 * @throws LeaseLost; BarrierNotReached while AppConfig is still taking it back: try again
 */
export async function halt(
  ports: TrafficPorts,
  { generation }: { generation: number },
): Promise<{ halted: boolean; barrier: number }> {
  await ports.ledger.hold(generation);
  await ports.control.disarm();
  const { inProgress, table } = await requireDeployed(ports.control);
  const barrier = await fullBarrier(ports, table.lease);
  if (!inProgress) return { halted: false, barrier };
  if (inProgress.state === 'progress') await ports.control.stop(inProgress.number);
  await untilOver(ports, inProgress.number);
  return { halted: true, barrier };
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
