import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE } from '../core/event-kinds';
import type { Bus } from '../core/publication';

/** An event bus, by its name or ARN. */
export function busOf(client: EventBridgeClient, EventBusName: string): Bus {
  return async (publications) => {
    const Entries = publications.map(({ detailType, at, detail }) => {
      return { EventBusName, Source: EVENT_SOURCE, DetailType: detailType, Time: new Date(at), Detail: detail };
    });
    const answer = await client.send(new PutEventsCommand({ Entries }));
    // The results are in the order of the entries, and those that failed have an error (EventBridge API, PutEventsResultEntry).
    return publications.map((_, index) => {
      const { EventId, ErrorCode, ErrorMessage } = answer.Entries?.[index] ?? {};
      return EventId ? undefined : `${ErrorCode ?? 'No answer'}: ${ErrorMessage ?? ''}`;
    });
  };
}
