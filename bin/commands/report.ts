import { writeFileSync } from 'node:fs';
import { CloudWatchValues } from '../../lambda/adapters/metric-values';
import { refused } from '../operator/failure';
import { gather } from '../report/gather';
import type { Command } from './command';

/** The review of a run. */
export const report: Command = {
  about: 'writes the review of a run: one page that needs no network',
  options: {
    run: { value: 'RUN', about: 'the run (default: the last one)' },
    out: { value: 'FILE', about: 'where the page goes (default: <change>.<run>.html)' },
  },
  details:
    'Stages and positions, traffic, divergence, lag, latency, gates with their evidence, hypotheses, who decided and why, what went back, and\n' +
    'what to do next time. From the ledger, and from CloudWatch as long as it keeps the metrics. What was not measured says so.',
  async run(context) {
    const { ledger, configuration, aws } = await context.change();
    const events = await ledger.events();
    const run = (context.options.run as string | undefined) ?? events.at(-1)?.run;
    if (!run || !events.some((event) => event.run === run)) {
      const runs = [...new Set(events.map((event) => event.run))];
      throw refused(
        run ? `There is no run ${run}. There is ${runs.join(', ') || 'none'}.` : 'There was no run yet: nothing to review.',
      );
    }
    const ports = { ledger, metrics: new CloudWatchValues(aws.cloudwatch), now: Date.now() };
    // The charts take most of a second to load, which no other command waits for.
    const { report: pageOf } = await import('../report/page.js');
    const page = await pageOf(await gather(ports, { ...configuration, run }));
    const file = (context.options.out as string | undefined) ?? `${configuration.migration}.${run.replace(/[^\w.-]/g, '_')}.html`;
    writeFileSync(file, page);
    return { data: { run, file, bytes: Buffer.byteLength(page) }, lines: [`The review of run ${run} is in ${file}.`] };
  },
};
