import type { RoutingControl } from '../core/control';
import { isRolloutError, RolloutError } from '../core/errors';
import type { Identities } from '../core/identity';
import type { Lease, Ledger } from '../core/ledger';
import { isMarked, markCounts } from '../core/marks';
import type { Plan } from '../core/plan';
import { whoStarted } from '../core/prove-once';
import { recorded, recordOnce } from '../core/record-once';
import { furthest, isAllLegacy } from '../core/routing-table';
import { problemsOfAuthor, requireSound, type Statement } from '../core/statement';
import { requireDeployed } from '../traffic/ports';

export interface BeginPorts {
  readonly ledger: Ledger;
  readonly control: RoutingControl;
  readonly identities: Identities;
  readonly plan: Plan;
  readonly planSha256: string;
  readonly transform: { readonly version: string; readonly sha256: string };
}

export interface BeginEvent extends Partial<Statement> {
  readonly run: string;
  /** ARN of the execution. */
  readonly holder: string;
}

export interface BeginResult {
  readonly run: string;
  readonly generation: number;
}

/**
 * Takes the lease and records what the run begins with. Refusing leaves everything as it was; a second call of the same
 * execution changes nothing, however late it comes.
 * @throws AlreadyRunning, TransformChanged, LeaseLost; InvalidDecision; IdentityNotProved; IdentityUnavailable
 */
export async function begin(ports: BeginPorts, event: BeginEvent): Promise<BeginResult> {
  const { ledger } = ports;
  const { run, holder } = event;
  if (await recorded(ledger, run, 'begun')) return { run, generation: (await ledger.acquire(run, holder)).generation };
  requireSound(problemsOfAuthor(event));
  await requireAllLegacy(ports);
  const who = await starterOf(ports, event);
  const lease = await ledger.acquire(run, holder);
  await registerTransform(ports, lease);
  await prepare(ports, event, lease, who);
  return { run, generation: lease.generation };
}

/** Who starts the run, where that is proved. @throws IdentityNotProved where the plan has to know */
async function starterOf(ports: BeginPorts, event: BeginEvent): Promise<string | undefined> {
  const who = await whoStarted(ports, event.holder, event, 'start');
  if (who || !ports.plan.separate) return who;
  throw new RolloutError(
    'IdentityNotProved',
    'Some stage of this plan is approved by somebody else than who starts it, so whoever starts it has to prove who they are. Nothing was ' +
      'changed. Start it with a proof, as the command line does.',
  );
}

async function requireAllLegacy({ control, ledger }: BeginPorts): Promise<void> {
  const { table, inProgress } = await requireDeployed(control);
  if (isAllLegacy(table) && !inProgress) return;
  const holder = (await ledger.lease())?.holder;
  const where = inProgress
    ? `AppConfig deployment ${inProgress.number} is in progress`
    : table.salvage
      ? `the immediate rollback of run ${table.run} still merges late writes to the target`
      : `keys stand in ${furthest(table)} since revision ${table.revision} of run ${table.run}`;
  throw new RolloutError(
    'AlreadyRunning',
    `A run begins with all keys in legacy, but ${where}. ${holder ? `Execution ${holder} is at work: wait until it has ended.` : ''} ` +
      'If that run is complete, there is nothing left to do; if it ended in the middle, start the rollback workflow first.',
    { holder, run: table.run, furthest: furthest(table) },
  );
}

async function registerTransform({ ledger, transform }: BeginPorts, { run, generation }: Lease): Promise<void> {
  try {
    await ledger.registerTransform(run, transform.version, transform.sha256);
  } catch (error) {
    // Anything else may pass: the next try of this execution goes on with the lease that it has.
    if (isRolloutError(error, 'TransformChanged')) await ledger.release(generation);
    throw error;
  }
}

/** The event comes last: without it, a second try does all of this again. */
async function prepare(ports: BeginPorts, { run, reason, by }: BeginEvent, lease: Lease, who?: string): Promise<void> {
  const { ledger, control, plan, planSha256, transform } = ports;
  if (!(await isMarked(ledger, run))) await ledger.resetCounters();
  await markCounts(ledger, run, 'begin');
  await ledger.saveNote('plan', { run, sha256: planSha256 });
  await ledger.hold(lease.generation);
  await control.arm();
  const stages = plan.stages.map(({ name }) => name);
  const data = { generation: lease.generation, transform, planSha256, stages, reason, ...(by ? { by } : {}) };
  await recordOnce(ledger, run, 'begun', data, undefined, who);
}
