import type { RoutingControl } from './control';
import type { Event, Ledger } from './ledger';
import { recorded } from './record-once';
import { isArrived } from './routing-table';

/** A run that has completed, and nobody has had the lease since. */
export interface Completed {
  readonly run: string;
  /** Of whoever had the lease last. */
  readonly generation: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * The run that completed, if every key still stands where it left it, and nobody is at work. The window is counted from there, by what
 * the stack is deployed with now: deploying a longer one keeps the way back open.
 */
export async function completedRun(
  { ledger, control }: { readonly ledger: Ledger; readonly control: Pick<RoutingControl, 'deployed'> },
  find: (run: string) => Promise<Event | undefined> = (run) => recorded(ledger, run, 'completed'),
): Promise<Completed | undefined> {
  const vacancy = await ledger.vacancy();
  if (!vacancy || vacancy.closed) return undefined;
  const deployed = await control.deployed();
  if (!deployed || deployed.inProgress || !isArrived(deployed.table)) return undefined;
  const event = await find(deployed.table.run);
  return event && { run: event.run, generation: vacancy.generation, at: Date.parse(event.at) };
}

/** Seconds until a window is over; negative when it is. `now` in milliseconds since 1970. */
export function secondsLeft({ at }: Pick<Completed, 'at'>, window: number, now: number): number {
  return window - (now - at) / 1000;
}
