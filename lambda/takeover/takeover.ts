import type { Executions, RoutingControl } from '../core/control';
import { RolloutError } from '../core/errors';
import { type Identities, whoAsksAtOnce } from '../core/identity';
import { type Lease, type Ledger, ROLLBACK_MODES, type RollbackMode } from '../core/ledger';
import type { Plan } from '../core/plan';
import { recorded } from '../core/record-once';
import { isAsHard } from '../core/rollback';
import { TRAFFIC_SECONDS } from '../core/traffic';

export interface TakeoverPorts {
  readonly ledger: Ledger;
  readonly control: RoutingControl;
  readonly executions: Executions;
  readonly identities: Identities;
  readonly plan: Plan;
}

export interface TakeoverEvent {
  /** The run to take back: nothing happens when it has ended. By default whichever has the lease, or none. */
  readonly run?: string;
  /** ARN of the rollback execution. */
  readonly holder: string;
  readonly mode: RollbackMode;
  readonly reason: string;
  /** Who it is, as they say. */
  readonly by?: string;
  /** Proves who it is: `proveIdentity`. */
  readonly proof?: string;
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

/** Tries before contention is reported. */
const ATTEMPTS = 10;

/**
 * Takes the lease for a rollback from whoever has it, dead or alive; from then on what the old holder does is refused by
 * its generation. AppConfig must stop watching alarms: one in ALARM would take the way back, too.
 * @throws AlreadyRunning while a rollback that is as hard is at work; LeaseLost when the run that was named has ended, or when
 * this execution had the lease before
 */
export async function takeover(ports: TakeoverPorts, event: TakeoverEvent): Promise<TakeoverResult> {
  const { ledger, control, executions, plan } = ports;
  const { holder, mode, reason } = event;
  requireMode(mode);
  const { lease, from } = await takeLease(ports, event);
  if (from) await executions.stop(from.holder, 'TakenOver', `The rollback ${holder} took over: ${reason}`.slice(0, 1000));
  // The sooner the better, but AppConfig may refuse while it deploys: the halt that follows does it for certain.
  await control.disarm().catch(() => {});
  const { generation } = lease;
  await record(ports, event, lease, from);
  const slices = ((await ledger.note('size'))?.slices as number | undefined) ?? SLICES;
  return { run: lease.run, generation, wait: plan.inFlight + TRAFFIC_SECONDS, slices };
}

/**
 * Writes down who takes the run back, once it is done. A proof that proves nothing, or cannot be looked at, stops no way back: the record
 * says so, and has no `who`.
 */
async function record(ports: TakeoverPorts, event: TakeoverEvent, { run, generation }: Lease, from?: Lease): Promise<void> {
  const { ledger, identities } = ports;
  const { mode, reason, by } = event;
  if (await recorded(ledger, run, 'rollback-begun', ({ data }) => data.generation === generation)) return;
  const { who, ...asked } = await whoAsksAtOnce(identities, event, 'rollback', 'any');
  await ledger.append(run, 'rollback-begun', { generation, mode, reason, ...(by ? { by } : {}), ...asked, from }, who);
}

/** Judges the lease as it stands and takes just that one: another rollback may come in between. */
async function takeLease(ports: TakeoverPorts, event: TakeoverEvent): Promise<{ lease: Lease; from: Lease | undefined }> {
  const { holder, mode } = event;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const lease = await ports.ledger.lease();
    if (lease?.holder !== holder) {
      requireSameRun(lease, event);
      await requireHarder(ports, lease, event);
    }
    const run = lease?.run ?? event.run ?? holder.split(':').at(-1) ?? holder;
    const taken = await ports.ledger.takeOver(lease, { run, holder, mode });
    if (taken) return taken;
  }
  throw new RolloutError('TooMuchContention', `${ATTEMPTS} tries to take the lease each met somebody else. Try again.`);
}

/** Whoever asked for this rollback saw another run: that one has ended meanwhile, and this one did nothing wrong. */
function requireSameRun(lease: Lease | undefined, { run }: TakeoverEvent): void {
  if (!run || lease?.run === run) return;
  throw new RolloutError(
    'LeaseLost',
    `Run ${run}, which was to be taken back, has ended: ${lease ? `run ${lease.run} has the lease now` : 'nobody has the lease'}. ` +
      'Nothing was changed. To take traffic back all the same, start the rollback workflow without naming a run.',
    { run, lease },
  );
}

async function requireHarder({ executions }: TakeoverPorts, lease: Lease | undefined, { mode }: TakeoverEvent): Promise<void> {
  if (!lease || !isAsHard(lease, mode)) return;
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
