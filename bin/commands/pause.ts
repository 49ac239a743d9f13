import type { PauseState } from '../../lambda/pause/pause';
import { type Command, type Context, type Outcome, REASON, text } from './command';

/** No key moves further forward. */
export const pause: Command = {
  about: 'keeps the rollout from moving any key further, and takes nothing back',
  options: { reason: REASON },
  details: 'Bakes, replication and triggers go on; a rollback ends the pause. A release that spreads already goes on spreading.',
  run: (context) => say(context, 'pause'),
};

/** Ends every pause that stands. */
export const resume: Command = {
  about: 'lets a rollout go on that is paused',
  options: { reason: REASON },
  run: (context) => say(context, 'resume'),
};

async function say(context: Context, which: 'pause' | 'resume'): Promise<Outcome> {
  const change = await context.change();
  const statement = await change.statement(text(context, 'reason'), which);
  const state = await change.call<PauseState>(change.configuration.functions[which], statement);
  const { run, pauses } = state;
  return {
    data: state,
    lines: pauses.length === 0 ? [`Run ${run} goes on.`] : [`Run ${run} is paused.`, ...pauses.map((each) => `  ${each}`)],
  };
}
