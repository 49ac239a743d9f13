import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pc from 'picocolors';
import { Application } from './application';
import { ApplicationMetrics } from './application-metrics';
import { keptWrites } from './audit';
import { model } from './change';
import { workOnCities } from './city-work';
import type { Place } from './deploy';
import { busyIds, type HalfOptions, keepTroubles, Log, USUAL } from './half';
import { Migration } from './migration';
import { drained, insisted } from './patience';
import { contentsOf, prepare } from './prepare';
import { momentsOf, type Result } from './report';
import { deskOf, ending, session } from './session';
import { RehearsalError } from './shell';
import type { Terminal } from './terminal';
import { startTraffic } from './traffic';

/** How a command has to end. */
export interface Expected {
  /** @default 0 */
  readonly exit?: number;
  /** Something in what it says. */
  readonly says?: RegExp;
}

/** Somebody who has the command line, and nothing else. */
export class Operator {
  /** Commands that were given. */
  commands = 0;

  constructor(
    private readonly place: Place,
    private readonly terminal: Terminal,
  ) {}

  /** Gives one command. Answers what it prints. @throws RehearsalError when it ends otherwise than it has to */
  async run(args: readonly string[], { exit = 0, says }: Expected = {}): Promise<string> {
    const told = args.map((arg) => (/^[\w.-]+$/.test(arg) ? arg : `'${arg}'`)).join(' ');
    this.terminal.line(pc.bold(`$ cdk-dynamodb-rollout ${told}`));
    const { code, out, said } = await this.spawned(args);
    this.commands++;
    for (const line of said.trimEnd().split('\n')) this.terminal.line(pc.dim(`  ${line}`));
    if (code !== exit) throw new RehearsalError(`'${told}' ended with ${code}, not with ${exit}: ${said.trim()}`);
    if (says && !says.test(said)) throw new RehearsalError(`'${told}' does not say ${says}: ${said.trim()}`);
    return out;
  }

  /** `out` is what it answers, `said` that and what it complains about. */
  private async spawned(args: readonly string[]): Promise<{ code: number | null; out: string; said: string }> {
    const { root, folder, environment, signal } = this.place;
    const cli = join(root, 'dist', 'bin', 'cli.js');
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: folder,
      env: { ...process.env, ...environment, AWS_PROFILE: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    let [out, said] = ['', ''];
    child.stdout.on('data', (data: Buffer) => {
      out += data;
      said += data;
    });
    child.stderr.on('data', (data: Buffer) => {
      said += data;
    });
    const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
    return { code, out, said };
  }
}

/** A whole migration under live traffic with the command line alone, and the audit. */
export async function rehearseOperator(options: HalfOptions): Promise<Result> {
  const { aws, place, items, terminal, trial } = options;
  const { writers, readers, rest, leadIn } = USUAL;
  const log = new Log(terminal, place.signal);
  const prepared = await prepare(aws, place, items, log.timed, trial.change);
  const { outputs, database, history } = prepared;
  const metrics = new ApplicationMetrics(aws.connection);
  const application = new Application(outputs.Client, aws.connection, trial.change.version, metrics.line);
  const migration = new Migration(outputs, database, aws.connection, () => application.routing());
  const connect = () => application.connect();
  const work = workOnCities(busyIds(prepared));
  const traffic = await startTraffic({ history, connect, work, writers, readers, rest, metrics });
  try {
    await wait(leadIn * 1000, undefined, { signal: place.signal });
    traffic.rolloutBegins();
    const operator = new Operator(place, terminal);
    const desk = deskOf(operator, place.assembly, place.folder);
    const outcome = await session(desk);
    await traffic.stop();
    terminal.live('drain', 'traffic has stopped; waiting for the streams, then comparing every item');
    const events = await insisted(() => migration.events(), terminal, place.signal);
    const found = await drained(history, () => contentsOf(prepared), keptWrites(model, events), terminal, place.signal);
    await ending(desk);
    log.note(`${operator.commands} commands ended as they should`);
    return {
      ...{ trial: trial.name, outcome, expected: 'target', began: log.began, moments: [...log.moments, ...momentsOf(events)] },
      // One way back is the immediate one.
      ...{ readsMayLag: true, clients: traffic.clients, writes: history.counts(), wrongReads: traffic.wrongReads, audit: found },
    };
  } finally {
    terminal.clear();
    await keepTroubles(migration, place);
    await traffic.stop();
    application.close();
    metrics.stop();
  }
}
