import { setTimeout as wait } from 'node:timers/promises';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { City } from '../../examples/cities/model';
import type { Event } from '../../lambda/core/ledger';
import type { LocalAws } from '../local-aws';
import { Application } from './application';
import { ApplicationMetrics } from './application-metrics';
import { AMENDMENT, type Change, MIGRATION, REINDEX } from './change';
import { type Cities, type CityKey, workOnCities } from './city-work';
import { deploy } from './deploy';
import { busyIds, type HalfOptions, keepTroubles, Log, limitOf, USUAL } from './half';
import { Migration, type RolloutOutputs, rolloutOutputs } from './migration';
import { drained, insisted, patiently } from './patience';
import { contentsOf, prepare } from './prepare';
import { Progress } from './progress';
import { momentsOf, type Result } from './report';
import { RehearsalError } from './shell';
import { keepPointsInTime } from './tables';
import { startTraffic, type Traffic } from './traffic';

/** One change of the plan, and the application of its time. */
interface Era {
  readonly change: Change;
  readonly application: Application;
  readonly migration: Migration;
}

/** A client of the application, which gets another version when a change is closed. */
class Versioned implements Cities {
  constructor(public now: Cities) {}

  get = (key: CityKey) => this.now.get(key);
  put = (city: City) => this.now.put(city);
  update = (key: CityKey, change: (city: City | undefined) => City) => this.now.update(key, change);
  delete = (key: CityKey) => this.now.delete(key);
  query = (partition: Partial<CityKey>) => this.now.query(partition);
}

/** All three changes of the cities in one plan, under live traffic of an application that is deployed again after each. */
export async function rehearsePlan(options: HalfOptions): Promise<Result> {
  const { aws, place, items, terminal, trial } = options;
  const log = new Log(terminal, place.signal);
  const prepared = await prepare(aws, place, items, log.timed, MIGRATION);
  const { database, history } = prepared;
  await keepPointsInTime(database, prepared.targetTable);
  const deployed = async (stack: string) => log.timed(`cdk deploy ${stack}`, () => deploy(place, stack));
  const metrics = new ApplicationMetrics(aws.connection);
  const era = (change: Change, outputs: RolloutOutputs): Era => {
    const application = new Application(outputs.Client, aws.connection, change.version, metrics.line);
    const migration = new Migration(outputs, database, aws.connection, () => application.routing());
    return { change, application, migration };
  };
  const eras = [era(MIGRATION, prepared.outputs)];
  for (const change of [AMENDMENT, REINDEX]) eras.push(era(change, rolloutOutputs(await deployed(change.stack))));
  const plan = new Plan(aws, (await deployed('CitiesPlan')).PlanStateMachine as string);
  const clients: Versioned[] = [];
  const connect = async () => {
    clients.push(new Versioned(await (eras[0] as Era).application.connect()));
    return clients.at(-1) as Cities;
  };
  const { writers, readers, rest, leadIn } = USUAL;
  const traffic = await startTraffic({
    history,
    connect,
    work: workOnCities(busyIds(prepared)),
    writers,
    readers,
    rest,
    metrics,
  });
  try {
    await wait(leadIn * 1000, undefined, { signal: place.signal });
    traffic.rolloutBegins();
    await plan.start();
    log.note('plan started');
    const outcome = await follow(options, plan, eras, clients, traffic, log);
    await traffic.stop();
    terminal.live('drain', 'traffic has stopped; comparing every item');
    const trails = await Promise.all(eras.map(({ migration }) => insisted(() => migration.events(), terminal, place.signal)));
    const found = await drained(history, () => contentsOf({ ...prepared, change: AMENDMENT }), new Set(), terminal, place.signal);
    return {
      ...{ trial: trial.name, outcome: inTurn(trails) ? outcome : 'a change began before the one before it was closed' },
      ...{ expected: 'all changes closed', began: log.began, moments: [...log.moments, ...trails.flatMap(momentsOf)] },
      ...{ readsMayLag: false, clients: traffic.clients, writes: history.counts(), wrongReads: traffic.wrongReads, audit: found },
    };
  } finally {
    terminal.clear();
    for (const { migration } of eras) await keepTroubles(migration, place);
    await traffic.stop();
    for (const { application } of eras) application.close();
    metrics.stop();
  }
}

/** Approves what waits, and deploys the application again when a change is closed. */
async function follow(
  options: HalfOptions,
  plan: Plan,
  eras: readonly Era[],
  clients: readonly Versioned[],
  traffic: Traffic,
  log: Log,
): Promise<string> {
  const { terminal, place } = options;
  const until = performance.now() + eras.length * limitOf(options) * 1000;
  const progress = new Progress(terminal, traffic);
  const approved = new Set<string>();
  let closed = 0;
  const look = patiently(async () => {
    const { migration, change } = eras[Math.min(closed, eras.length - 1)] as Era;
    return {
      migration,
      change,
      snapshot: await migration.snapshot(),
      isClosed: await migration.isClosed(),
      status: await plan.status(),
    };
  }, terminal);
  while (performance.now() < until) {
    await wait(500, undefined, { signal: place.signal });
    const seen = await look();
    if (!seen) continue;
    const { migration, change, snapshot, isClosed, status } = seen;
    progress.show(snapshot);
    const stage = /^(.*): approval$/.exec(snapshot.phase)?.[1];
    if (stage && !approved.has(`${change.stack} ${stage}`)) {
      approved.add(`${change.stack} ${stage}`);
      await migration.decide(stage, 'approve');
      log.note(`stage ${stage} of ${change.stack} approved`);
    }
    if (isClosed && closed < eras.length) {
      closed++;
      log.note(`${change.stack} is closed`);
      if (eras[closed]) await deployApplication(eras, closed, clients);
    }
    if (status !== 'RUNNING') return status === 'SUCCEEDED' && closed === eras.length ? 'all changes closed' : `plan ${status}`;
  }
  throw new RehearsalError(`The plan did not end in time; logs are in ${place.folder}.`);
}

/** The version of the application for a change: the items as after the changes before it. */
async function deployApplication(eras: readonly Era[], at: number, clients: readonly Versioned[]): Promise<void> {
  const { change, application } = eras[at] as Era;
  for (const client of clients) {
    if (!change.version.asksOnly) client.now = await application.connect();
    else {
      const [before, ask] = [client.now, await application.asker()];
      client.now = { ...withItems(before), query: async (partition) => ask().then(() => before.query(partition)) };
    }
  }
}

function withItems({ get, put, update, delete: remove, query }: Cities): Cities {
  return { get, put, update, delete: remove, query };
}

/** True where each change began after the one before it was closed. */
function inTurn(trails: readonly (readonly Event[])[]): boolean {
  const at = (trail: readonly Event[] | undefined, kind: string) => trail?.find((event) => event.kind === kind)?.at ?? '';
  return trails.slice(1).every((trail, n) => at(trails[n], 'closed') !== '' && at(trail, 'begun') > at(trails[n], 'closed'));
}

/** The workflow of the plan. */
class Plan {
  private readonly sfn: SFNClient;
  private execution = '';

  constructor(
    { connection }: LocalAws,
    private readonly stateMachineArn: string,
  ) {
    this.sfn = new SFNClient(connection);
  }

  async start(): Promise<void> {
    const { stateMachineArn } = this;
    const started = await this.sfn.send(new StartExecutionCommand({ stateMachineArn, name: 'rehearsal', input: '{}' }));
    this.execution = started.executionArn as string;
  }

  async status(): Promise<string> {
    const { status } = await this.sfn.send(new DescribeExecutionCommand({ executionArn: this.execution }));
    return status as string;
  }
}
