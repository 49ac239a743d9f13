import type { Clock } from '../core/control';
import { RolloutError } from '../core/errors';
import type { Ledger } from '../core/ledger';

/** The brake looks every minute; EventBridge may be late (Amazon EventBridge User Guide, "Creating a rule that runs on a schedule"). */
const LATEST_SECONDS = 300;

const NOTE = 'brake';

/** Writes down that the brake has looked, and which alarms it cannot go by: there are none of these names, or their actions are disabled. */
export function noteBrake(ledger: Ledger, clock: Clock, blind: readonly string[]): Promise<void> {
  return ledger.saveNote(NOTE, { at: clock.now(), blind });
}

/** Keys of the user move only while something is there that would take them back. @throws BrakeNotSeen */
export async function requireBrake(ledger: Ledger, clock: Clock): Promise<void> {
  const { at, blind = [] } = ((await ledger.note(NOTE)) ?? {}) as { at?: number; blind?: readonly string[] };
  if (blind.length > 0) throw cannotSee(blind);
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

function cannotSee(blind: readonly string[]): RolloutError {
  return new RolloutError(
    'BrakeNotSeen',
    `The brake cannot go by ${blind.join(', ')}: there is no such alarm, or its actions are disabled. No keys move while nothing would ` +
      'take them back. Deploy the alarm again, or enable its actions.',
    { blind },
  );
}
