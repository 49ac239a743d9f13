import { RolloutError } from '../core/errors';
import type { Lease } from '../core/ledger';
import { type Goal, isAtOnce, labelOf, type Move, nextMove } from '../core/traffic';
import { requireAdoption } from './adoption';
import { barrierLeft } from './barrier';
import { requireBrake } from './brake-seen';
import { requireNoPause } from './no-pause';
import { requireDeployed, type TrafficPorts } from './ports';
import { type Released, recordRelease } from './record';
import { requireSamePlan } from './same-plan';

export interface ReleaseEvent {
  readonly run: string;
  readonly generation: number;
  readonly to: Goal;
  readonly revision: number;
}

/**
 * Releases the table with this revision, if it is the next one from what is deployed. Asked again, it answers with the
 * deployment that it started. A release that arrives late, after another holder's, is refused: it may only follow the newest
 * deployment that was seen before the lease was asked for the last time.
 * @throws LeaseLost, PlanChanged, BarrierNotReached, WritersNotAdopted, BrakeNotSeen, Paused
 */
export async function release(ports: TrafficPorts, event: ReleaseEvent): Promise<{ deployment: number }> {
  const { run, generation } = event;
  const { deployment, table, before } = await releaseOnce(ports, event);
  await recordRelease(ports.ledger, { run, generation, deployment, table, before });
  return { deployment };
}

async function releaseOnce(ports: TrafficPorts, event: ReleaseEvent): Promise<Pick<Released, 'deployment' | 'table' | 'before'>> {
  const { run, generation, to, revision } = event;
  const lease = await ports.ledger.hold(generation);
  await requireSamePlan(ports, run, to);
  const { control, ledger } = ports;
  const deployed = await requireDeployed(control);
  if (deployed.table.revision === revision && deployed.table.run === run) {
    return { deployment: deployed.deployment, table: deployed.table };
  }
  const before = deployed.table;
  const move = nextMove(before, to, ports.plan, run);
  if (move?.table.revision !== revision) throw notNext(revision, before.revision);
  const { table } = move;
  const label = labelOf(table, generation);
  const earlier = deployed.recent.find((deployment) => deployment.label === label);
  if (earlier && !(earlier.state === 'reverted' && triesAgain(lease))) {
    return { deployment: earlier.number, table, before };
  }
  if (!isAtOnce(to)) await requireBarrier(await barrierLeft(ports, deployed), move);
  await requireAdoption(ledger, run, move);
  if (lease.kind === 'rollout' && move.step) {
    await requireBrake(ledger, ports.clock);
    await requireNoPause(ledger, lease);
  }
  await ledger.saveNote('barrier', { lease: Math.max(before.lease, table.lease) });
  await ledger.hold(generation);
  return { deployment: await control.release(table, label, move.strategy, deployed.newest), table, before };
}

/** What AppConfig took back stays back for a rollout. A way back is tried until it succeeds. */
function triesAgain(lease: Lease): boolean {
  return lease.kind === 'rollback';
}

async function requireBarrier(seconds: number, { table }: Move): Promise<void> {
  if (seconds === 0) return;
  throw new RolloutError(
    'BarrierNotReached',
    `Revision ${table.revision} cannot be released yet: for ${seconds} more seconds somebody may act on an older table. Try again then.`,
    { seconds, revision: table.revision },
  );
}

function notNext(revision: number, deployed: number): RolloutError {
  return new RolloutError(
    'BarrierNotReached',
    `Revision ${revision} was asked for, but it is not the next one after revision ${deployed}, which is deployed. Nothing was released.`,
    { revision, deployed },
  );
}
