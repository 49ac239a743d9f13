import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { WindowSpec } from '../../lambda/core/window';
import { refusal } from '../private/refuse';
import type { Gate } from './gate';
import { Weekday, type WindowOptions } from './gate-options';

const { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY } = Weekday;
const WORKDAYS = [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY];
const MOST_CALENDARS = 10;

/** Names of documents (AWS Systems Manager API, CreateDocument), and their ARNs. */
const CALENDAR = /^(arn:[^:]+:ssm:[^:]+:\d{12}:document\/)?[A-Za-z0-9_.-]{3,128}$/;

/** A window as the rollout is told of it. Refuses what cannot be one. */
export function windowOf(owner: string, options: WindowOptions): WindowSpec {
  const { timeZone = 'UTC', days = WORKDAYS, from = '09:00', to = '17:00', blackouts = [], calendars = [] } = options;
  if (!isTimeZone(timeZone)) throw refusal(owner, 'timeZone', 'must be the IANA name of a time zone', timeZone);
  if (days.length === 0) throw refusal(owner, 'days', 'must hold at least one day', days.length);
  const strange = days.find((day) => !Number.isInteger(day) || day < 0 || day > 6);
  if (strange !== undefined) throw refusal(owner, 'days', 'must hold days of the week, 0 (Sunday) to 6', strange);
  const wrong = blackouts.find((date) => !isDate(date));
  if (wrong !== undefined) throw refusal(owner, 'blackouts', 'must hold dates of the form YYYY-MM-DD', wrong);
  const spec = { timeZone, days, from: minutesOf(owner, 'from', from), to: minutesOf(owner, 'to', to), blackouts, calendars };
  if (spec.from >= spec.to) throw refusal(owner, 'from', `must be earlier than to, ${to}`, from);
  validateCalendars(owner, calendars);
  return spec;
}

function validateCalendars(owner: string, calendars: string[]): void {
  if (Token.isUnresolved(calendars)) throw refusal(owner, 'calendars', 'must be a list whose length is known at synthesis');
  if (calendars.length > MOST_CALENDARS) {
    throw refusal(owner, 'calendars', `must hold at most ${MOST_CALENDARS}`, calendars.length);
  }
  calendars.forEach((calendar, index) => {
    if (Token.isUnresolved(calendar) || CALENDAR.test(calendar)) return;
    throw refusal(owner, `calendars[${index}]`, 'must be the name or the ARN of a change calendar', calendar);
  });
}

/**
 * Allows a function to look at the calendars of the gates, and at no other document (AWS Systems Manager User Guide, "Setting up
 * Change Calendar").
 */
export function allowCalendars(fn: lambda.Function, gates: Gate[]): void {
  const calendars = new Set(gates.flatMap(({ _parts }) => _parts.window?.calendars ?? []));
  if (calendars.size === 0) return;
  const resources = [...calendars].map((calendar) => calendarArn(Stack.of(fn), calendar));
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['ssm:GetCalendarState'], resources }));
}

function calendarArn(stack: Stack, calendar: string): string {
  if (calendar.startsWith('arn:')) return calendar;
  return stack.formatArn({ service: 'ssm', resource: 'document', resourceName: calendar });
}

/** A date that there is: `2026-02-30` would be taken for another one. */
function isDate(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text;
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
