import { setTimeout as wait } from 'node:timers/promises';
import type { Change } from './change';
import { CommandError, EXIT, messageOf } from './failure';

/** Starts a run and waits until it has the lease. Answers the execution. @throws CommandError that says why it did not begin */
export async function startRun(change: Change, run: string, reason: string, signal: AbortSignal): Promise<string> {
  const { workflows } = change.configuration;
  const execution = await change.start(workflows.rollout, run, await change.statement(reason, 'start'));
  for (;;) {
    if ((await change.ledger.events()).some((event) => event.run === run && event.kind === 'begun')) return execution;
    const { status, error, cause } = await change.execution(execution);
    if (status !== 'RUNNING')
      throw new CommandError(EXIT.refused, `Run ${run} did not begin: ${error ?? status}: ${messageOf(cause)}`);
    await wait(1000, undefined, { signal });
  }
}
