import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { cacheFolder, installed, LocalAwsError } from './local-aws/installation';

export { LocalAwsError };

/** Options of an SDK client that make it talk to a local AWS. */
export interface Connection {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A running local AWS, or the one that the user named. */
export interface LocalAws {
  readonly endpoint: string;
  /** Environment variables with which SDK clients and the CDK command line talk to it. */
  readonly environment: Readonly<Record<string, string>>;
  /** The same for SDK clients that are made with options. */
  readonly connection: Connection;
  /** Process id of the server, which leads a process group with its Lambda workers; undefined when it is not ours. */
  readonly pid?: number;
  /**
   * What goes wrong from now on: `local-aws/trouble.py`. An empty object for nothing.
   * @throws LocalAwsError when the server is not ours
   */
  trouble(what: Trouble): void;
  /** Where its log is, when it is ours. Kept after `stop`. */
  readonly logFile?: string;
  /** Aborted with a `LocalAwsError` when the server ends before `stop` is called. */
  readonly died: AbortSignal;
  /** Ends the server and its workers and removes their files. May be called twice. */
  stop(): Promise<void>;
}

/** Trouble on request. */
export interface Trouble {
  /** A table that refuses a share of all requests, 0 to 1, as throttled. */
  readonly throttle?: { readonly table: string; readonly share: number };
  /** An index that has lost a share of its entries, 0 to 1. */
  readonly hide?: { readonly index: string; readonly share: number };
}

/** Options of `startLocalAws`. */
export interface LocalAwsOptions {
  /** @default a free port */
  readonly port?: number;
  /** Where the log goes. @default local-aws.log in the temporary folder of the server, gone after `stop` */
  readonly logFile?: string;
  /** Makes trouble on purpose, the same for the same seed as far as timing allows: `local-aws/chaos.py`. @default none */
  readonly chaos?: number;
  /** Told what takes long. @default nobody */
  readonly say?: (line: string) => void;
}

const HOST = '127.0.0.1';
const START_SECONDS = 30;

/** What is written in Python: beside the source (`bin`), and beside the built command line (`dist/bin`). */
const FILES = join(__dirname, 'local-aws');

/**
 * Starts local AWS on a free port, or uses the one at `AWS_ENDPOINT_URL` if that is set. Nothing of it stays on disk,
 * and it ends with this process.
 * @throws LocalAwsError in one line: no Python, packages cannot be installed, port taken, server ended
 */
export async function startLocalAws(options: LocalAwsOptions = {}): Promise<LocalAws> {
  const given = process.env.AWS_ENDPOINT_URL;
  if (given) return { ...reach(given), died: new AbortController().signal, trouble: notOurs, stop: async () => {} };
  const port = options.port ?? (await freePort());
  await refuseTaken(port);
  const python = installed(cacheFolder(process.cwd()), join(FILES, 'requirements.txt'), options.say ?? (() => {}));
  const home = mkdtempSync(join(tmpdir(), 'local-aws-'));
  const logFile = options.logFile ?? join(home, 'local-aws.log');
  const log = openSync(logFile, 'w');
  const server = spawn(python, [join(FILES, 'launch.py')], {
    cwd: home,
    env: { ...serverEnvironment(port, home), ...(options.chaos === undefined ? {} : { CHAOS_SEED: String(options.chaos) }) },
    stdio: ['pipe', log, log],
    detached: true,
  });
  closeSync(log);
  const endpoint = `http://${HOST}:${port}`;
  const stop = stopper(server, home);
  const died = deathOf(server, logFile);
  try {
    await answering(server, endpoint, logFile);
  } catch (error) {
    await stop();
    throw error;
  }
  const trouble = (what: Trouble) => writeFileSync(troubleFile(home), JSON.stringify(what));
  return { ...reach(endpoint), pid: server.pid, logFile, died, trouble, stop };
}

/** How to reach it. Keys and region of the user are taken if there are any: they decide the account. */
function reach(endpoint: string): Pick<LocalAws, 'endpoint' | 'environment' | 'connection'> {
  const region = process.env.AWS_REGION ?? 'us-east-1';
  const accessKeyId = process.env.AWS_ACCESS_KEY_ID ?? 'test';
  const secretAccessKey = process.env.AWS_SECRET_ACCESS_KEY ?? 'test';
  const environment = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
  return { endpoint, environment, connection: { endpoint, region, credentials: { accessKeyId, secretAccessKey } } };
}

function troubleFile(home: string): string {
  return join(home, 'trouble.json');
}

function notOurs(): never {
  throw new LocalAwsError('Trouble on request needs a local AWS started by the rehearsal: unset AWS_ENDPOINT_URL.');
}

/** Only what it needs: an AWS profile or endpoint of the user would reach the Lambda functions. */
function serverEnvironment(port: number, home: string): NodeJS.ProcessEnv {
  return {
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: home,
    TMPDIR: home,
    TROUBLE_FILE: troubleFile(home),
    STATE_DIR: join(home, 'state'),
    S3_DATA_DIR: join(home, 's3'),
    GATEWAY_PORT: String(port),
    BIND_HOST: HOST,
    LOG_LEVEL: process.env.LOCAL_AWS_LOG_LEVEL ?? 'WARNING',
    LAMBDA_EXECUTOR: 'local',
    // Twenty functions and more have a process each: small young generations keep them all together small.
    NODE_OPTIONS: '--max-semi-space-size=1',
    LAMBDA_WARM_TTL_SECONDS: '20',
    PYTHONUNBUFFERED: '1',
  };
}

/** Nobody listens any more when the server is stopped on purpose. */
function deathOf(server: ChildProcess, logFile: string): AbortSignal {
  const controller = new AbortController();
  server.once('exit', (code, signal) => {
    const last = existsSync(logFile) ? `: ${lastLines(logFile)}` : '';
    controller.abort(new LocalAwsError(`Local AWS ended by itself (${signal ?? code})${last}. Log: ${logFile}`));
  });
  return controller.signal;
}

function stopper(server: ChildProcess, home: string): () => Promise<void> {
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const kill = () => {
    try {
      if (server.pid) process.kill(-server.pid, 'SIGKILL');
    } catch {
      // The group has gone already.
    }
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  };
  process.once('exit', kill);
  return async () => {
    process.off('exit', kill);
    kill();
    if (server.exitCode === null && server.signalCode === null) await ended;
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  };
}

async function answering(server: ChildProcess, endpoint: string, logFile: string): Promise<void> {
  const until = Date.now() + START_SECONDS * 1000;
  while (Date.now() < until) {
    if (server.exitCode !== null) throw new LocalAwsError(`Local AWS ended at once: ${lastLines(logFile)}`);
    const answer = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined);
    if (answer?.ok) return;
    await wait(100);
  }
  throw new LocalAwsError(`Local AWS did not answer at ${endpoint} within ${START_SECONDS} s: ${lastLines(logFile)}`);
}

/** The end of the log in one line, for messages. */
export function lastLines(logFile: string, count = 3): string {
  const lines = readFileSync(logFile, 'utf8').trim().split('\n').slice(-count);
  return lines.map((line) => line.trim()).join(' | ') || 'it said nothing';
}

async function refuseTaken(port: number): Promise<void> {
  await listenOnce(port).catch((cause) => {
    throw new LocalAwsError(`Port ${port} of ${HOST} is taken. End the program that uses it, or choose another port.`, { cause });
  });
}

function freePort(): Promise<number> {
  return listenOnce(0);
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, HOST, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}
