import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PILOTS } from '../../examples/cities/stages';
import type { Item } from '../../lambda/core/item';
import type { LocalAws } from '../local-aws';
import { Application } from './application';
import { ApplicationMetrics } from './application-metrics';
import { keptWrites } from './audit';
import { model } from './change';
import { workOnCities } from './city-work';
import { damage, poison } from './damage';
import type { Place } from './deploy';
import { Disturbance } from './disturbance';
import { INJECTIONS, type Scene } from './faults';
import { Migration } from './migration';
import { drained, insisted, patiently } from './patience';
import { contentsOf, type Prepared, prepare, type Timed } from './prepare';
import { Progress } from './progress';
import { caughtOf, type Moment, momentsOf, type Result } from './report';
import { RehearsalError } from './shell';
import type { Terminal } from './terminal';
import { startTraffic, type Traffic } from './traffic';
import type { Trial } from './trial';

/** What one half of a rehearsal is to do. */
export interface HalfOptions {
  readonly trial: Trial;
  /** Cities in the legacy table. */
  readonly items: number;
  /** One stage spreads slowly. */
  readonly staged: boolean;
  readonly aws: LocalAws;
  readonly place: Place;
  readonly terminal: Terminal;
}

/** Cities that the traffic works on, besides the pilots: this many that are there, and this many that are not yet. */
const BUSY = 150;
const NEW = 50;
/** Clients, milliseconds that each rests between two operations, and seconds that traffic runs before the rollout starts. */
export const USUAL = { writers: 3, readers: 2, rest: 150, leadIn: 3 };
const PROBE = { writers: 100, readers: 0, rest: 2000, leadIn: 45 };
/** Seconds until a rollout is given up: 485 with the default of 20,000 cities. */
export const limitOf = ({ items, staged, trial }: HalfOptions) => {
  return (
    360 +
    items / 160 +
    (staged ? 120 : 0) +
    (trial.injection.watched ? 480 : 0) +
    (trial.probe ? 300 : 0) +
    (trial.chaos ? 900 : 0)
  );
};

/** One rehearsal from an empty local AWS to the audit. The local AWS is left as it is then. */
export async function rehearse(options: HalfOptions): Promise<Result> {
  const { aws, place, items, trial } = options;
  const { writers, readers, rest, leadIn } = trial.probe ? PROBE : USUAL;
  const log = new Log(options.terminal, place.signal);
  const prepared = await prepare(aws, place, items, log.timed, trial.change);
  const { outputs, database, history, legacyTable, targetTable } = prepared;
  const disturbance = new Disturbance(targetTable);
  const metrics = new ApplicationMetrics(aws.connection);
  const application = new Application(outputs.Client, aws.connection, trial.change.version, metrics.line, (client) => {
    trial.chaos?.disturb(client);
    disturbance.attach(client);
  });
  const migration = new Migration(outputs, database, aws.connection, () => application.routing());
  const ids = busyIds(prepared);
  const busy = new Set(ids);
  const scene: Scene = {
    migration,
    aws,
    disturbance,
    targetTable,
    stray: () => application.stray(PILOTS),
    poison: () => poison(database, legacyTable),
    damage: (count) => damage(database, targetTable, count, (item) => isIdle(item, busy)),
  };
  const connect = () => application.connect();
  const work = workOnCities(ids);
  const traffic = await startTraffic({ history, connect, work, writers, readers, rest, metrics });
  try {
    await wait(leadIn * 1000, undefined, { signal: place.signal });
    traffic.rolloutBegins();
    await migration.start();
    log.note('rollout started');
    const outcome = await follow(options, scene, traffic, log);
    await traffic.stop();
    options.terminal.live('drain', 'traffic has stopped; waiting for the streams, then comparing every item');
    const events = await insisted(() => migration.events(), options.terminal, place.signal);
    const found = await drained(history, () => contentsOf(prepared), keptWrites(model, events), options.terminal, place.signal);
    return {
      ...{ trial: trial.name, outcome, expected: trial.injection.expected },
      ...{ began: log.began, moments: [...log.moments, ...momentsOf(events)] },
      ...{ readsMayLag: trial.injection.readsMayLag ?? false },
      ...(trial.probe ? { probe: traffic.probe() } : {}),
      ...(trial.injection.caught ? { caught: caughtOf(trial.injection.caught, log.injectedAt, events) } : {}),
      ...{ clients: traffic.clients, writes: history.counts(), wrongReads: traffic.wrongReads, audit: found },
    };
  } finally {
    options.terminal.clear();
    await keepTroubles(migration, place);
    await traffic.stop();
    application.close();
    metrics.stop();
  }
}

