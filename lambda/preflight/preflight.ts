import { patternsNamed } from '../core/access-pattern';
import type { Alarms, Clock, Publish, TableFacts, Tables } from '../core/control';
import { RolloutError } from '../core/errors';
import type { Item } from '../core/item';
import type { Ledger } from '../core/ledger';
import type { Model } from '../core/model';
import { ZEROS } from '../core/names';
import type { Database } from '../core/ports';
import type { Kind, Side } from '../core/position';
import { recordOnce } from '../core/record-once';
import { tokenOf } from '../core/stamp';
import { shortName } from '../core/traffic';
import { checkAlarms } from './check-alarms';
import { checkTables } from './check-tables';
import { checkCanaries, checkItem, checkNotCanary } from './check-transform';

export interface PreflightPorts {
  readonly ledger: Ledger;
  readonly tables: Tables;
  readonly alarms: Alarms;
  readonly database: Database;
  readonly model: Model;
  readonly publish: Publish;
  readonly clock: Clock;
  /** At least 0, less than 1. */
  readonly random: () => number;
  readonly names: Readonly<Record<Side, string>>;
  /** ARNs, where streams are read. */
  readonly streams?: Readonly<Record<Side, string>>;
  readonly triggers: readonly string[];
  /** Legacy items in one slice of the backfill. */
  readonly itemsPerSlice: number;
  readonly maxWriteUnits: number;
  /** @default rehydrate */
  readonly kind?: Kind;
}

export interface PreflightInput {
  readonly run: string;
  readonly generation: number;
  /** Names of the queries that some gate asks. A run that began under an older definition has none. */
  readonly queries?: readonly string[];
}

export interface PreflightResult {
  /** By DynamoDB's own count, which is up to six hours old. */
  readonly items: number;
  readonly bytes: number;
  readonly slices: number;
}

/** Items of each table that are looked at. */
const SAMPLE = 100;
/** A Distributed Map has at most this many slices here. */
const MOST_SLICES = 1000;
/** Problems named in one error. */
const MOST_TOLD = 20;

/**
 * Looks for everything that would stop the rollout later, and takes the on-demand backup when there is nothing
 * and items are to be written.
 * @throws LeaseLost; InvalidConfiguration when a gate names queries that the transform does not have; PreflightFailed with all
 * problems, each with what to do
 */
export async function preflight(ports: PreflightPorts, event: PreflightInput): Promise<PreflightResult> {
  const { ledger, names, kind = 'rehydrate' } = ports;
  await ledger.hold(event.generation);
  patternsNamed(ports.model, event.queries ?? []);
  const [legacy, target] = await Promise.all([ports.tables.describe(names.legacy), ports.tables.describe(names.target)]);
  const { schemas } = ports.model;
  const problems = [
    ...checkTables(legacy, target, { schemas, streams: ports.streams, maxWriteUnits: ports.maxWriteUnits, kind }),
    ...(kind === 'rehydrate' ? checkCanaries(ports.model, target) : []),
    ...(kind === 'reindex' ? [] : await checkSamples(ports, legacy, target)),
    ...(await checkTriggers(ports)),
  ];
  if (problems.length > 0) throw failed(problems);
  await ledger.hold(event.generation);
  const backup = kind === 'reindex' ? undefined : await backupOnce(ports, event.run);
  const { items, bytes } = legacy;
  const slices = Math.min(MOST_SLICES, Math.max(1, Math.ceil(items / ports.itemsPerSlice)));
  const capacity = (table: TableFacts) => table.writeCapacity ?? 'on-demand';
  const facts = {
    items,
    bytes,
    slices,
    backup,
    writeCapacity: { legacy: capacity(legacy), target: capacity(target) },
    timeToLive: legacy.timeToLive,
  };
  await ledger.saveNote('size', { items, bytes, slices });
  await recordOnce(ledger, event.run, 'preflight', facts);
  return { items, bytes, slices };
}

async function checkSamples(
  { database, model, random, kind = 'rehydrate' }: PreflightPorts,
  legacy: TableFacts,
  target: TableFacts,
): Promise<string[]> {
  const sources = await sample(database, 'legacy', legacy.items, random);
  const known = sources.filter((item) => checkNotCanary(model, item).length === 0);
  const taken = sources.length - known.length;
  const written = kind === 'rehydrate' ? await sample(database, 'target', target.items, random) : [];
  const foreign = written.filter((item) => tokenOf(item) === undefined).length;
  return [
    ...known.flatMap((item) => checkItem(model, item, target)),
    // A few are canaries of an earlier run; that all are would be a wrong canary.number().
    ...(taken > 0 && taken === sources.length ? checkNotCanary(model, sources[0] as Item) : []),
    ...(foreign > 0
      ? [
          `Table ${target.name} holds items that no rollout wrote (${foreign} of a sample). Reconciliation would delete them: ` +
            'give the migration a table of its own.',
        ]
      : []),
  ];
}

/** Items of a random segment; of the whole table where that segment has too few. */
async function sample(database: Database, side: Side, items: number, random: () => number): Promise<Item[]> {
  const segments = Math.min(MOST_SLICES, Math.max(1, Math.floor(items / (SAMPLE * 10))));
  const segment = Math.floor(random() * segments);
  const found = (await database.scan(side, { segment, segments, limit: SAMPLE })).items;
  if (found.length >= SAMPLE || segments === 1) return found;
  return [...found, ...(await database.scan(side, { segment: 0, segments: 1, limit: SAMPLE })).items];
}

/** Zeros first: an alarm that never had data may be in INSUFFICIENT_DATA. */
async function checkTriggers({ alarms, triggers, publish, clock }: PreflightPorts): Promise<string[]> {
  await publish(ZEROS);
  return checkAlarms(alarms, triggers, clock);
}

/** One backup for a run, whatever happens between taking it and writing it down. */
async function backupOnce({ tables, names, ledger }: PreflightPorts, run: string): Promise<string> {
  const name = `rollout-${shortName(run, 200)}`;
  const note = await ledger.note(`backup#${run}`);
  if (note) return note.arn as string;
  const arn = (await tables.findBackup(names.legacy, name)) ?? (await tables.createBackup(names.legacy, name));
  await ledger.saveNote(`backup#${run}`, { arn, name });
  return arn;
}

function failed(problems: readonly string[]): RolloutError {
  const told = problems.slice(0, MOST_TOLD).map((problem, index) => `${index + 1}. ${problem}`);
  const more = problems.length > MOST_TOLD ? ` And ${problems.length - MOST_TOLD} more.` : '';
  return new RolloutError(
    'PreflightFailed',
    `The rollout cannot begin: ${problems.length} problems. ${told.join(' ')}${more} Nothing was changed; start again when they are mended.`,
    { problems },
  );
}
