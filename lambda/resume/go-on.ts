import type { Callbacks } from '../core/control';
import type { Event, Lease, Ledger } from '../core/ledger';
import { standingPauses } from '../core/pause';
import { keepToken, type WaitingTask } from '../core/waiting';

export interface ResumePorts {
  readonly ledger: Ledger;
  readonly callbacks: Callbacks;
}

/** The shift that waits for a resume, in the note `resume`. */
export interface WaitingShift extends WaitingTask {
  readonly run: string;
  readonly generation: number;
}

const NOTE = 'resume';

/** False when a later try waits already. */
export function saveShift(ledger: Ledger, shift: WaitingShift): Promise<boolean> {
  return keepToken(ledger, NOTE, shift);
}

/**
 * Lets the shift go on that waits, unless the run is paused: then it answers with the pauses. Whoever waits saves the token and
 * then reads the pauses, whoever resumes records that and then reads the token: one of both sees all. A token that nobody waits
 * with any more has been answered, or its execution was stopped: then nothing is heard, and nothing is wrong.
 */
export async function goOn({ ledger, callbacks }: ResumePorts, lease: Lease): Promise<Event[]> {
  const pauses = standingPauses(await ledger.events(), lease);
  if (pauses.length > 0) return pauses;
  const shift = (await ledger.note(NOTE)) as WaitingShift | undefined;
  if (shift?.run === lease.run && shift.generation === lease.generation) await callbacks.succeed(shift.token, {});
  return [];
}
