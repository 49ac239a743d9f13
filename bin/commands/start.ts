import type { Change } from '../operator/change';
import { refused } from '../operator/failure';
import { startRun } from '../operator/start-run';
import { type Command, REASON, text } from './command';

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
    const { migration } = change.configuration;
    await context.confirm(`Start the rollout of ${migration}?`);
    const run = (context.options.run as string | undefined) ?? nameOf(new Date());
    context.tell(`Starting; waiting for run ${run} to begin.`);
    const execution = await startRun(change, run, text(context, 'reason'), context.signal);
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

function nameOf(now: Date): string {
  return now.toISOString().slice(0, 19).replace(/[:T]/g, '-');
}
