import type { Deployed } from '../core/control';
import { RolloutError } from '../core/errors';
import type { Lease } from '../core/ledger';
import { markCounts } from '../core/marks';
import { type Goal, isAtOnce, isReleaseOf, type Lane, labelStart, type Move, nextMove } from '../core/traffic';
import { barrierLeft } from './barrier';
import { requireDeployed, type TrafficPorts } from './ports';
import { requireSamePlan } from './same-plan';

export interface NextEvent {
  readonly run: string;
  readonly generation: number;
  readonly to: Goal;
}

export interface NextResult {
  readonly done: boolean;
  /** Revision to ask `release` for. */
  readonly revision?: number;
  /** What to prove before that. */
  readonly prove: Lane | 'none';
  /** A deployment to `check` first: it is in progress, or its barrier has not passed. */
  readonly deployment?: number;
}

/**
 * What comes next on the way to a goal. Only reads, and marks where a stage began.
 * @throws LeaseLost, PlanChanged, BarrierNotReached
 */
export async function next(ports: TrafficPorts, { run, generation, to }: NextEvent): Promise<NextResult> {
  const lease = await ports.ledger.hold(generation);
  await requireSamePlan(ports, run, to);
  const deployed = await requireDeployed(ports.control);
  const move = nextMove(deployed.table, to, ports.plan, run);
  const underWay = await inProgress(ports, deployed, lease, move);
  if (underWay !== undefined) return { done: false, prove: 'none', deployment: underWay };
  if (!(move && isAtOnce(to)) && (await barrierLeft(ports, deployed)) > 0) {
    return { done: false, prove: 'none', deployment: deployed.deployment };
  }
  if (to.kind === 'stage') await markCounts(ports.ledger, run, to.stage);
  return move ? { done: false, prove: move.prove, revision: move.table.revision } : { done: true, prove: 'none' };
}

/**
 * The number of a deployment in progress that is ours, or that delivers what we would release next. Anybody else's is
 * waited for; a way back stops it: it can only be what the old holder released in its last moment.
 */
async function inProgress(
  { control }: TrafficPorts,
  deployed: Deployed,
  lease: Lease,
  move: Move | undefined,
): Promise<number | undefined> {
  const deployment = deployed.inProgress;
  if (!deployment) return undefined;
  const { run, generation, kind } = lease;
  if (deployment.label?.startsWith(labelStart(run, generation))) return deployment.number;
  if (move && isReleaseOf(deployment.label, move.table)) return deployment.number;
  if (kind === 'rollback' && deployment.state === 'progress') await control.stop(deployment.number);
  throw new RolloutError(
    'BarrierNotReached',
    `Deployment ${deployment.number} (${deployment.label ?? 'without a label'}) is in progress in AppConfig and is not of generation ${generation}. ` +
      `${kind === 'rollback' ? 'It is being stopped' : 'Wait until it is over, or stop it'}; try again then.`,
    { deployment: deployment.number },
  );
}
