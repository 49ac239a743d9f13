import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** A trouble that a person can do something about. The text is one line that says what. */
export class LocalAwsError extends Error {
  override readonly name = 'LocalAwsError';
}

const NAME = 'cdk-dynamodb-rollout';
const CANDIDATES = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];

/**
 * Where local AWS is kept: with the other caches of the project that somebody works in, or with those of the user where there is none
 * (XDG Base Directory Specification). Never in the package, which may be read-only and is gone with the next installation.
 */
export function cacheFolder(folder: string, env: NodeJS.ProcessEnv = process.env): string {
  const modules = join(folder, 'node_modules');
  if (existsSync(modules)) return join(modules, '.cache', NAME);
  const parent = dirname(folder);
  return parent === folder ? join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), NAME) : cacheFolder(parent, env);
}

/**
 * The Python of a virtual environment with local AWS in it, made once under `cache` and used again as long as the
 * pinned requirements, a file, are the same.
 * @throws LocalAwsError without Python >= 3.10, or when the packages cannot be installed
 */
export function installed(cache: string, requirements: string, say: (line: string) => void): string {
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const home = join(cache, `python-${version}`);
  if (!existsSync(home)) {
    const python = findPython();
    say('Installing local AWS (once)');
    install(python, cache, requirements, home);
  }
  return pythonIn(home);
}

/** Built beside its final place and moved there when complete, so that a half-made environment is never found. */
function install(python: string, cache: string, requirements: string, home: string): void {
  mkdirSync(cache, { recursive: true });
  const building = join(cache, `building-${process.pid}`);
  try {
    run(python, ['-m', 'venv', building], 'A virtual environment could not be made');
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
    run(
      pythonIn(building),
      pip,
      'The packages of local AWS could not be installed. Check the network, or set AWS_ENDPOINT_URL to a local AWS of your own',
    );
    if (!existsSync(home)) renameSync(building, home);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

/** The first Python on the path that is new enough and can make virtual environments. @throws LocalAwsError */
export function findPython(candidates: readonly string[] = CANDIDATES): string {
  const probe = 'import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 10) else 1)';
  const found = candidates.find((name) => spawnSync(name, ['-c', probe], { stdio: 'ignore' }).status === 0);
  if (found) return found;
  throw new LocalAwsError(
    'No Python >= 3.10 with venv was found. Install one (on Debian and Ubuntu: python3 and python3-venv), or set AWS_ENDPOINT_URL to a local AWS of your own.',
  );
}

function run(command: string, args: string[], trouble: string): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  if (status === 0) return;
  const lines = (stderr ?? '').trim().split('\n');
  const why = error?.message ?? lines.findLast((line) => line.startsWith('ERROR')) ?? lines.at(-1) ?? `it ended with ${status}`;
  throw new LocalAwsError(`${trouble}. ${why.trim()}`);
}

function pythonIn(home: string): string {
  return join(home, 'bin', 'python');
}
