import type { Deployed, RoutingControl } from '../core/control';
import { isRolloutError, RolloutError } from '../core/errors';
import type { MetricGate } from '../core/gate';
import type { Expectations } from '../core/hypothesis';
import { countsOf } from '../core/marks';
import { authorityOf } from '../core/position';
import { recorded, recordOnce } from '../core/record-once';
import { furthest, type RoutingTable, usersInLegacy } from '../core/routing-table';
import { type HeartbeatPorts, retireAll } from '../observe/heartbeat';
import { sweep } from '../prove/sweep';
import { convalesce } from '../sample/health';
import { requireDeployed } from '../traffic/ports';
import { concludeHypotheses } from './hypotheses';

export interface FinishPorts extends HeartbeatPorts {
  readonly control: RoutingControl;
  /** Seconds that the way back stays open after completion. */
  readonly reverseWindow: number;
}

export interface FinishEvent {
  readonly run: string;
  readonly generation: number;
  readonly outcome: 'completed' | 'rolled-back' | 'failed';
  readonly reason?: string;
  /** What the run was expected not to do. */
  readonly expected?: Expectations;
  /** Metrics that must come back to where they were, after a rollback. */
  readonly gates?: readonly MetricGate[];
}

/**
 * Ends a run: our canaries go, AppConfig watches no alarms any more, the outcome is recorded, and the lease is given up.
 * After `failed` the lease stays for the rollback that follows.
 * @throws LeaseLost; BarrierNotReached when a rollback has not arrived
 */
export async function finish(ports: FinishPorts, event: FinishEvent): Promise<Record<string, never>> {
  const { ledger, control } = ports;
  const { run, generation, outcome } = event;
  if (await isOver(ports, event)) return {};
  const deployed = await requireDeployed(control);
  const { table } = deployed;
  if (outcome === 'rolled-back') requireBack(deployed);
  if (outcome !== 'failed') await control.disarm();
  const left = outcome === 'failed' ? undefined : await clearAway(ports, event, table);
  if (outcome !== 'failed') await concludeHypotheses(ledger, run, generation, event.expected);
  const summary = {
    ...(left ? { left } : {}),
    generation,
    reason: event.reason,
    furthest: furthest(table),
    revision: table.revision,
    counts: await countsOf(ledger),
    ...(outcome === 'completed' ? { windowEnds: new Date(ports.clock.now() + ports.reverseWindow * 1000).toISOString() } : {}),
  };
  await recordOnce(ledger, run, outcome, summary, ({ data }) => data.generation === generation);
  if (outcome === 'rolled-back') await lookAfterLater(ports, event);
  if (outcome !== 'failed') await ledger.release(generation);
  return {};
}

/** Whether all is well again is looked at from then on, every minute. */
async function lookAfterLater({ ledger, clock }: FinishPorts, { run, generation, gates = [] }: FinishEvent): Promise<void> {
  const begun = await recorded(ledger, run, 'begun');
  const since = clock.now();
  await convalesce(ledger, { run, generation, gates, since, began: begun ? Date.parse(begun.at) : since });
}

/** @throws BarrierNotReached while some key of the user is not in legacy, or may leave it */
function requireBack({ table, inProgress }: Deployed): void {
  if (usersInLegacy(table) && !inProgress) return;
  throw new RolloutError(
    'BarrierNotReached',
    `The run is not rolled back yet: ${inProgress ? `AppConfig deployment ${inProgress.number} is in progress` : `keys stand in ${furthest(table)}`}. ` +
      'The lease stays. If it stays like this, start the rollback workflow again.',
    { furthest: furthest(table), inProgress },
  );
}

/** Removes our canaries. A rollback may be here because the target is down: then what is left is named and the run ends. */
async function clearAway(ports: FinishPorts, { outcome }: FinishEvent, table: RoutingTable): Promise<string | undefined> {
  const from = authorityOf(furthest(table));
  try {
    const left = await sweep(ports, from);
    if (left > 0) throw mayStillLand(left);
    await retireAll(ports, from, 'observe');
    return undefined;
  } catch (error) {
    if (outcome === 'completed' || isRolloutError(error, 'BarrierNotReached')) throw error;
    return `Canaries may be left behind: ${error instanceof Error ? `${error.name}: ${error.message}` : error}`;
  }
}

function mayStillLand(left: number): RolloutError {
  return new RolloutError(
    'BarrierNotReached',
    `${left} canaries of proofs that failed may still land, or are being written. Try again in a minute.`,
    { left },
  );
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
