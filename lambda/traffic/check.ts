import { RolloutError } from '../core/errors';
import { barrierLeft } from './barrier';
import { requireDeployed, type TrafficPorts } from './ports';
import { recordSpread } from './record';

export interface CheckEvent {
  readonly generation: number;
  readonly deployment: number;
}

export interface CheckResult {
  readonly state: 'complete' | 'progress';
  /** Seconds to wait until nobody acts on an older table. */
  readonly barrier: number;
}

/**
 * Where a deployment stands.
 * @throws LeaseLost; DeploymentReverted with AppConfig's reason
 */
export async function check(ports: TrafficPorts, { generation, deployment: number }: CheckEvent): Promise<CheckResult> {
  await ports.ledger.hold(generation);
  const { state, reason, label } = await ports.control.deployment(number);
  if (state === 'progress') return { state, barrier: 0 };
  if (state === 'complete') {
    await recordSpread(ports.ledger, number, 'arrived');
    return { state, barrier: await barrierLeft(ports, await requireDeployed(ports.control)) };
  }
  await recordSpread(ports.ledger, number, 'reverted', { reason });
  throw new RolloutError(
    'DeploymentReverted',
    `AppConfig took deployment ${number} (${label ?? 'without a label'}) back: ${reason ?? 'it gives no reason'}. ` +
      'Traffic stands one position before it. Look at the trigger alarms; the rollback workflow takes the rest back.',
    { deployment: number, reason },
  );
}
