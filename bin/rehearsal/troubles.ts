import {
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';

/** Executions of one workflow that are looked at. */
const NEWEST = 20;

/** Everything that failed in any workflow: the time, the execution and the error with its cause, oldest first. */
export async function troublesOf(sfn: SFNClient): Promise<string[]> {
  const found: { at: Date; what: string }[] = [];
  const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
  for (const { stateMachineArn } of stateMachines) {
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: NEWEST }));
    for (const { executionArn, name } of executions) {
      for (const event of await historyOf(sfn, executionArn as string)) {
        const failure = failureOf(event);
        if (failure) found.push({ at: event.timestamp as Date, what: `${name}: ${failure}` });
      }
    }
  }
  return found.sort((a, b) => a.at.getTime() - b.at.getTime()).map(({ at, what }) => `${at.toISOString()} ${what}`);
}

async function historyOf(sfn: SFNClient, executionArn: string): Promise<HistoryEvent[]> {
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 1000 }));
  return events;
}

function failureOf(event: HistoryEvent): string | undefined {
  const details =
    event.taskFailedEventDetails ??
    event.lambdaFunctionFailedEventDetails ??
    event.taskTimedOutEventDetails ??
    event.mapRunFailedEventDetails ??
    event.executionFailedEventDetails ??
    event.executionAbortedEventDetails;
  return details && `${event.type} ${details.error ?? ''}: ${details.cause ?? ''}`.slice(0, 2000);
}
