import type { Calendars, Clock } from '../core/control';
import { RolloutError } from '../core/errors';
import type { Event, Ledger } from '../core/ledger';
import { recordOnce } from '../core/record-once';
import { type CalendarState, opensAt, secondsToWait, type WindowSpec } from '../core/window';

export interface WindowPorts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly calendars: Calendars;
}

export interface WindowInput {
  readonly run: string;
  readonly generation: number;
  readonly stage: number;
  readonly window: WindowSpec;
}

/** Seconds until the stage may begin, or until the next look; 0 when it may begin now. */
export interface WindowResult {
  readonly wait: number;
}

/**
 * Looks whether a stage may begin now: within the window, and while all its calendars are open. A stage that has to wait says so
 * in the ledger, once for each set of calendars that are shut.
 * @throws LeaseLost; InvalidConfiguration when the window does not open within a year; CalendarUnavailable
 */
export async function window(ports: WindowPorts, input: WindowInput): Promise<WindowResult> {
  const { ledger, clock, calendars } = ports;
  const { run, generation, stage } = input;
  await ledger.hold(generation);
  const now = clock.now();
  const opens = opensAt(input.window, now);
  if (opens === undefined) throw neverOpens(stage);
  const states = await calendars.states(input.window.calendars ?? []);
  const wait = secondsToWait(opens, states, now);
  if (wait > 0) await tell(ledger, run, stage, opens, states);
  return { wait };
}

async function tell(ledger: Ledger, run: string, stage: number, opens: number, states: readonly CalendarState[]): Promise<void> {
  const shut = states.filter(({ isOpen }) => !isOpen);
  const calendars = shut.map(({ calendar }) => calendar);
  const until = shut.map(({ changesAt }) => (changesAt === undefined ? 'unknown' : iso(changesAt)));
  const data = { stage, opensAt: iso(opens), ...(shut.length > 0 ? { calendars, until } : {}) };
  const same = (event: Event) =>
    event.data.stage === stage && JSON.stringify(event.data.calendars) === JSON.stringify(data.calendars);
  await recordOnce(ledger, run, 'window-awaited', data, same);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

function neverOpens(stage: number): RolloutError {
  return new RolloutError(
    'InvalidConfiguration',
    `The window of stage ${stage} does not open within a year. Change its days or its blackouts, and deploy again.`,
    { stage },
  );
}
