import { usersInLegacy } from '../../lambda/core/routing-table';
import type { Change } from '../operator/change';
import { CommandError, EXIT, refused } from '../operator/failure';
import type { Command } from './command';

/** Compares both tables in full. */
export const reconcile: Command = {
  about: 'compares both tables in full, and repairs nothing',
  details:
    'At the cost of one scan of each side. Every difference is listed in the archive of the ledger, and counted in the ledger. Ctrl-C leaves\n' +
    'the comparison running. Ends with 5 where the tables differ.',
  async run(context) {
    const change = await context.change();
    const { comparison } = change.configuration.workflows;
    if (!comparison) throw refused('There is one table in this change, and nothing to compare it with.');
    const input = await comparedRun(change);
    const { length: known } = await change.ledger.events();
    const execution = await change.start(comparison, undefined, {
      ...input,
      stage: `asked at ${new Date().toISOString()}`,
      observeOnly: false,
    });
    context.tell('Comparing; this takes about as long as a scan of both tables.');
    const { status, error, cause = '' } = await change.ended(execution, context.signal);
    const found = (await change.ledger.events()).slice(known).filter(({ kind }) => kind === 'compared' || kind === 'divergence');
    const data = { execution, equal: status === 'SUCCEEDED', found: found.map(({ data: each }) => each) };
    if (status === 'SUCCEEDED') return { data, lines: ['The tables are equal.'] };
    if (error === 'GateFailed') return { data, lines: ['The tables differ.', cause], exit: EXIT.no };
    throw new CommandError(EXIT.failed, `The comparison did not end: ${error ?? status}: ${cause}`);
  },
};

/** The run that is at work, or that has left the tables as they are. */
async function comparedRun(change: Change): Promise<Record<string, unknown>> {
  const { ledger } = change;
  const [lease, vacancy, size] = [await ledger.lease(), await ledger.vacancy(), await ledger.note('size')];
  const now = await change.deployed();
  if (vacancy?.closed) throw refused('The change is closed: its tables go their own ways.');
  if (!size || !now || (!lease && usersInLegacy(now.table)))
    throw refused('Nothing is carried from table to table now: there is nothing to compare.');
  const { run, generation } = lease ?? { run: now.table.run, generation: vacancy?.generation };
  return { run, generation, slices: size.slices };
}
