import type { Clock, Remains, Tables } from '../core/control';
import { obstaclesToEnding } from '../core/ending';
import { RolloutError } from '../core/errors';
import type { Identities } from '../core/identity';
import type { Counter, Event, Ledger } from '../core/ledger';
import type { CounterName } from '../core/names';
import { isInPlace } from '../core/plan';
import { whoStarted } from '../core/prove-once';
import { recorded, recordOnce } from '../core/record-once';
import { type Completed, completedRun, secondsLeft } from '../core/reverse-window';
import { positionsOf } from '../core/routing-table';
import { problemsOf, requireSound, type Statement } from '../core/statement';
import { shortName } from '../core/traffic';
import { retireAll } from '../observe/heartbeat';
import { type PromptPorts, requirePrompt } from '../observe/prompt';
import { requireDeployed } from '../traffic/ports';

export interface ClosePorts extends PromptPorts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly identities: Identities;
  readonly remains: readonly Remains[];
  /** Seconds that the way back stays open after completion. */
  readonly reverseWindow: number;
  /** Names of the tables that are backed up in the end. */
  readonly keeps: readonly string[];
  readonly tables: Pick<Tables, 'findBackup' | 'createBackup'>;
  /** About how many changes wait that can never be carried over, and batches that were given up. */
  readonly poison: () => Promise<number>;
  readonly givenUp: () => Promise<number>;
}

/** Why a change is ended, and by whom; `early`: before its window is over. */
export interface Asked extends Partial<Statement> {
  readonly early?: boolean;
}

/** A step of an execution that ends the change. */
interface EndingStep {
  readonly asked: Asked;
  /** Absent where the execution began with an older definition. */
  readonly execution?: string;
}

/**
 * `look` only asks. `await` asks for a change that must be complete. `check` looks whether the ending may begin, `close` ends the change;
 * `compared` says which execution found both tables equal, and since when that holds. `execution`: ARN of the one that ends the change.
 */
export type CloseEvent =
  | { readonly look: true }
  | { readonly step: 'look' }
  | { readonly step: 'await' }
  | ({ readonly step: 'check' } & EndingStep)
  | ({ readonly step: 'close'; readonly compared?: { readonly by: string; readonly since: string } } & EndingStep)
  /** Of a plan that was started by an older definition. */
  | { readonly window: number };

/** `completed`: a run has completed and nothing was taken back since. `wait`: seconds until it is worth asking again. */
export interface CloseResult {
  readonly completed: boolean;
  readonly closed: boolean;
  readonly wait: number;
}

/** What a comparison needs to know. */
export interface CheckResult {
  readonly closed: boolean;
  readonly run: string;
  readonly generation: number;
  readonly slices: number;
}

/** A sample that began before the change was closed is over by then, in seconds. */
const SAMPLE_SECONDS = 60;

/** Seconds until what goes is looked at again. */
const LOOK_SECONDS = 10;

/** Looks during one window: the history of a plan has 25,000 events at most. */
const LOOKS = 200;

/**
 * Ends a change for good: no run begins and none is taken back any more, heartbeats go, and its streams are read no longer, so that the
 * next change has the table to itself; an index that queries left goes. Tables stay, and a point in time of them is kept. Asked again it
 * goes on where it was.
 * @throws NotCompleted when there is nothing to end; WindowOpen; EndingRefused with all that stands in the way; ReplicationNotProved
 * while replication is behind; InvalidDecision when nothing is said why; IdentityNotProved; IdentityUnavailable
 */
export async function close(ports: ClosePorts, event: CloseEvent): Promise<CloseResult | CheckResult> {
  const isClosed = (await ports.ledger.vacancy())?.closed === true;
  const completed = isClosed ? undefined : await completedRun(ports);
  if ('window' in event) return isClosed ? clearAway(ports, { reason: 'An older plan ends it.' }) : older(ports, completed);
  if ('look' in event || event.step === 'look') return looked(ports, completed, isClosed);
  if (event.step === 'await') {
    if (!isClosed && !completed) throw await notCompleted(ports);
    return looked(ports, completed, isClosed);
  }
  const { asked } = event;
  requireSound([
    ...problemsOf(asked),
    ...(asked.early === undefined || asked.early === true ? [] : ['early must be true, or absent']),
  ]);
  const who = await whoStarted(ports, event.execution, asked, 'complete');
  if (isClosed) return event.step === 'check' ? checked(ports, -1, true) : clearAway(ports, asked, who);
  if (!completed) throw await notCompleted(ports);
  requireOver(ports, completed, asked);
  if (event.step === 'check') return checked(ports, completed.generation, false);
  await requireEqual(ports, completed, event.compared);
  // Somebody took the lease since: the next look sees why.
  if (!(await ports.ledger.close(completed.generation))) return { completed: true, closed: false, wait: LOOK_SECONDS };
  return clearAway(ports, asked, who);
}

function looked(ports: ClosePorts, completed: Completed | undefined, closed: boolean): CloseResult {
  const { reverseWindow, clock } = ports;
  const left = completed ? Math.ceil(secondsLeft(completed, reverseWindow, clock.now())) : 0;
  const wait = left > 0 ? Math.min(left, Math.max(60, Math.ceil(reverseWindow / LOOKS))) : 0;
  return { completed: completed !== undefined || closed, closed, wait };
}

