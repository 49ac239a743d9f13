import { auditChain } from '../../lambda/core/ledger';
import { EXIT } from '../operator/failure';
import type { Command } from './command';

/** Finds out whether somebody changed the record. */
export const verifyLedger: Command = {
  about: 'finds out whether the audit trail was tampered with',
  options: { expect: { value: 'HASH', about: 'a hash that was noted before, such as by a report: it must still be there' } },
  details:
    'Every entry is chained by hash to the one before, and the head says how many there are: an entry that was changed, removed,\n' +
    'added or moved is found. Whoever may write the whole ledger could chain it anew: against that, note the hash that this prints\n' +
    'somewhere else, and give it with --expect another time.',
  async run(context) {
    const { ledger } = await context.change();
    const before = await ledger.head();
    const events = await ledger.events();
    const after = await ledger.head();
    const found = auditChain(events, before, after, context.options.expect as string | undefined);
    const data = { ...found, entries: events.length, head: after };
    if (found.verdict === 'whole') {
      return { data, lines: [`Whole: ${events.length} entries. The newest has the hash ${after.hash}.`] };
    }
    const what =
      found.verdict === 'broken'
        ? `Tampered with: entry ${found.at.seq} (${found.at.kind}, ${found.at.at}) does not follow from the one before.`
        : `Tampered with: the newest entry is ${events.length}, and that is not what the head, or the hash that was noted, says.`;
    const then =
      'Nothing else in it can be trusted. Restore the ledger to a point in time beside this one, compare, and ask CloudTrail who wrote.';
    return { data, lines: [what, then], exit: EXIT.no };
  },
};
