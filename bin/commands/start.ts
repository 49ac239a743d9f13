import { setTimeout as wait } from 'node:timers/promises';
import type { Change } from '../operator/change';
import { CommandError, EXIT, refused } from '../operator/failure';
import { type Command, type Context, REASON, text } from './command';

/** Begins a rollout. */
export const start: Command = {
  about: 'starts the rollout',
  options: {
    reason: REASON,
    run: { value: 'NAME', about: 'what the run is called in the ledger (default: the date and time)' },
  },
  details: 'Answers once the run has the lease, or says why it was refused. Then: status --watch.',
  async run(context) {
    const change = await context.change();
    await requireFree(change);
    const { migration, workflows } = change.configuration;
    await context.confirm(`Start the rollout of ${migration}?`);
    const run = (context.options.run as string | undefined) ?? nameOf(new Date());
    const execution = await change.start(workflows.rollout, run, await change.statement(text(context, 'reason'), 'start'));
    context.tell(`Started; waiting for run ${run} to begin.`);
    await begun(context, change, run, execution);
    return { data: { run, execution }, lines: [`Run ${run} has begun. Watch it: cdk-dynamodb-rollout status --watch`] };
  },
};

/** Refuses early what the workflow would refuse, so that no execution is made in vain. */
async function requireFree(change: Change): Promise<void> {
  const { ledger } = change;
  const lease = await ledger.lease();
  if (lease)
    throw refused(
      `Run ${lease.run} is at work since ${lease.since}. Wait until it has ended: status --watch. Nothing was changed.`,
    );
  if ((await ledger.vacancy())?.closed) throw refused('The change is closed: no run of it begins any more. Nothing was changed.');
}

async function begun({ signal }: Context, change: Change, run: string, execution: string): Promise<void> {
  for (;;) {
    if ((await change.ledger.events()).some((event) => event.run === run && event.kind === 'begun')) return;
    const { status, error, cause } = await change.execution(execution);
    if (status !== 'RUNNING')
      throw new CommandError(EXIT.refused, `Run ${run} did not begin: ${error ?? status}: ${messageOf(cause)}`);
    await wait(1000, undefined, { signal });
  }
}

/** The cause of a failed task is what its function answered. */
function messageOf(cause = ''): string {
  try {
    return (JSON.parse(cause) as { errorMessage?: string }).errorMessage ?? cause;
  } catch {
    return cause;
  }
}

function nameOf(now: Date): string {
  return now.toISOString().slice(0, 19).replace(/[:T]/g, '-');
}
