import type { Clock, Publish, RoutingControl } from '../core/control';
import type { Event, Ledger } from '../core/ledger';
import { METRICS } from '../core/names';
import { recorded } from '../core/record-once';
import { completedRun, secondsLeft } from '../core/reverse-window';

export interface TellWindowPorts {
  readonly ledger: Ledger;
  readonly control: RoutingControl;
  readonly clock: Clock;
  readonly publish: Publish;
  /** Seconds that the way back stays open after completion. */
  readonly reverseWindow: number;
}

/** The event of completion, so that the whole trail is not read every minute. */
const NOTE = 'completed';

/** Publishes how many hours the way back stays open, while it does; below 0 where it should be closed and is not. */
export async function tellWindow(ports: TellWindowPorts): Promise<void> {
  const { clock, publish, reverseWindow } = ports;
  const completed = await completedRun(ports, (run) => remembered(ports.ledger, run));
  if (!completed) return;
  await publish({ [METRICS.windowHoursLeft]: secondsLeft(completed, reverseWindow, clock.now()) / 3600 });
}

async function remembered(ledger: Ledger, run: string): Promise<Event | undefined> {
  const note = (await ledger.note(NOTE)) as Pick<Event, 'run' | 'at'> | undefined;
  if (note?.run === run) return note as Event;
  const event = await recorded(ledger, run, 'completed');
  if (event) await ledger.saveNote(NOTE, { run, at: event.at });
  return event;
}
