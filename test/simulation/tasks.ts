import { approve } from '../../lambda/approve/approve';
import { askApproval } from '../../lambda/ask-approval/ask-approval';
import { awaitResume } from '../../lambda/await-resume/await-resume';
import { backfill } from '../../lambda/backfill/backfill';
import { begin } from '../../lambda/begin/begin';
import { brake } from '../../lambda/brake/brake';
import { compatibility } from '../../lambda/compatibility/compatibility';
import type { PatternQuery } from '../../lambda/core/access-pattern';
import type { TableFacts } from '../../lambda/core/control';
import { type Ledger, ROLLBACK_MODES } from '../../lambda/core/ledger';
import type { GivenUp } from '../../lambda/core/poison';
import type { Side } from '../../lambda/core/position';
import { type DifferencesInput, type DifferencesResult, differences } from '../../lambda/differences/differences';
import { evidence } from '../../lambda/evidence/evidence';
import { finish } from '../../lambda/finish/finish';
import { compareSample } from '../../lambda/observe/compare';
import { observe } from '../../lambda/observe/observe';
import { requirePrompt } from '../../lambda/observe/prompt';
import { pause } from '../../lambda/pause/pause';
import { planSlices } from '../../lambda/plan-slices/plan-slices';
import { prove } from '../../lambda/prove/prove';
import { queries } from '../../lambda/queries/queries';
import { reconcile } from '../../lambda/reconcile/reconcile';
import { redrive } from '../../lambda/redrive/redrive';
import { replicate } from '../../lambda/replicate/replicate';
import { resume } from '../../lambda/resume/resume';
import { sketch } from '../../lambda/sketch/sketch';
import { sumSlices } from '../../lambda/sum-slices/sum-slices';
import { takeover } from '../../lambda/takeover/takeover';
import { traffic } from '../../lambda/traffic/traffic';
import { window } from '../../lambda/window/window';
import { TASKS, type Task } from '../../lib/migration/tasks';
import { MemoryIdentities } from '../memory/memory-identities';
import { ALARMS } from './alarms';
import { APPROVAL } from './definitions';
import { LambdaFunction } from './lambda-function';
import type { Process } from './process';
import { openTail, readBatch } from './streams';
import type { World } from './world';

const PLAN_SHA256 = 'plan';
const WORKERS_AT_A_TIME = 2;
const QUEUE_METHODS = ['send', 'receive', 'remove', 'putBack', 'waiting', 'held'] as const;
const QUEUE_CALL = { limit: 5000, inFlight: 6000 };

/** Everything that some handler wants, as one process has it. */
export function portsOf(world: World, process: Process, remaining: () => number) {
  const { tokens, tables, settings, model } = world;
  const ledger = world.ledgerOf(process);
  const own = { ledger, database: world.databaseOf(process), model, clock: process.clock, random: process.draw, tokens };
  const control = world.controlOf(process);
  const plan = world.variant.plan?.(world.plan) ?? world.plan;
  return {
    ...own,
    queries: { page: async (side: Side, query: PatternQuery) => ({ items: await own.database.query(side, query.partition) }) },
    requirePrompt: () => requirePrompt({ ...own, control, plan }),
    routing: world.routingOf(process, reachability(world, process)),
    remaining,
    plan,
    planSha256: PLAN_SHA256,
    reverseWindow: 0,
    transform: { version: model.version, sha256: 'transform' },
    control,
    identities: new MemoryIdentities(),
    executions: world.stepFunctions.seenBy(process),
    callbacks: world.stepFunctions.answeredBy(process),
    openTail: (stream: string) => openTail(process, tables.streams[stream as 'legacy' | 'target']),
    streams: { legacy: 'legacy', target: 'target' },
    publish: async () => {},
    givenUp: async () => world.givenUp.held(),
    givenUpQueue: process.seeing('given up', world.givenUp, QUEUE_METHODS, QUEUE_CALL),
    readBatch: (batch: GivenUp) => readBatch(process, tables.streams[batch.streamArn as Side], batch),
    speed: { maxWriteUnits: settings.rate * WORKERS_AT_A_TIME, maxConcurrency: WORKERS_AT_A_TIME },
    isCrowded: () => world.dice.happens('crowded', 0.2, world.crowds, 'differences'),
    archive: process.seeing('archive', world.archive, ['put', 'get'], QUEUE_CALL),
    alarms: process.seeing('alarms', world.alarms, ['describe'], QUEUE_CALL),
    triggers: ROLLBACK_MODES,
    calendars: { states: async () => [] },
    metrics: process.seeing('metrics', world.application, ['values'], QUEUE_CALL),
    probe: () => process.call('probe', () => world.application.probe(), QUEUE_CALL),
    compare: () => compareSample(own),
    poison: process.seeing('poison', world.poison, QUEUE_METHODS, QUEUE_CALL),
    now: process.clock.now,
    stateMachine: 'rollback',
    modes: Object.fromEntries(ALARMS.map((mode) => [mode, mode])),
    slices: settings.slices,
    names: { legacy: 'legacy', target: 'target' },
    tables: { describe: async (name: string) => factsOf(world, name as Side), findBackup: noBackup, createBackup: noBackup },
  };
}

