import type { Executions, RoutingControl } from '../core/control';
import { RolloutError } from '../core/errors';
import { type Ledger, ROLLBACK_MODES, type RollbackMode } from '../core/ledger';
import type { Plan } from '../core/plan';
import { recordOnce } from '../core/record-once';
import { isAsHard } from '../core/rollback';
import { TRAFFIC_SECONDS } from '../core/traffic';

export interface TakeoverPorts {
  readonly ledger: Ledger;
  readonly control: RoutingControl;
  readonly executions: Executions;
  readonly plan: Plan;
}

export interface TakeoverEvent {
  /** The run to take back; by default the one that has the lease. */
  readonly run?: string;
  /** ARN of the rollback execution. */
  readonly holder: string;
  readonly mode: RollbackMode;
  readonly reason: string;
}

export interface TakeoverResult {
  readonly run: string;
  readonly generation: number;
  /** Seconds until nothing that the old holder began can still act. */
  readonly wait: number;
  /** Slices of the reconciliation at the end: those of the run's preflight. */
  readonly slices: number;
}

/** Slices where no preflight has measured the table: enough for any, as each goes on where it stopped. */
const SLICES = 100;

/**
 * Takes the lease for a rollback from whoever has it, dead or alive; from then on what the old holder does is refused by
 * its generation. AppConfig must stop watching alarms: one in ALARM would take the way back, too.
 * @throws AlreadyRunning while a rollback that is as hard is at work; LeaseLost when this execution had the lease before
 */
export async function takeover(ports: TakeoverPorts, event: TakeoverEvent): Promise<TakeoverResult> {
  const { ledger, control, executions, plan } = ports;
  const { holder, mode, reason } = event;
  requireMode(mode);
  await requireHarder(ports, event);
  const run = event.run ?? (await ledger.lease())?.run ?? holder.split(':').at(-1) ?? holder;
  const { lease, from } = await ledger.takeOver(run, holder, mode);
  await control.disarm();
  if (from && from.holder !== holder) {
    await executions.stop(from.holder, 'TakenOver', `The rollback ${holder} took over: ${reason}`.slice(0, 1000));
  }
  const { generation } = lease;
  await recordOnce(
    ledger,
    lease.run,
    'rollback-begun',
    { generation, mode, reason, from },
    ({ data }) => data.generation === generation,
  );
  const slices = ((await ledger.note('size'))?.slices as number | undefined) ?? SLICES;
  return { run: lease.run, generation, wait: plan.inFlight + TRAFFIC_SECONDS, slices };
}

async function requireHarder({ ledger, executions }: TakeoverPorts, { holder, mode }: TakeoverEvent): Promise<void> {
  const lease = await ledger.lease();
  if (!lease || lease.holder === holder || !isAsHard(lease, mode)) return;
  if (!(await executions.running(lease.holder))) return;
  throw new RolloutError(
    'AlreadyRunning',
    `Rollback ${lease.holder} is at work since ${lease.since} in mode ${lease.mode}, which is as hard as ${mode}. Wait until it has ended.`,
    { ...lease },
  );
}

function requireMode(mode: RollbackMode): void {
  if (ROLLBACK_MODES.includes(mode)) return;
  throw new RolloutError('InvalidConfiguration', `Unknown rollback mode ${mode}. Use one of ${ROLLBACK_MODES.join(', ')}.`, {
    mode,
  });
}
