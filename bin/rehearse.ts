import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { intro, outro } from '@clack/prompts';
import pc from 'picocolors';
import { ALL } from '../examples/cities/all-cities';
import { type LocalAws, LocalAwsError, startLocalAws } from './local-aws';
import { destroy, type Place, synthesise } from './rehearsal/deploy';
import { FAULTS, type Fault } from './rehearsal/faults';
import { rehearse } from './rehearsal/half';
import { rehearseOperator } from './rehearsal/operator';
import { rehearsePlan } from './rehearsal/plan';
import { clock, passed, print, type Result, scaling } from './rehearsal/report';
import { RehearsalError } from './rehearsal/shell';
import { Terminal } from './rehearsal/terminal';
import {
  amendmentTrials,
  chaosTrial,
  operatorTrial,
  planTrials,
  ROLLBACKS,
  reindexTrials,
  rollbackTrial,
  type Trial,
  trialOf,
} from './rehearsal/trial';
import { Screen } from './terminal/screen';

const USAGE = `npm run rehearse -- [options]

Migrates real cities under live traffic on local AWS, and audits every write at the end.

  --fault <name>   ${FAULTS.join(' | ')}
                   without it: a clean half and one with the fault divergence, each on a local AWS of its own
  --at <state>     with the fault soft, hard or immediate: starts that rollback when the rollout workflow is in this state
  --chaos <seed>   everything at once, drawn from the seed: functions killed, stream batches late, twice or lost, tables
                   throttled, a client that pauses for a minute, a brake heard twice or a rollout stopped
  --probe          a hundred clients write all through a rollout and its way back, and none may have to wait
  --amend          in place of the migration: the cities of the new table change in place, and once more with a way back
  --reindex        in place of the migration: the queries of the new table move to another index; the fault index goes with it
  --plan           all three changes in one plan: another table, other items in it, another index of it
  --operator       a night with the command line: a run that is taken back and one that completes, and every mistake
  --items <n|all>  cities in the legacy table (default 20000, all is ${ALL})
  --staged         spreads the tables of one stage over a minute, the shortest that AppConfig does in steps: two minutes more
  --keep           leaves local AWS running until Ctrl-C
  --verbose        prints every entry of the ledger in full
  --help`;

interface Options {
  readonly trials: readonly Trial[];
  readonly items: number;
  readonly staged: boolean;
  readonly keep: boolean;
  readonly verbose: boolean;
}

/** Everything that the halves share. */
interface Rehearsal extends Options {
  readonly root: string;
  readonly folder: string;
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

async function main(options: Options): Promise<boolean> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-'));
  const rehearsal = { ...options, root: join(__dirname, '..'), folder, screen: new Screen(), signal: stopOnSignals() };
  const terminal = new Terminal(rehearsal.screen);
  intro(`Rehearsal of a live migration: ${options.items} cities. Logs: ${folder}`);
  terminal.title('Building and synthesising');
  await synthesise(placeOf(rehearsal, folder, {}, rehearsal.signal), {
    staged: options.staged,
    watched: isWatched(options),
  });
  const results = await all(rehearsal);
  for (const result of results) print(result, terminal, options.verbose);
  for (const line of scaling(options.staged)) terminal.line(line);
  rmSync(placeOf(rehearsal, folder, {}, rehearsal.signal).assembly, { recursive: true, force: true });
  const good = results.every(passed);
  const took = clock(performance.now() - began).trim();
  outro(good ? pc.green(`Passed in ${took}.`) : pc.red(`Failed after ${took}. Logs: ${folder}`));
  return good;
}

/** True where a fault needs minutes to be seen: then one stage bakes for as long. */
function isWatched({ trials }: Options): boolean {
  return trials.some(({ injection }) => injection.watched);
}

/** All halves: side by side, or one after the other where they share the local AWS of the user. One that breaks ends all. */
async function all(rehearsal: Rehearsal): Promise<Result[]> {
  const broken = new AbortController();
  const signal = AbortSignal.any([rehearsal.signal, broken.signal]);
  const one = async (trial: Trial) => {
    try {
      return await half(rehearsal, trial, signal);
    } catch (error) {
      broken.abort(error);
      throw error;
    }
  };
  if (!process.env.AWS_ENDPOINT_URL) return everyOne(rehearsal.trials.map(one));
  const results: Result[] = [];
  for (const trial of rehearsal.trials) results.push(await one(trial));
  return results;
}

const REHEARSALS = { rollout: rehearse, plan: rehearsePlan, operator: rehearseOperator };

