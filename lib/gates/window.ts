import type { WindowSpec } from '../../lambda/core/window';
import { refusal } from '../private/refuse';
import { Weekday, type WindowOptions } from './gate-options';

const { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY } = Weekday;
const WORKDAYS = [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY];

/** A window as the rollout is told of it. Refuses what cannot be one. */
export function windowOf(owner: string, options: WindowOptions): WindowSpec {
  const { timeZone = 'UTC', days = WORKDAYS, from = '09:00', to = '17:00', blackouts = [] } = options;
  if (!isTimeZone(timeZone)) throw refusal(owner, 'timeZone', 'must be the IANA name of a time zone', timeZone);
  if (days.length === 0) throw refusal(owner, 'days', 'must hold at least one day', days.length);
  const wrong = blackouts.find((date) => !/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(date)));
  if (wrong !== undefined) throw refusal(owner, 'blackouts', 'must hold dates of the form YYYY-MM-DD', wrong);
  const spec = { timeZone, days, from: minutesOf(owner, 'from', from), to: minutesOf(owner, 'to', to), blackouts };
  if (spec.from >= spec.to) throw refusal(owner, 'from', `must be earlier than to, ${to}`, from);
  return spec;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

function minutesOf(owner: string, what: string, text: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text) ?? [];
  const all = Number(hours) * 60 + Number(minutes);
  if (!(all <= 24 * 60)) throw refusal(owner, what, 'must be a time of the form HH:MM', text);
  return all;
}