async function checked({ ledger, control }: ClosePorts, generation: number, closed: boolean): Promise<CheckResult> {
  const { run } = (await requireDeployed(control)).table;
  const slices = ((await ledger.note('size'))?.slices as number | undefined) ?? 1;
  return { closed, run, generation, slices };
}

/** @throws WindowOpen */
function requireOver({ reverseWindow, clock }: ClosePorts, completed: Completed, { early }: Asked): void {
  const left = secondsLeft(completed, reverseWindow, clock.now());
  if (left <= 0 || early) return;
  const ends = new Date(clock.now() + left * 1000).toISOString();
  throw new RolloutError(
    'WindowOpen',
    `The reverse window of run ${completed.run} is open until ${ends}: until then the change can be taken back. Nothing was changed. ` +
      'End it then, or now with { "early": true } and a reason: the way back is gone afterwards.',
    { run: completed.run, ends },
  );
}

/** @throws EndingRefused; ReplicationNotProved */
async function requireEqual(ports: ClosePorts, { run, at }: Completed, compared?: { readonly since: string }): Promise<void> {
  const { ledger, clock, plan } = ports;
  if (!isInPlace(plan)) await requirePrompt(ports);
  // What is counted is read last: nothing that came meanwhile is left out.
  const counter = async (name: CounterName): Promise<[CounterName, Counter]> => [name, await ledger.counter(name)];
  const counters = await Promise.all((['divergence', 'unadopted', 'poison'] as const).map(counter));
  const problems = obstaclesToEnding({
    ...{ now: clock.now(), completedAt: at, compares: !isInPlace(plan) },
    ...(compared ? { comparedAt: Date.parse(compared.since) } : {}),
    counters: Object.fromEntries(counters) as Record<CounterName, Counter>,
    ...{ poison: await ports.poison(), givenUp: await ports.givenUp() },
  });
  if (problems.length > 0) throw refused(run, problems);
}

function refused(run: string, problems: readonly string[]): RolloutError {
  const told = problems.map((problem, index) => `${index + 1}. ${problem}`).join(' ');
  return new RolloutError('EndingRefused', `The change of run ${run} cannot be ended yet: ${told} Nothing was changed.`, {
    run,
    problems,
  });
}

/** A plan of an older definition waits for the window, and does not know of the comparison. */
function older(ports: ClosePorts, completed: Completed | undefined): CloseResult {
  const answer = looked(ports, completed, false);
  if (answer.wait > 0) return answer;
  throw refused(completed?.run ?? 'unknown', [
    'This plan was started by an older definition, which does not compare the tables. Start the plan again: it goes on where it was.',
  ]);
}

async function clearAway(ports: ClosePorts, asked: Asked, who?: string): Promise<CloseResult> {
  const { ledger, clock, control, remains } = ports;
  const { run } = (await requireDeployed(control)).table;
  if (!(await recorded(ledger, run, 'closed'))) {
    await recordOnce(ledger, run, 'closed', await last(ports, run, asked), undefined, who);
  }
  const since = Date.parse(((await recorded(ledger, run, 'closed')) as Event).at);
  const left = Math.ceil(SAMPLE_SECONDS - (clock.now() - since) / 1000);
  if (left > 0) return { completed: true, closed: false, wait: left };
  await retireAll(ports, 'target', 'sample');
  const gone = await Promise.all(remains.map((each) => each.remove()));
  const closed = gone.every((each) => each);
  return { completed: true, closed, wait: closed ? 0 : LOOK_SECONDS };
}

/** What the ledger says in the end. Both tables stand still for the change from here on: nobody has the lease, and nobody gets it. */
async function last({ clock, keeps, tables, model }: ClosePorts, run: string, asked: Asked): Promise<Record<string, unknown>> {
  const { reason, by, early } = asked;
  const name = `rollout-end-${shortName(run, 200)}`;
  const backups = await Promise.all(
    keeps.map(async (table) => {
      return { table, backup: (await tables.findBackup(table, name)) ?? (await tables.createBackup(table, name)) };
    }),
  );
  return {
    ...{ reason, ...(by ? { by } : {}), ...(early ? { early } : {}) },
    pointInTime: { at: new Date(clock.now()).toISOString(), backups },
    ...{ transform: model.version, reversible: model.isReversible === true },
  };
}

async function notCompleted({ ledger, control }: ClosePorts): Promise<RolloutError> {
  const lease = await ledger.lease();
  const { table, inProgress } = await requireDeployed(control);
  const where = lease
    ? `${lease.holder} is at work since ${lease.since}`
    : inProgress
      ? `AppConfig deployment ${inProgress.number} is in progress`
      : `keys stand in ${positionsOf(table).join(', ')} since revision ${table.revision} of run ${table.run}`;
  return new RolloutError(
    'NotCompleted',
    `Only a change whose run has completed is ended, but ${where}. Nothing was changed. Start the rollout, and end the change when it is complete.`,
    { holder: lease?.holder, run: table.run },
  );
}
