import type { Clock, Deployed, Remains, RoutingControl } from '../core/control';
import { RolloutError } from '../core/errors';
import type { Event, Ledger } from '../core/ledger';
import { recorded, recordOnce } from '../core/record-once';
import { positionsOf } from '../core/routing-table';
import { type HeartbeatPorts, retireAll } from '../observe/heartbeat';
import { requireDeployed } from '../traffic/ports';

export interface ClosePorts extends HeartbeatPorts {
  readonly ledger: Ledger;
  readonly control: RoutingControl;
  readonly clock: Clock;
  readonly remains: readonly Remains[];
}

/** `window`: seconds that must have passed since the run completed; 0 by default. `look` only asks. */
export type CloseEvent = { readonly look: true } | { readonly window?: number };

/** `completed`: a run has completed and nothing was taken back since. `wait`: seconds until it is worth asking again. */
export interface CloseResult {
  readonly completed: boolean;
  readonly closed: boolean;
  readonly wait: number;
}

/** A sample that began before the change was closed is over by then, in seconds. */
const SAMPLE_SECONDS = 60;

/** Seconds until what goes is looked at again. */
const LOOK_SECONDS = 10;

/** Looks during one window: the history of a plan has 25,000 events at most. */
const LOOKS = 200;

/**
 * Closes a change for good, when its window is over: no run begins and none is taken back any more, heartbeats go, and its streams
 * are read no longer, so that the next change has the table to itself; an index that queries left goes. Asked again it goes on where it
 * was.
 * @throws NotCompleted when there is nothing to close
 */
export async function close(ports: ClosePorts, event: CloseEvent): Promise<CloseResult> {
  const vacancy = await ports.ledger.vacancy();
  const completed = vacancy && !vacancy.closed ? await completion(ports) : undefined;
  if ('look' in event) return { completed: completed !== undefined || vacancy?.closed === true, closed: false, wait: 0 };
  if (!vacancy?.closed) {
    const { window = 0 } = event;
    requireWindow(window);
    if (!vacancy || !completed) throw await notCompleted(ports);
    const left = Math.ceil(window - (ports.clock.now() - Date.parse(completed.at)) / 1000);
    if (left > 0) return { completed: true, closed: false, wait: Math.min(left, Math.max(60, Math.ceil(window / LOOKS))) };
    // Somebody took the lease since: the next look sees why.
    if (!(await ports.ledger.close(vacancy.generation))) return { completed: true, closed: false, wait: LOOK_SECONDS };
  }
  return clearAway(ports);
}

/** The event of the run that completed, if every key still stands where it left them. */
async function completion({ control, ledger }: ClosePorts): Promise<Event | undefined> {
  const deployed = await control.deployed();
  return deployed && isArrived(deployed) ? recorded(ledger, deployed.table.run, 'completed') : undefined;
}

function isArrived({ table, inProgress }: Deployed): boolean {
  return !inProgress && positionsOf(table).every((position) => position === 'target');
}

async function clearAway(ports: ClosePorts): Promise<CloseResult> {
  const { ledger, clock, control, remains } = ports;
  const { run } = (await requireDeployed(control)).table;
  await recordOnce(ledger, run, 'closed', {});
  const since = Date.parse(((await recorded(ledger, run, 'closed')) as Event).at);
  const left = Math.ceil(SAMPLE_SECONDS - (clock.now() - since) / 1000);
  if (left > 0) return { completed: true, closed: false, wait: left };
  await retireAll(ports, 'target', 'sample');
  const gone = await Promise.all(remains.map((each) => each.remove()));
  const closed = gone.every((each) => each);
  return { completed: true, closed, wait: closed ? 0 : LOOK_SECONDS };
}

function requireWindow(window: number): void {
  if (Number.isFinite(window) && window >= 0) return;
  throw new RolloutError(
    'InvalidConfiguration',
    `The window is ${window}. Give { "window": seconds }, 0 or more, or { "look": true }.`,
    { window },
  );
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
    `Only a change whose run has completed is closed, but ${where}. Nothing was changed. Start the rollout, and close the change when it is complete.`,
    { holder: lease?.holder, run: table.run },
  );
}
