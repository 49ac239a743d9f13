import { type Quiet, quietAfter, secondsToQuiet } from '../core/adoption';
import type { Clock } from '../core/control';
import type { Ledger } from '../core/ledger';
import { BEFORE_STAGES, markCounts } from '../core/marks';
import { recordOnce } from '../core/record-once';

export interface AdoptionPorts {
  readonly ledger: Ledger;
  readonly clock: Clock;
}

export interface AdoptionInput {
  readonly run: string;
  readonly generation: number;
  /** Seconds for which no write may have come without the client. */
  readonly quiet: number;
}

/** Seconds until the next look; 0 when every writer uses the client. */
export interface AdoptionResult {
  readonly wait: number;
}

const NOTE = 'adoption';

/**
 * Looks whether writes without the client have ceased, before the first stage of an amendment. A run that has to wait says so in the
 * ledger, once; what was written before they ceased is forgiven.
 * @throws LeaseLost
 */
export async function adoption(
  { ledger, clock }: AdoptionPorts,
  { run, generation, quiet }: AdoptionInput,
): Promise<AdoptionResult> {
  await ledger.hold(generation);
  const { count, lastAt } = await ledger.counter('unadopted');
  const note = await ledger.note(NOTE);
  const known = note?.run === run ? (note as unknown as Quiet) : undefined;
  const now = clock.now();
  const found = quietAfter(known, count, now);
  if (found !== known) await ledger.saveNote(NOTE, { run, ...found });
  const wait = secondsToQuiet(found, quiet, now);
  if (wait > 0) {
    if (known) await recordOnce(ledger, run, 'adoption-awaited', { count, lastAt });
    return { wait };
  }
  await markCounts(ledger, run, BEFORE_STAGES);
  await recordOnce(ledger, run, 'adopted', { count, quiet });
  return { wait: 0 };
}
