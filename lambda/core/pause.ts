import { personOf } from './identity';
import type { Event, Lease } from './ledger';

/** Whose pause it is: a rollback has the next generation, and with it every pause of the rollout is over. */
type Holder = Pick<Lease, 'run' | 'generation'>;

/** Milliseconds by which the clocks of CloudWatch and of the ledger may differ. */
const CLOCKS_DIFFER = 1000;

/** The pauses of a run that nobody has resumed, oldest first. A `resumed` ends what its author saw: up to the pause `until`. */
export function standingPauses(events: readonly Event[], holder: Holder): Event[] {
  const resumed = of('resumed', events, holder).map(({ data }) => data.until as number);
  const last = Math.max(0, ...resumed);
  return of('paused', events, holder).filter(({ seq }) => seq > last);
}

/**
 * True when an alarm has paused the run since it went off, whether or not somebody has resumed it: who resumes knows of the
 * alarms that stand. `since` in milliseconds since 1970; an alarm that does not say when it went off pauses a run once.
 */
export function hasPaused(
  events: readonly Event[],
  holder: Holder,
  { alarm, since = 0 }: { alarm: string; since?: number },
): boolean {
  return of('paused', events, holder).some(({ data, at }) => data.alarm === alarm && Date.parse(at) + CLOCKS_DIFFER >= since);
}

/** A pause in one sentence. */
export function tell({ at, data, who }: Event): string {
  const { alarm, by, reason } = data;
  const author = by ?? (who ? personOf(who) : 'somebody');
  return `Since ${at}, by ${alarm ? 'an alarm' : author}: ${reason}`;
}

function of(kind: string, events: readonly Event[], { run, generation }: Holder): Event[] {
  return events.filter((event) => event.kind === kind && event.run === run && event.data.generation === generation);
}
