import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const USAGE = `npm run check:protocol -- [--deep] [--only NAME] [--trail NAME]

Checks the model of the protocol (test/protocol/rollout.pml) exhaustively with Spin: every good configuration must hold,
every bad variant must be caught.

  --deep         also the largest ones: two writers and a crash at once, two keys, two items in a group (an hour)
  --only NAME    one configuration
  --trail NAME   the steps of its counterexample`;

const MODEL = join(__dirname, 'rollout.pml');
/** Megabytes that one search may take. */
const MEMORY = 14_000;

/** A run of the checker: what is defined, and whether it must hold. */
interface Configuration {
  readonly name: string;
  readonly defines: readonly string[];
  readonly holds: boolean;
  /** True for one that takes minutes and gigabytes of its own. */
  readonly deep?: boolean;
}

/** Where each way begins, by its position. */
const WAYS = {
  forward: ['FORWARD_CONFIG', 'START=0'],
  flip: ['FLIP_CONFIG', 'START=2'],
  soft: ['SOFT_CONFIG', 'START=4'],
  fence: ['FENCE_CONFIG', 'START=4'],
  revert: ['REVERT_CONFIG', 'START=2'],
  immediate: ['IMMEDIATE', 'START=4'],
} as const;
type Way = keyof typeof WAYS;

/** A writer and a reader, with a crash anywhere; or two writers, without one. */
const CRASH = ['CRASHES=1', 'WRITES_0=1', 'WRITES_1=0', 'READS=1'];
const RACE = ['CRASHES=0', 'WRITES_0=1', 'WRITES_1=1', 'READS=0'];
/** Two writers, with a crash anywhere. */
const BOTH = ['CRASHES=1', 'WRITES_0=1', 'WRITES_1=1', 'READS=0'];
/** One legacy item that becomes two target items. */
const TWO = 'ITEMS=2';
/** Before the client: a writer with a crash, or beside a writer that does not use it. */
const EARLY_CRASH = ['CRASHES=1', 'WRITES_0=1', 'WRITES_1=0', 'READS=0', 'NATIVES=0'];
const EARLY_NATIVE = ['CRASHES=0', 'WRITES_0=1', 'WRITES_1=0', 'READS=0', 'NATIVES=1'];

const good = (way: Way, name: string, defines: readonly string[]): Configuration => ({
  name: `${way}, ${name}`,
  defines: [...WAYS[way], ...defines],
  holds: true,
});
const deep = (way: Way, name: string, defines: readonly string[]): Configuration => ({ ...good(way, name, defines), deep: true });
const bad = (name: string, way: Way, defines: readonly string[], without: string): Configuration => ({
  name,
  defines: [...WAYS[way], ...defines, without],
  holds: false,
});

const CONFIGURATIONS: readonly Configuration[] = [
  good('forward', 'crash', EARLY_CRASH),
  good('forward', 'race', [...RACE, 'NATIVES=0']),
  good('forward', 'a writer without the client', EARLY_NATIVE),
  ...(['flip', 'soft', 'fence', 'revert'] as const).flatMap((way) => [good(way, 'crash', CRASH), good(way, 'race', RACE)]),
  good('immediate', 'crash', CRASH),
  good('flip', 'two keys', ['KEYS=2', 'CRASHES=0', 'WRITES_0=1', 'WRITES_1=0', 'READS=1']),
  good('fence', 'two items, crash', [TWO, ...CRASH]),
  good('fence', 'two items, race', [TWO, ...RACE]),
  deep('forward', 'two items, crash', [TWO, ...EARLY_CRASH]),
  deep('forward', 'two items, race', [TWO, ...RACE, 'NATIVES=0']),
  deep('forward', 'two items, a writer without the client', [TWO, ...EARLY_NATIVE]),
  ...(['flip', 'soft', 'revert'] as const).map((way) => deep(way, 'two items, crash', [TWO, ...CRASH])),
  ...(['flip', 'soft'] as const).map((way) => deep(way, 'two items, race', [TWO, ...RACE])),
  ...[0, 1].map((given) => deep('revert', `two items, race, ${given} at first`, [TWO, ...RACE, `GIVEN=${given}`])),
  deep('flip', 'two keys, crash', ['KEYS=2', ...CRASH]),
  deep('flip', 'race and crash', BOTH),
  deep('flip', 'two keys and two writers', ['KEYS=2', ...RACE]),
  good('fence', 'race and crash', BOTH),
  deep('soft', 'race and crash', BOTH),
  deep('revert', 'race and crash, none at first', [...BOTH, 'GIVEN=0']),
  bad('no barrier', 'flip', CRASH, 'BAD_NO_BARRIER'),
  bad('replicators outside the barrier', 'flip', RACE, 'BAD_REPLICATORS_OUTSIDE'),
  bad('no lease', 'flip', CRASH, 'BAD_NO_LEASE'),
  bad('no authority rule', 'soft', RACE, 'BAD_NO_AUTHORITY'),
  bad('stream images applied blindly', 'flip', RACE, 'BAD_BLIND'),
  bad('two positions at once', 'flip', CRASH, 'BAD_TWO_POSITIONS'),
  bad('no reconciliation before dual-legacy', 'forward', CRASH, 'BAD_NO_RECONCILIATION'),
  bad('no protection of absence', 'forward', CRASH, 'BAD_ABSENCE'),
  bad('window: between stream start and first read', 'forward', CRASH, 'BAD_LATEST'),
  bad('window: in flight at a change of position', 'flip', CRASH, 'BAD_IN_FLIGHT'),
  bad('window: a stream position read too early', 'soft', CRASH, 'BAD_EARLY_POSITION'),
];

