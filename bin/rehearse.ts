import { mkdtempSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { intro, outro } from '@clack/prompts';
import pc from 'picocolors';
import { ALL } from '../examples/cities/all-cities';
import { LocalAwsError } from './local-aws';
import { synthesise } from './rehearsal/deploy';
import { FAULTS, type Fault } from './rehearsal/faults';
import { type HalfOptions, rehearse } from './rehearsal/half';
import { clock, passed, print, type Result, scaling } from './rehearsal/report';
import { RehearsalError } from './rehearsal/shell';
import { Terminal } from './rehearsal/terminal';

const USAGE = `npm run rehearse -- [options]

Migrates real cities under live traffic on local AWS, and audits every write at the end.

  --fault <name>   ${FAULTS.join(' | ')}
                   without it: a clean half, then one with the fault divergence
  --items <n|all>  cities in the legacy table (default 20000, all is ${ALL})
  --keep           leaves local AWS running until Ctrl-C
  --verbose        prints every entry of the ledger in full
  --help`;

interface Options {
  readonly faults: readonly Fault[];
  readonly items: number;
  readonly keep: boolean;
  readonly verbose: boolean;
}

async function main(options: Options): Promise<boolean> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const stopping = stopOnSignals();
  const terminal = new Terminal();
  const root = join(__dirname, '..');
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-'));
  const began = performance.now();
  intro(`Rehearsal of a live migration: ${options.items} cities. Logs: ${folder}`);
  terminal.title('Building and synthesising');
  const assembly = join(folder, 'cdk.out');
  await synthesise({ root, folder, assembly, environment: {}, signal: stopping });
  const results: Result[] = [];
  for (const fault of options.faults) {
    terminal.title(fault === 'none' ? 'A clean rollout' : `A rollout with the fault ${fault}`);
    const half: HalfOptions = { ...options, fault, root, folder, assembly, terminal, signal: stopping };
    const result = await rehearse(half);
    results.push(result);
    print(result, terminal, options.verbose);
  }
  for (const line of scaling()) terminal.line(line);
  const good = results.every(passed);
  const took = clock(performance.now() - began).trim();
  outro(good ? pc.green(`Passed in ${took}.`) : pc.red(`Failed after ${took}. Logs: ${folder}`));
  return good;
}

/** The first signal ends the rehearsal in order, the second at once; local AWS ends with the process either way. */
function stopOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(128 + constants.signals[signal]);
      process.exitCode = 128 + constants.signals[signal];
      controller.abort(new RehearsalError(`Ended by ${signal}.`));
      void wait(10_000, undefined, { ref: false }).then(() => process.exit());
    });
  }
  return controller.signal;
}

function optionsOf(args: string[]): Options | undefined {
  const { values } = parseArgs({
    args,
    options: {
      fault: { type: 'string' },
      items: { type: 'string', default: '20000' },
      keep: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const items = values.items === 'all' ? ALL : Number(values.items);
  if (!Number.isInteger(items) || items < 1000 || items > ALL) {
    throw new RehearsalError(`--items must be a whole number from 1000 to ${ALL}, or all; it is ${values.items}.`);
  }
  if (values.fault !== undefined && !FAULTS.includes(values.fault as Fault)) {
    throw new RehearsalError(`--fault must be one of ${FAULTS.join(', ')}; it is ${values.fault}.`);
  }
  const faults: Fault[] = values.fault ? [values.fault as Fault] : ['none', 'divergence'];
  return { faults, items, keep: values.keep, verbose: values.verbose };
}

/** What a person can mend is told in one line; anything else is a mistake of ours and keeps its stack. */
function tell(error: unknown): void {
  const cause = error instanceof Error && error.name === 'AbortError' ? (error.cause ?? error) : error;
  const known = cause instanceof LocalAwsError || cause instanceof RehearsalError || (cause as Error)?.name === 'TypeError';
  new Terminal(process.stderr as NodeJS.WriteStream).bad(
    known ? (cause as Error).message : ((cause as Error)?.stack ?? String(cause)),
  );
}

async function begin(): Promise<void> {
  try {
    const options = optionsOf(process.argv.slice(2));
    if (!options) console.log(USAGE);
    else process.exitCode = (await main(options)) ? 0 : 1;
  } catch (error) {
    tell(error);
    process.exitCode ||= 1;
  }
  process.exit();
}

void begin();
