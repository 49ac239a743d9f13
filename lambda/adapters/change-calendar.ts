import { GetCalendarStateCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Calendars } from '../core/control';
import { RolloutError } from '../core/errors';
import type { CalendarState } from '../core/window';

/** Calendars of Systems Manager, by name or, where they are shared by another account, by ARN. */
export class ChangeCalendars implements Calendars {
  constructor(private readonly client: SSMClient) {}

  /**
   * One request for each: of several together Systems Manager says only whether all are open
   * (AWS Systems Manager API, GetCalendarState).
   */
  states(calendars: readonly string[]): Promise<CalendarState[]> {
    return Promise.all(calendars.map((calendar) => this.state(calendar)));
  }

  private async state(calendar: string): Promise<CalendarState> {
    try {
      const answer = await this.client.send(new GetCalendarStateCommand({ CalendarNames: [calendar] }));
      const changesAt = Date.parse(answer.NextTransitionTime ?? '');
      return { calendar, isOpen: answer.State === 'OPEN', ...(Number.isNaN(changesAt) ? {} : { changesAt }) };
    } catch (error) {
      throw unavailable(calendar, error as Error);
    }
  }
}

function unavailable(calendar: string, cause: Error): RolloutError {
  return new RolloutError(
    'CalendarUnavailable',
    `The change calendar ${calendar} could not be read: ${cause.name}: ${cause.message} ` +
      'It has to be a document of type ChangeCalendar in this Region, of this account or shared with it, and the function of the ' +
      'window needs ssm:GetCalendarState on it. Mend that, or take it out of Gate.window(), deploy, and start the rollout again.',
    { calendar },
    cause,
  );
}
