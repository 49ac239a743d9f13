import { completedRun, secondsLeft } from '../../lambda/core/reverse-window';
import { tellCost } from '../../lambda/core/window-cost';
import type { Change } from '../operator/change';
import { messageOf, refused } from '../operator/failure';
import { dailyCost } from '../operator/window-cost';
import { type Command, REASON, text } from './command';

/** Ends a change for good. */
export const complete: Command = {
  about: 'ends a change for good: it can be taken back no more',
  options: { reason: REASON, early: { about: 'before the reverse window is over' } },
  details:
    'It compares both tables in full and refuses while they differ, while somebody writes to the legacy table without the client, and while ' +
    'anything waits in a queue. Then replication ends. Tables stay, and a backup of each is kept; the ledger says where.',
  async run(context) {
    const change = await context.change();
    const { migration, workflows } = change.configuration;
    const early = context.options.early === true;
    await requireDue(change, early);
    context.tell(tellCost(await dailyCost(change)));
    await context.confirm(`End ${migration} for good? Nothing of it can be taken back afterwards.`);
    const statement = await change.statement(text(context, 'reason'), 'complete');
    const execution = await change.start(workflows.ending, undefined, { ...statement, ...(early ? { early } : {}) });
    context.tell('The ending has started: the tables are compared first. Ctrl-C leaves it running.');
    const { status, error, cause = '' } = await change.ended(execution, context.signal);
    if (status !== 'SUCCEEDED') throw refused(`The change is not ended: ${error ?? status}: ${messageOf(cause)}`);
    return { data: { execution }, lines: [`${migration} is closed for good. The ledger says where the backups are.`] };
  },
};

/** The workflow refuses it, too; but then a comparison would have been paid for, or nobody would be there to read why. */
async function requireDue(change: Change, early: boolean): Promise<void> {
  const { ledger, configuration } = change;
  const control = { deployed: () => change.deployed() };
  if ((await ledger.vacancy())?.closed) return;
  const completed = await completedRun({ ledger, control });
  if (!completed)
    throw refused('Only a change whose run has completed is ended. See: cdk-dynamodb-rollout status. Nothing was changed.');
  const left = secondsLeft(completed, Number(configuration.reverseWindow), Date.now());
  if (left <= 0 || early) return;
  const ends = new Date(Date.now() + left * 1000).toISOString();
  throw refused(`The reverse window is open until ${ends}. End it then, or now with --early. Nothing was changed.`);
}