/** Waits for all, also when one fails: each has something to clean up. */
async function everyOne<T>(promises: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

/** One half on a local AWS that is there for it only, and gone at its end. */
async function half(rehearsal: Rehearsal, trial: Trial, signal: AbortSignal): Promise<Result> {
  const { screen, folder, trials, items, staged, keep } = rehearsal;
  const logs = join(folder, trial.name.replace(/\W+/g, '-'));
  mkdirSync(logs);
  const terminal = new Terminal(screen, trials.length > 1 ? trial.name.replace('none', 'clean') : '');
  const aws = await startLocalAws({
    logFile: join(logs, 'local-aws.log'),
    chaos: trial.chaos?.seed,
    say: (line) => terminal.line(line),
  });
  const place = placeOf(rehearsal, logs, aws.environment, AbortSignal.any([signal, aws.died]));
  try {
    terminal.line(`local AWS at ${aws.endpoint}`);
    const result = await REHEARSALS[trial.instead ?? 'rollout']({ trial, items, staged, aws, place, terminal });
    terminal.line(`ended in ${result.outcome}`);
    if (keep) await kept(aws, terminal, rehearsal.signal);
    return result;
  } finally {
    if (!aws.pid && !keep) await destroy(place, ['CitiesRollout', 'CitiesData']).catch(() => {});
    await aws.stop();
  }
}

/** Leaves local AWS running until somebody ends the rehearsal. */
async function kept({ endpoint }: LocalAws, terminal: Terminal, signal: AbortSignal): Promise<void> {
  terminal.line(`kept at ${endpoint} until Ctrl-C`);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

function placeOf({ root, folder }: Rehearsal, logs: string, environment: LocalAws['environment'], signal: AbortSignal): Place {
  const cdk = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  return { root, cdk, folder: logs, assembly: join(folder, 'cdk.out'), environment, signal };
}

/** The first signal ends the rehearsal in order, the second at once; local AWS ends with the process either way. */
function stopOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const code = 128 + constants.signals[signal];
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(code);
      process.exitCode = code;
      controller.abort(new RehearsalError(`Ended by ${signal}.`));
      setTimeout(() => process.exit(code), 10_000).unref();
    });
  }
  return controller.signal;
}

function optionsOf(args: string[]): Options | undefined {
  const { values } = parseArgs({
    args,
    options: {
      fault: { type: 'string' },
      at: { type: 'string' },
      chaos: { type: 'string' },
      probe: { type: 'boolean', default: false },
      amend: { type: 'boolean', default: false },
      reindex: { type: 'boolean', default: false },
      plan: { type: 'boolean', default: false },
      operator: { type: 'boolean', default: false },
      items: { type: 'string', default: '20000' },
      staged: { type: 'boolean', default: false },
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
  const { staged, keep, verbose } = values;
  return { trials: trialsOf(values), items, staged, keep, verbose };
}

interface Asked {
  readonly fault?: string;
  readonly at?: string;
  readonly chaos?: string;
  readonly probe: boolean;
  readonly amend: boolean;
  readonly reindex: boolean;
  readonly plan: boolean;
  readonly operator: boolean;
}

/** What to rehearse: one thing that is asked for, or the default of two. */
function trialsOf({ fault, at, chaos, probe, amend, reindex, plan, operator }: Asked): Trial[] {
  if ([fault !== undefined, chaos !== undefined, probe, amend, reindex, plan, operator].filter(Boolean).length > 1) {
    throw new RehearsalError('Give one of --fault, --chaos, --probe, --amend, --reindex, --plan and --operator.');
  }
  if (fault !== undefined && !FAULTS.includes(fault as Fault)) {
    throw new RehearsalError(`--fault must be one of ${FAULTS.join(', ')}; it is ${fault}.`);
  }
  if (chaos !== undefined && !/^\d{1,9}$/.test(chaos)) {
    throw new RehearsalError(`--chaos must be a seed, a whole number of 0 or more; it is ${chaos}.`);
  }
  if (chaos !== undefined && process.env.AWS_ENDPOINT_URL) {
    throw new RehearsalError('--chaos needs a local AWS started by the rehearsal: unset AWS_ENDPOINT_URL.');
  }
  if (at !== undefined) return [rollbackTrial(rollbackOf(fault), at)];
  if (amend) return amendmentTrials();
  if (reindex) return reindexTrials();
  if (plan) return planTrials();
  if (operator) return [operatorTrial()];
  if (probe) return [trialOf('return', true)];
  if (chaos !== undefined) return [chaosTrial(Number(chaos))];
  return fault ? [trialOf(fault as Fault)] : [trialOf('none'), trialOf('divergence')];
}

/** @throws RehearsalError for a fault that is no rollback */
function rollbackOf(fault: string | undefined) {
  const found = ROLLBACKS.find((name) => name === fault);
  if (found) return found;
  throw new RehearsalError(`--at goes with --fault ${ROLLBACKS.join(', ')}; the fault is ${fault ?? 'not given'}.`);
}

/** What a person can mend is told in one line; anything else is a mistake of ours and keeps its stack. */
function tell(error: unknown): void {
  const { name, cause } = error as Error;
  const first = name === 'AbortError' && cause ? cause : error;
  const known =
    first instanceof LocalAwsError ||
    first instanceof RehearsalError ||
    (first as { code?: string }).code?.startsWith('ERR_PARSE');
  const terminal = new Terminal(new Screen(process.stderr as NodeJS.WriteStream));
  terminal.bad(known ? (first as Error).message : ((first as Error).stack ?? String(first)));
}

async function begin(): Promise<void> {
  try {
    const options = optionsOf(process.argv.slice(2));
    if (!options) console.log(USAGE);
    else process.exitCode = (await main(options)) ? (process.exitCode ?? 0) : 1;
  } catch (error) {
    tell(error);
    process.exitCode ||= 1;
  }
  process.exit();
}

void begin();
