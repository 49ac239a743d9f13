import { BAD_VARIANTS } from './bad-variants';
import { Tally, tableOf } from './report';
import { simulate } from './run';
import { PLANS, workflowsOf } from './settings';
import { shrink } from './shrink';
import type { Variant } from './variant';

const USAGE = `npm run simulate -- [--seeds N] [--from S] [--seed S] [--bad NAME|all] [--verbose]

  --seeds N   so many schedules (1000)     --from S    the first seed (1)
  --seed S    one schedule, with its trace --verbose   every step of it
  --bad NAME  a world without one rule: ${Object.keys(BAD_VARIANTS).join(', ')}`;

interface Wanted {
  readonly from: number;
  readonly seeds: number;
  readonly bad?: string;
  readonly verbose: boolean;
}

function wanted(given: readonly string[]): Wanted {
  const value = (name: string) => (given.includes(name) ? given[given.indexOf(name) + 1] : undefined);
  const seed = value('--seed');
  const from = Number(seed ?? value('--from') ?? 1);
  return { from, seeds: seed ? 1 : Number(value('--seeds') ?? 1000), bad: value('--bad'), verbose: given.includes('--verbose') };
}

async function main(given: readonly string[]): Promise<number> {
  if (given.includes('--help')) return say(USAGE, 0);
  const { bad, ...options } = wanted(given);
  if (bad && bad !== 'all' && !BAD_VARIANTS[bad]) return say(USAGE, 2);
  for (const plan of Object.keys(PLANS)) workflowsOf(plan);
  if (bad === 'all') return hunts(options.from);
  const variant: Variant = bad ? (BAD_VARIANTS[bad] as Variant) : {};
  return options.seeds === 1 ? one(options.from, variant, options.verbose) : many(options, variant);
}

/** One schedule, and what happened in it. */
async function one(seed: number, variant: Variant, all: boolean): Promise<number> {
  const report = await simulate(seed, { variant, trace: 'lines' });
  const broken = report.violations.map(({ invariant, what }) => `${invariant}: ${what}`).join('\n');
  say(
    `${tableOf(report.trace.lines, all)}\n\nseed ${seed} ended ${report.ended} after ${report.steps} steps, trace ${report.trace.digest}\n${broken}`,
  );
  return finish(1, report.violations.length > 0 ? 1 : 0);
}

async function many({ from, seeds, verbose }: Omit<Wanted, 'bad'>, variant: Variant): Promise<number> {
  const tally = new Tally();
  let took = 0;
  for (let seed = from; seed < from + seeds; seed++) {
    const began = performance.now();
    const report = await simulate(seed, { variant });
    took += performance.now() - began;
    tally.add(report);
    if (report.violations.length === 0) continue;
    say(`seed ${seed}: ${[...new Set(report.violations.map(({ invariant }) => invariant))].join(', ')}`);
    if (tally.failed.length === 1) await explain(seed, variant, verbose);
  }
  say(tally.text(took));
  return finish(seeds, tally.failed.length);
}

/** The smallest schedule that fails in the same way. */
async function explain(seed: number, variant: Variant, all: boolean): Promise<void> {
  const { settings, mercy, runs } = await shrink(seed, variant);
  const report = await simulate(seed, { variant, settings, mercy, trace: 'lines' });
  say(
    `${tableOf(report.trace.lines, all)}\n\nsmallest of ${runs} tries for seed ${seed}; faults: ${report.names.join(', ') || 'none'}`,
  );
  for (const { invariant, what } of report.violations) say(`${invariant}: ${what}`);
}

/** Every bad variant, until it is caught. */
async function hunts(from: number): Promise<number> {
  let missed = 0;
  for (const [name, variant] of Object.entries(BAD_VARIANTS)) {
    const caught = await hunt(variant, variant.within, from);
    if (caught === undefined) missed++;
    say(
      `${name.padEnd(28)} ${caught === undefined ? `not caught within ${variant.within} seeds` : `caught after ${caught} seeds`}`,
    );
  }
  return finish(Object.keys(BAD_VARIANTS).length, missed);
}

/** Seeds until some invariant is broken; undefined when none is. */
export async function hunt(variant: Variant, within: number, from = 1): Promise<number | undefined> {
  for (let seed = from; seed < from + within; seed++) {
    if ((await simulate(seed, { variant })).violations.length > 0) return seed - from + 1;
  }
  return undefined;
}

function finish(all: number, failed: number): number {
  return say(`${all - failed} passed, ${failed} failed`, failed > 0 ? 1 : 0);
}

function say(text: string, code = 0): number {
  process.stdout.write(`${text}\n`);
  return code;
}

if (require.main === module) {
  // What handlers log is of no interest here.
  console.error = () => {};
  console.warn = () => {};
  main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}
