import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { legacyCities } from '../../examples/cities/all-cities';
import { PILOTS } from '../../examples/cities/stages';
import type { Item } from '../../lambda/core/item';
import { type LocalAws, startLocalAws } from '../local-aws';
import { Application, model } from './application';
import { type Audit, audit, isClean } from './audit';
import { damage } from './damage';
import { bootstrap, deploy, destroy, type Place } from './deploy';
import { type Fault, INJECTIONS } from './faults';
import { History } from './history';
import { Migration, rolloutOutputs, type Snapshot } from './migration';
import { Progress } from './progress';
import { type Moment, momentsOf, type Result } from './report';
import { RehearsalError } from './shell';
import { everything, keepPointsInTime, load } from './tables';
import type { Terminal } from './terminal';
import { startTraffic, type Traffic } from './traffic';

/** What one half of a rehearsal is to do. */
export interface HalfOptions {
  readonly fault: Fault;
  /** Cities in the legacy table. */
  readonly items: number;
  /** Leaves local AWS running. */
  readonly keep: boolean;
  readonly root: string;
  /** Logs of this half go to a folder in it. */
  readonly folder: string;
  /** The cloud assembly. */
  readonly assembly: string;
  readonly terminal: Terminal;
  /** Ends the half. */
  readonly signal: AbortSignal;
}

/** Cities that the traffic works on, besides the pilots: this many that are there, and this many that are not yet. */
const BUSY = 150;
const NEW = 50;
const WRITERS = 3;
const READERS = 2;
/** Milliseconds that a client rests between two operations. */
const REST = 150;
/** Seconds that traffic runs before the rollout starts. */
const LEAD_IN = 3;
/** Seconds until a half is given up. */
const LIMIT = Number(process.env.LIMIT ?? 420);
/** Seconds that streams have to drain. */
const DRAIN = 60;

/** One rehearsal from an empty local AWS to the audit. Leaves nothing running. */
export async function rehearse(options: HalfOptions): Promise<Result> {
  const { fault, folder, terminal } = options;
  const logs = join(folder, fault);
  mkdirSync(logs, { recursive: true });
  const aws = await startLocalAws({ logFile: join(logs, 'local-aws.log'), say: (line) => terminal.line(line) });
  Object.assign(process.env, { AWS_REGION: 'us-east-1', ...aws.environment });
  terminal.line(`Local AWS at ${aws.endpoint}`);
  const place: Place = {
    root: options.root,
    folder: logs,
    assembly: options.assembly,
    environment: aws.environment,
    signal: options.signal,
  };
  try {
    return await half(options, aws, place);
  } finally {
    if (!aws.pid && !options.keep) await destroy(place, ['CitiesRollout', 'CitiesData']).catch(() => {});
    if (options.keep) terminal.line(`Kept: ${aws.endpoint}. End it with Ctrl-C.`);
    else await aws.stop();
  }
}

async function half(options: HalfOptions, aws: LocalAws, place: Place): Promise<Result> {
  const { fault, items, terminal, signal } = options;
  const began = new Date();
  const moments: Moment[] = [];
  const note = (what: string) => {
    moments.push({ at: new Date(), what });
    terminal.line(what);
  };
  const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const from = performance.now();
    const done = await work();
    signal.throwIfAborted();
    note(`${what} (${((performance.now() - from) / 1000).toFixed(1)} s)`);
    return done;
  };

  await timed('cdk bootstrap', () => bootstrap(place));
  const data = await timed('cdk deploy CitiesData', () => deploy(place, 'CitiesData'));
  const [legacyTable, targetTable] = [data.LegacyTable as string, data.CitiesTable as string];
  const database = new DynamoDBClient({});
  await keepPointsInTime(database, legacyTable);
  const history = new History();
  const cities = legacyCities(items);
  await timed(`${cities.length} cities loaded`, () => load(database, legacyTable, model, cities, history));
  const outputs = rolloutOutputs(await timed('cdk deploy CitiesRollout', () => deploy(place, 'CitiesRollout')));

  const application = new Application(outputs.Client);
  const ids = [...PILOTS, ...cities.slice(-BUSY).map(({ id }) => id), ...Array.from({ length: NEW }, (_, n) => `new-${n}`)];
  const traffic = await startTraffic({
    history,
    connect: () => application.connect(),
    ids,
    writers: WRITERS,
    readers: READERS,
    rest: REST,
  });
  const migration = new Migration(outputs, database, () => application.routing());
  const busy = new Set(ids);
  const mayTouch = (item: Item) => isIdle(item, busy);
  const hurt = (count: number) => damage(database, targetTable, count, mayTouch);
  try {
    await wait(LEAD_IN * 1000, undefined, { signal });
    await migration.start();
    note('rollout started');
    const scene = { migration, aws, damage: hurt };
    const ending = await follow(options, migration, traffic, async () => note(await INJECTIONS[fault].inject(scene)));
    await traffic.stop();
    terminal.title('Traffic has stopped; waiting for the streams, then comparing every item');
    const tables = async () =>
      audit(history, model, await everything(database, legacyTable), await everything(database, targetTable));
    const found = await drained(tables, signal);
    return {
      fault,
      began,
      expected: INJECTIONS[fault].expected,
      outcome: ending,
      moments: [...moments, ...momentsOf(await migration.events())],
      clients: traffic.clients,
      writes: history.counts(),
      wrongReads: traffic.wrongReads,
      audit: found,
    };
  } finally {
    await keepTroubles(migration, place);
    await traffic.stop();
    application.close();
  }
}

/** Everything that failed on the way, for whoever wants to know why. */
async function keepTroubles(migration: Migration, { folder }: Place): Promise<void> {
  const lines = await migration.troubles().catch((error) => [`The workflows could not be asked: ${error}`]);
  writeFileSync(join(folder, 'troubles.log'), lines.map((line) => `${line}\n`).join(''));
}

/** Shows progress until nothing runs any more, and injects the fault when it is time. */
async function follow(
  options: HalfOptions,
  migration: Migration,
  traffic: Traffic,
  inject: () => Promise<void>,
): Promise<string> {
  const progress = new Progress(options.terminal, traffic);
  const until = performance.now() + LIMIT * 1000;
  let injected = false;
  while (performance.now() < until) {
    await wait(500, undefined, { signal: options.signal });
    const snapshot: Snapshot = await migration.snapshot();
    progress.show(snapshot);
    if (!injected && INJECTIONS[options.fault].ready(snapshot)) {
      injected = true;
      await inject();
    }
    if (snapshot.ending) return injected || options.fault === 'none' ? snapshot.ending : `${snapshot.ending}, without the fault`;
  }
  throw new RehearsalError(`The rollout did not end within ${LIMIT} s; logs are in ${options.folder}.`);
}

/** Audits until everything is right twice in a row, or the time for it is over: then whatever is wrong stays wrong. */
async function drained(run: () => Promise<Audit>, signal: AbortSignal): Promise<Audit> {
  const until = performance.now() + DRAIN * 1000;
  let clean = 0;
  for (;;) {
    await wait(2000, undefined, { signal });
    const result = await run();
    clean = isClean(result) ? clean + 1 : 0;
    if (clean === 2 || performance.now() > until) return result;
  }
}

function isIdle(item: Item, busy: ReadonlySet<string>): boolean {
  const { id } = model.legacyKey(item);
  return model.canaryNumber({ id } as Item) === undefined && !busy.has((id as { S: string }).S);
}