/** What a search came to. */
interface Found {
  readonly verdict: 'holds' | 'caught' | 'violated' | 'not caught' | 'not finished';
  readonly states: number;
  readonly depth: number;
  readonly seconds: number;
}

function main(args: string[]): number {
  const { values } = parseArgs({
    args,
    options: {
      deep: { type: 'boolean', default: false },
      only: { type: 'string' },
      trail: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return say(USAGE, 0);
  const missing = ['spin', 'gcc'].filter((tool) => spawnSync(tool, [tool === 'spin' ? '-V' : '--version']).status !== 0);
  if (missing.length > 0) return say(`${missing.join(' and ')} cannot be run. On Debian: apt-get install spin gcc`, 2);
  const asked = values.trail ?? values.only;
  const chosen = CONFIGURATIONS.filter(({ name, deep = false }) => (asked === undefined ? values.deep || !deep : name === asked));
  const names = CONFIGURATIONS.map(({ name }) => `  ${name}`).join('\n');
  if (chosen.length === 0) return say(`There is no configuration "${asked}". There are:\n${names}`, 2);
  if (values.trail) return inFolder((folder) => trail(folder, chosen[0] as Configuration));
  say(line('configuration', 'states', 'depth', 'seconds', ''));
  const failed = chosen.filter(
    (configuration) =>
      !told(
        configuration,
        inFolder((folder) => search(folder, configuration)),
      ),
  ).length;
  return say(`${chosen.length - failed} passed, ${failed} failed`, failed > 0 ? 1 : 0);
}

function told({ name, holds }: Configuration, { verdict, states, depth, seconds }: Found): boolean {
  say(line(name, states.toLocaleString('en'), String(depth), seconds.toFixed(1), verdict));
  return verdict === (holds ? 'holds' : 'caught');
}

function line(name: string, states: string, depth: string, seconds: string, verdict: string): string {
  return `${name.padEnd(46)} ${states.padStart(12)} ${depth.padStart(6)} ${seconds.padStart(8)}  ${verdict}`;
}

/** A full search: every state is kept, none is left out by hashing. */
function search(folder: string, { defines, holds, deep = false }: Configuration): Found {
  compile(folder, defines, deep ? ['-DCOLLAPSE'] : []);
  const began = performance.now();
  const { stdout } = run(folder, './pan', ['-m1000000', '-w25']);
  const seconds = (performance.now() - began) / 1000;
  const number = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1] ?? 0);
  const found = { states: number(/([\d.e+]+) states, stored/), depth: number(/depth reached (\d+)/), seconds };
  if (number(/errors: (\d+)/) > 0) return { ...found, verdict: holds ? 'violated' : 'caught' };
  const finished = /errors: 0/.test(stdout) && !/Search not completed|out of memory|max search depth/.test(stdout);
  return { ...found, verdict: finished ? (holds ? 'holds' : 'not caught') : 'not finished' };
}

function trail(folder: string, { defines }: Configuration): number {
  compile(folder, defines);
  run(folder, './pan', ['-m1000000', '-w25']);
  const { stdout } = run(folder, 'spin', [...defines.map((define) => `-D${define}`), '-t', '-p', '-g', 'rollout.pml']);
  return say(stdout);
}

/** `more` are options of the checker; COLLAPSE keeps each state in a fifth of the memory, and takes twice as long. */
function compile(folder: string, defines: readonly string[], more: readonly string[] = []): void {
  copyFileSync(MODEL, join(folder, 'rollout.pml'));
  const made = run(folder, 'spin', [...defines.map((define) => `-D${define}`), '-a', 'rollout.pml']);
  if (made.status !== 0) throw new Error(`spin refused the model:\n${made.stdout}`);
  const options = ['-O2', '-w', '-DSAFETY', '-DVECTORSZ=2048', `-DMEMLIM=${MEMORY}`, ...more];
  const compiled = run(folder, 'gcc', [...options, '-o', 'pan', 'pan.c']);
  if (compiled.status !== 0) throw new Error(`gcc refused the checker:\n${compiled.stderr}`);
}

function run(folder: string, command: string, args: readonly string[]) {
  return spawnSync(command, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 });
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'protocol-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function say(text: string, code = 0): number {
  process.stdout.write(`${text}\n`);
  return code;
}

process.exitCode = main(process.argv.slice(2));
