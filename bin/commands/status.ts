import { setTimeout as wait } from 'node:timers/promises';
import { tellCost } from '../../lambda/core/window-cost';
import { EXIT, misused } from '../operator/failure';
import { look } from '../operator/look';
import { type Looks, overview } from '../operator/overview';
import { type Standing, standing } from '../operator/standing';
import { dailyCost } from '../operator/window-cost';
import { Screen } from '../terminal/screen';
import type { Command, Context, Outcome } from './command';

/** Milliseconds between two looks. */
const EVERY = 2000;

/** How a change stands. */
export const status: Command = {
  about: 'how a change stands: stage, positions, backfill, lag, gates, alarms',
  options: {
    watch: { about: 'looks again every two seconds, until nothing runs any more' },
    until: { value: 'STATE', about: 'with --watch: ends in this state, such as waiting-for-approval or complete' },
  },
  details:
    'States: idle, rolling-out, paused, waiting-for-approval, rolling-back, died, complete, rolled-back, closed. With --watch and --json one\n' +
    'document a line. Ends with 5 when what was watched ended in another state than --until.',
  async run(context) {
    const { watch, until } = context.options;
    if (until && !watch) throw misused('--until goes with --watch.');
    return watch ? watched(context, until as string | undefined) : once(context);
  },
};

async function once(context: Context): Promise<Outcome> {
  const change = await context.change();
  const now = standing(await look(change));
  const lines = overview({ now, at: Date.now() });
  if (now.state !== 'complete') return { data: now, lines };
  const windowCost = await dailyCost(change);
  return { data: { ...now, windowCost }, lines: [...lines, tellCost(windowCost)] };
}

/** Nothing more happens by itself. */
const ENDED: readonly string[] = ['idle', 'complete', 'rolled-back', 'closed'];

async function watched(context: Context, until: string | undefined): Promise<Outcome> {
  const change = await context.change();
  const show = shower(context);
  let before: Looks['before'];
  for (;;) {
    const now = standing(await look(change));
    const at = Date.now();
    show({ now, at, before });
    before ??= { standing: now, at };
    if (at - before.at > 10_000) before = { standing: now, at };
    const arrived = now.state === until;
    if (arrived || ENDED.includes(now.state)) {
      return { data: now, lines: [], ...(arrived || !until ? {} : { exit: EXIT.no }) };
    }
    await wait(EVERY, undefined, { signal: context.signal });
  }
}

/** Draws over the last one where that is possible, and tells what has changed where it is not. */
function shower({ json, out }: Context): (looks: Looks) => void {
  if (json) return ({ now }) => out.write(`${JSON.stringify(now)}\n`);
  const terminal = new Screen(out);
  let said = '';
  return (looks) => {
    if (terminal.updating) {
      terminal.show(overview(looks));
      return;
    }
    const line = summary(looks.now);
    if (line !== said) out.write(`${line}\n`);
    said = line;
  };
}

function summary({ state, stage, workflowState, positions }: Standing): string {
  const keys = Object.entries(positions).map(([position, share]) => `${position} ${Math.round(share * 100)} %`);
  return [state, ...(stage ? [`stage ${stage}`] : []), ...(workflowState ? [workflowState] : []), keys.join(', ')].join('  ');
}