/** Tables that nothing is wrong with. */
function factsOf({ tables, model }: World, side: Side): TableFacts {
  const keys = model.schemas[side];
  const types = Object.fromEntries(keys.map((key) => [key, 'S' as const]));
  const items = tables.memory.items(side).length;
  return { name: side, active: true, keys, types, items, bytes: 100 * items, pointInTimeRecovery: true };
}

async function noBackup(): Promise<never> {
  throw new Error('Backups are not simulated');
}

export type Ports = ReturnType<typeof portsOf>;
export type Handler = (ports: Ports, payload: never) => Promise<unknown>;

/** Tasks that go over a slice, as long as they have time. */
const WORKERS: readonly Task[] = ['backfill', 'sketch', 'reconcile'];

/** Milliseconds after which Lambda ends an invocation. */
const TIMEOUTS = Object.fromEntries(
  Object.entries(TASKS).map(([name, { timeout }]) => [name, timeout.toMilliseconds()]),
) as Record<Task, number>;

/** The handlers' functions. Preflight is a fake: what it looks at is not simulated. */
const HANDLERS: Readonly<Record<string, { readonly task: Task; readonly handle: Handler }>> = {
  begin: { task: 'begin', handle: begin },
  preflight: { task: 'preflight', handle: (ports) => measureTables(ports.ledger, ports.slices) },
  prove: { task: 'prove', handle: prove },
  planSlices: { task: 'plan-slices', handle: planSlices },
  backfill: { task: 'backfill', handle: backfill },
  sketch: { task: 'sketch', handle: sketch },
  differences: { task: 'differences', handle: listed },
  reconcile: { task: 'reconcile', handle: reconcile },
  sumSlices: { task: 'sum-slices', handle: (ports, event) => sumSlices(ports.ledger, event) },
  compatibility: { task: 'compatibility', handle: compatibility },
  askApproval: { task: 'ask-approval', handle: askApproval },
  ...Object.fromEntries(
    APPROVAL.approvers.map((approver) => [
      `approve-${approver}`,
      { task: 'approve' as const, handle: (ports: Ports, input: never) => approve({ ...ports, approver }, input) },
    ]),
  ),
  window: { task: 'window', handle: window },
  queries: { task: 'queries', handle: queries },
  pause: { task: 'pause', handle: pause },
  resume: { task: 'resume', handle: resume },
  awaitResume: { task: 'await-resume', handle: awaitResume },
  traffic: { task: 'traffic', handle: traffic },
  observe: { task: 'observe', handle: observe },
  evidence: { task: 'evidence', handle: (ports, event) => evidence(ports.ledger, event) },
  finish: { task: 'finish', handle: finish },
  takeover: { task: 'takeover', handle: takeover },
  brake: { task: 'brake', handle: brake },
  forward: { task: 'replicate', handle: (ports, records) => replicate({ ...ports, direction: 'forward' }, records) },
  redrive: { task: 'redrive', handle: (ports) => redrive({ ...ports, givenUp: ports.givenUpQueue }) },
  reverse: { task: 'replicate', handle: (ports, records) => replicate({ ...ports, direction: 'reverse' }, records) },
};

async function listed(ports: Ports, input: DifferencesInput): Promise<DifferencesResult> {
  if (ports.isCrowded())
    return { listed: false, checked: 0, repaired: 0, diverged: 0, lagging: 0, failed: 0, list: '', unseen: 0 };
  return differences(ports, input);
}

async function measureTables(ledger: Ledger, slices: number): Promise<{ items: number; slices: number }> {
  await ledger.saveNote('size', { items: 10, bytes: 1000, slices });
  return { items: 10, slices };
}

/** The Lambda functions of a world. Replicators may lose AppConfig for a while. */
export function functionsOf(world: World): Record<string, LambdaFunction> {
  const made = Object.entries(HANDLERS).map(([name, { task, handle }]) => {
    const timeout = WORKERS.includes(task) ? world.settings.workerTimeout * 1000 : TIMEOUTS[task];
    const begin = (process: Process, remaining: () => number) => portsOf(world, process, remaining);
    return [name, new LambdaFunction(name, world, timeout, begin, world.variant.handlers?.[name] ?? handle)] as const;
  });
  return Object.fromEntries(made) as unknown as Record<string, LambdaFunction>;
}

function reachability(world: World, process: Process): () => boolean {
  const random = world.dice.stream(`network of ${process.name}`);
  if (!world.dice.happens('partition', 0.05, random, process.name)) return () => true;
  const from = world.scheduler.now + random.between(0, 60_000);
  const to = from + random.between(20_000, 200_000);
  return () => world.scheduler.now < from || world.scheduler.now > to;
}
