import type { EventKind } from './event-kinds';
import type { Event, Ledger } from './ledger';

/** Appends an event of a run unless it is there: a task may run again after it wrote. `same` tells events of one kind apart. */
export async function recordOnce(
  ledger: Ledger,
  run: string,
  kind: EventKind,
  data: Record<string, unknown>,
  same: (event: Event) => boolean = () => true,
  who?: string,
): Promise<void> {
  if (!(await recorded(ledger, run, kind, same))) await ledger.append(run, kind, data, who);
}

/** The event of a run, if it was recorded. */
export async function recorded(
  ledger: Ledger,
  run: string,
  kind: EventKind,
  same: (event: Event) => boolean = () => true,
): Promise<Event | undefined> {
  return (await ledger.events()).find((event) => event.run === run && event.kind === kind && same(event));
}
