/** When a stage may begin. */
export interface WindowSpec {
  /** IANA name of a time zone. */
  readonly timeZone: string;
  /** Days of the week, 0 is Sunday. */
  readonly days: readonly number[];
  /** Minutes of the day: open from the first, shut from the second on. */
  readonly from: number;
  readonly to: number;
  /** Dates, `YYYY-MM-DD`, on which it stays shut. */
  readonly blackouts: readonly string[];
  /** Names or ARNs of change calendars that must be open, too; absent in an execution that began before there were any. */
  readonly calendars?: readonly string[];
}

/** What a change calendar says of a moment. */
export interface CalendarState {
  /** Its name or ARN. */
  readonly calendar: string;
  readonly isOpen: boolean;
  /** Milliseconds since 1970 at which that changes; undefined when the calendar knows of no change. */
  readonly changesAt?: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY_MINUTES = 24 * 60;

/** Days looked ahead; a window that does not open within them never does, as far as a rollout is concerned. */
const MOST_DAYS = 366;

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Milliseconds since 1970 at which the window opens next: `now` itself while it is open; undefined when it does not within a year. */
export function opensAt(window: WindowSpec, now: number): number | undefined {
  const local = calendarOf(window.timeZone);
  const last = now + MOST_DAYS * DAY_MINUTES * MINUTE;
  for (let at = now; at <= last; ) {
    const { date, weekday, minutes } = local(at);
    const isDay = window.days.includes(weekday) && !window.blackouts.includes(date);
    if (isDay && minutes >= window.from && minutes < window.to) return at;
    // Never over a full hour: that is where clocks are put forward and back.
    const toHour = 60 - (minutes % 60);
    const toOpening = isDay && minutes < window.from ? window.from - minutes : toHour;
    at = Math.floor(at / MINUTE) * MINUTE + Math.min(toHour, toOpening) * MINUTE;
  }
  return undefined;
}

/**
 * Seconds until a stage may begin, or until the next look; 0 when it may begin now. A calendar that is shut is looked at again
 * after a minute at least and within the hour, because somebody may change it, but not before the window is open. `opens`, as
 * `opensAt` says, and `now` are milliseconds since 1970.
 */
export function secondsToWait(opens: number, calendars: readonly CalendarState[], now: number): number {
  const shut = calendars.filter(({ isOpen }) => !isOpen);
  if (opens <= now && shut.length === 0) return 0;
  const looks = shut.map(({ changesAt = Infinity }) => Math.max(now + MINUTE, Math.min(changesAt, now + HOUR)));
  return Math.ceil((Math.max(opens, ...looks) - now) / 1000);
}

interface Local {
  readonly date: string;
  readonly weekday: number;
  readonly minutes: number;
}

function calendarOf(timeZone: string): (at: number) => Local {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit' },
  });
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return {
      date: `${parts.year}-${parts.month}-${parts.day}`,
      weekday: WEEKDAYS.indexOf(parts.weekday as string),
      minutes: Number(parts.hour) * 60 + Number(parts.minute),
    };
  };
}