/** What happened when, on the screen and for the report. */
export class Log {
  readonly began = new Date();
  readonly moments: Moment[] = [];
  /** When the fault was there. */
  injectedAt = new Date();

  constructor(
    private readonly terminal: Terminal,
    private readonly signal: AbortSignal,
  ) {}

  note(what: string): void {
    this.moments.push({ at: new Date(), what });
    this.terminal.line(what);
  }

  readonly timed: Timed = async (what, work) => {
    this.terminal.live(what, '');
    const from = performance.now();
    const done = await work();
    this.signal.throwIfAborted();
    this.note(`${what} (${((performance.now() - from) / 1000).toFixed(1)} s)`);
    return done;
  };
}

/** Shows progress until nothing runs any more, and injects the fault when it is time. Answers where it ended. */
async function follow(options: HalfOptions, scene: Scene, traffic: Traffic, log: Log): Promise<string> {
  const { terminal, trial, place } = options;
  const limit = limitOf(options);
  const progress = new Progress(terminal, traffic);
  const { injection, chaos } = trial;
  const began = performance.now();
  const until = performance.now() + limit * 1000;
  const look = patiently(() => scene.migration.snapshot(), terminal);
  let lifted = false;
  let approved: string | undefined;
  let injected = injection === INJECTIONS.none;
  while (performance.now() < until) {
    await wait(500, undefined, { signal: place.signal });
    const snapshot = await look();
    if (!snapshot) continue;
    progress.show(snapshot);
    const trouble = chaos?.tick(scene, (performance.now() - began) / 1000);
    if (trouble) log.note(trouble);
    const waits = /^(.*): approval$/.exec(snapshot.phase)?.[1];
    if (waits && waits !== approved && injection !== INJECTIONS.reject) {
      approved = waits;
      await scene.migration.decide(waits, 'approve');
      log.note(`stage ${waits} approved`);
    }
    if (!injected && injection.ready(snapshot)) {
      injected = true;
      log.injectedAt = new Date();
      log.note(await injection.inject(scene));
    }
    if (injected && snapshot.isBack && !lifted) {
      lifted = true;
      await injection.lift?.(scene);
    }
    if (snapshot.ending) return injected ? snapshot.ending : `${snapshot.ending}, without the fault`;
  }
  throw new RehearsalError(`The rollout did not end within ${Math.round(limit)} s; logs are in ${place.folder}.`);
}

/** Everything that failed on the way, for whoever wants to know why. */
export async function keepTroubles(migration: Migration, { folder }: Place): Promise<void> {
  const lines = await migration.troubles().catch((error) => [`The workflows could not be asked: ${error}`]);
  writeFileSync(join(folder, 'troubles.log'), lines.map((line) => `${line}\n`).join(''));
}

export function busyIds({ ids }: Prepared): string[] {
  const fresh = Array.from({ length: NEW }, (_, n) => `new-${n}`);
  return [...PILOTS, ...ids.slice(-BUSY), ...fresh];
}

function isIdle(item: Item, busy: ReadonlySet<string>): boolean {
  const { id } = model.legacyKey(item);
  return model.canaryNumber({ id } as Item) === undefined && !busy.has((id as { S: string }).S);
}
