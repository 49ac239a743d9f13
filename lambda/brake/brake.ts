import type { Alarms, Clock, Executions, Publish } from '../core/control';
import type { Lease, Ledger } from '../core/ledger';
import { METRICS } from '../core/names';
import { isAsHard, type TriggerMode } from '../core/rollback';
import { shortName } from '../core/traffic';
import { noteBrake } from '../traffic/brake-seen';
import { type BrakeEvent, type Demand, demandOf, demandsOf, type RollbackDemand } from './demand';
import { pauseFor } from './pause-for';

export interface BrakePorts {
  readonly ledger: Ledger;
  readonly executions: Executions;
  readonly alarms: Alarms;
  readonly publish: Publish;
  /** ARN of the rollback workflow. */
  readonly stateMachine: string;
  /** What an alarm asks for, by its name; `soft` where it is not named. */
  readonly modes: Readonly<Record<string, TriggerMode>>;
  readonly clock: Clock;
}

/** Names of the executions that were started and of the alarms that paused the run, or why nothing was done. */
export type BrakeResult = { readonly started: string[]; readonly paused: string[]; readonly ignored: string[] };

/**
 * Starts the rollback workflow for alarms and operators. The lease decides, not the rollout workflow, which may be dead.
 * A rollback has one name for each lease and mode, so that two alarms start one; a second one for the same lease follows
 * only where the first ended without the lease. Alarms that only pause the run come after those that take it back.
 */
export async function brake(ports: BrakePorts, event: BrakeEvent): Promise<BrakeResult> {
  const result: BrakeResult = { started: [], paused: [], ignored: [] };
  const { demands, blind }: Sight = 'look' in event ? await standing(ports) : { demands: demandsOf(event, ports.modes) };
  for (const demand of demands.filter((each) => each.mode !== 'pause')) {
    const lease = await ports.ledger.lease();
    const why = await reasonToIgnore(ports, lease, demand);
    if (why) result.ignored.push(why);
    else result.started.push(await start(ports, lease, demand));
  }
  for (const demand of demands.filter((each) => each.mode === 'pause')) {
    const why = await pauseFor(ports.ledger, demand);
    if (why) result.ignored.push(why);
    else result.paused.push(demand.alarm);
  }
  // Last of all: what the brake does matters more than that it is known to be awake.
  if (blind) await noteBrake(ports.ledger, ports.clock, blind);
  return result;
}

/** What a look at a run comes to; `blind` names the alarms that cannot take back, and is undefined while no rollout runs. */
interface Sight {
  readonly demands: readonly Demand[];
  readonly blind?: readonly string[];
}

/** What a look at a run finds: alarms that stand, and a rollout that is dead. A rollback that is dead is told, for a person to judge. */
async function standing({ ledger, executions, alarms, modes, publish }: BrakePorts): Promise<Sight> {
  const lease = await ledger.lease();
  const isDead = lease !== undefined && !(await executions.running(lease.holder));
  await publish({ [METRICS.rollbackStuck]: isDead && lease.kind === 'rollback' ? 1 : 0 });
  if (lease?.kind !== 'rollout') return { demands: [] };
  const described = await alarms.describe(Object.keys(modes));
  const able = described.filter(({ actionsEnabled }) => actionsEnabled);
  const blind = Object.keys(modes).filter((name) => !able.some((alarm) => alarm.name === name));
  const demands = able.filter(({ state }) => state === 'ALARM').map((alarm) => demandOf(alarm, modes));
  if (!isDead) return { demands, blind };
  const dead = { by: 'look', mode: 'soft', reason: `${lease.holder} ended without giving the lease up` } as const;
  return { demands: [...demands, dead], blind };
}

async function reasonToIgnore(
  { executions }: BrakePorts,
  lease: Lease | undefined,
  demand: RollbackDemand,
): Promise<string | undefined> {
  if (!lease) return demand.by === 'operator' ? undefined : `${demand.reason}: no run has the lease.`;
  if (!isAsHard(lease, demand.mode) || !(await executions.running(lease.holder))) return undefined;
  return `${demand.reason}: ${lease.holder} already rolls back in mode ${lease.mode}.`;
}

async function start(ports: BrakePorts, lease: Lease | undefined, { mode, reason }: RollbackDemand): Promise<string> {
  const { executions, stateMachine, clock } = ports;
  const time = new Date(clock.now()).toISOString().replace(/[^0-9]/g, '');
  const name = lease ? `rb-${shortName(lease.run, 40)}-${lease.generation}-${mode}` : `rb-operator-${time}-${mode}`;
  const input = { ...(lease ? { run: lease.run } : {}), mode, reason };
  if (await executions.start(stateMachine, name, input)) return name;
  // The name is taken: by a rollback that runs for another reason, or by one that ended before it took the lease.
  if (await executions.running(executionArn(stateMachine, name))) return name;
  await executions.start(stateMachine, `${name}-${time}`, input);
  return `${name}-${time}`;
}

/** ARN of an execution (AWS Step Functions Developer Guide: `execution` in place of `stateMachine`, the name at the end). */
function executionArn(stateMachine: string, name: string): string {
  return `${stateMachine.replace(':stateMachine:', ':execution:')}:${name}`;
}
