import type { Redriven } from '../../lambda/redrive/redrive';
import { EXIT, refused } from '../operator/failure';
import type { Command } from './command';

/** Settles what replication set aside. */
export const redrive: Command = {
  about: 'settles again what replication set aside or gave up',
  details: 'For when the cause is mended, such as a transform that threw. What still fails stays in its queue.',
  async run(context) {
    const change = await context.change();
    const { redrive: fn } = change.configuration.functions;
    if (!fn) throw refused('Nothing is carried from one table to another in this change, so nothing can be set aside.');
    const found = await change.call<Redriven>(fn, { proof: await change.prove('redrive') });
    const { settled, remaining, reported } = found;
    return {
      data: found,
      lines: [
        `${settled} settled, ${remaining} still waiting, ${reported} that only a reconciliation can settle (see the ledger: reconciliation-needed).`,
      ],
      ...(remaining > 0 ? { exit: EXIT.no } : {}),
    };
  },
};
