import type { Clock } from '../core/control';
import { RolloutError } from '../core/errors';
import type { Ledger } from '../core/ledger';

/** The brake looks every minute; EventBridge may be late (Amazon EventBridge User Guide, "Creating a rule that runs on a schedule"). */
const LATEST_SECONDS = 300;

const NOTE = 'brake';

/** Writes down that the brake could look at everything that it needs. */
export function noteBrake(ledger: Ledger, clock: Clock): Promise<void> {
  return ledger.saveNote(NOTE, { at: clock.now() });
}

/** Keys of the user move only while something is there that would take them back. @throws BrakeNotSeen */
export async function requireBrake(ledger: Ledger, clock: Clock): Promise<void> {
  const at = (await ledger.note(NOTE))?.at as number | undefined;
  const seconds = at === undefined ? undefined : Math.round((clock.now() - at) / 1000);
  if (seconds !== undefined && seconds <= LATEST_SECONDS) return;
  throw new RolloutError(
    'BrakeNotSeen',
    `The brake has ${seconds === undefined ? 'never looked at this migration' : `not looked at this migration for ${seconds} seconds`}, ` +
      'and it looks every minute. No keys move while nothing would take them back. Look at the log of the brake function, and ' +
      'whether its EventBridge rule is enabled.',
    { seconds },
  );
}
