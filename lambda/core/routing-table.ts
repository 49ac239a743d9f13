import { createHash } from 'node:crypto';
import { RolloutError } from './errors';
import type { Item } from './item';
import type { Model } from './model';
import { authorityOf, POSITIONS, type Position, rankOf } from './position';

/** Buckets that routing keys are hashed into: one is a hundredth of a percent. */
export const BUCKETS = 10_000;

/** Keys with a bucket below this stand at this position. */
export interface Range {
  readonly below: number;
  readonly position: Position;
}

/** Routing keys that stand at a position of their own, whatever their bucket. */
export interface Pin {
  readonly key: string;
  readonly position: Position;
}

/** How far the way back has been tried for the next step. */
export type Trial = 'none' | 'out' | 'back';

/**
 * The one record of truth for routing: a small document that AppConfig delivers to every client and replicator.
 * Consecutive tables differ by at most one position for every key.
 */
export interface RoutingTable {
  /** Counts releases. An older revision may come back: AppConfig reverts by itself. */
  readonly revision: number;
  /** The run that released it. */
  readonly run: string;
  /** Steps of the plan that are done. */
  readonly step: number;
  readonly trial: Trial;
  /** Seconds for which a table may be used after it was asked for. */
  readonly lease: number;
  /** Seconds between two requests for the table. */
  readonly poll: number;
  /** Ascending; the last one is below `BUCKETS`. */
  readonly ranges: readonly Range[];
  readonly pins: readonly Pin[];
  /** Where even canaries stand: one position ahead of the next keys to move, or beside them. */
  readonly scout: Position;
  /** Percent of reads in `shadow` and `dual-target` that are compared with the other side. */
  readonly sample: number;
  /** True while an immediate rollback merges what clients still write to the target. */
  readonly salvage: boolean;
}

/** The table before anything moved. */
export function initialTable(run: string, lease: number, poll: number, revision = 1): RoutingTable {
  return {
    revision,
    run,
    step: 0,
    trial: 'none',
    lease,
    poll,
    ranges: [{ below: BUCKETS, position: 'legacy' }],
    pins: [],
    scout: 'legacy',
    sample: 0,
    salvage: false,
  };
}

/** The sticky bucket of a routing key. */
export function bucketOf(routingKey: string): number {
  return createHash('sha256').update(routingKey).digest().readUInt32BE(0) % BUCKETS;
}

/** Where a legacy key and its group stand. Odd canaries go with the furthest keys of the user, even ones scout ahead. */
export function positionOf(table: RoutingTable, model: Model, legacyKey: Item): Position {
  const canary = model.canaryNumber(legacyKey);
  if (canary !== undefined) return canary % 2 === 0 ? table.scout : furthest(table);
  return positionOfRoutingKey(table, model.routingKey(legacyKey));
}

/** Where a routing key of the user stands. */
export function positionOfRoutingKey(table: RoutingTable, routingKey: string): Position {
  const pin = table.pins.find((candidate) => candidate.key === routingKey);
  if (pin) return pin.position;
  const bucket = bucketOf(routingKey);
  const range = table.ranges.find(({ below }) => bucket < below);
  if (!range)
    throw new RolloutError('InvalidConfiguration', `Routing table ${table.revision} has no range for bucket ${bucket}.`);
  return range.position;
}

/** Every position that some key of the user has. */
export function positionsOf(table: RoutingTable): Position[] {
  return [...new Set([...table.ranges, ...table.pins].map(({ position }) => position))];
}

/** True when every key stands in `target`. */
export function isArrived(table: RoutingTable): boolean {
  return positionsOf(table).every((position) => position === 'target');
}

/** The position furthest along. */
export function furthest(table: RoutingTable): Position {
  return positionsOf(table).reduce((a, b) => (rankOf(b) > rankOf(a) || b === 'fenced' ? b : a));
}

/** The same table with every key, canaries too, moved by `move`. */
export function mapPositions(table: RoutingTable, move: (position: Position) => Position): RoutingTable {
  return {
    ...table,
    ranges: mergeRanges(table.ranges.map((range) => ({ ...range, position: move(range.position) }))),
    pins: table.pins.map((pin) => ({ ...pin, position: move(pin.position) })),
    scout: move(table.scout),
  };
}

/** Neighbouring ranges of one position become one. */
export function mergeRanges(ranges: readonly Range[]): Range[] {
  return ranges.filter((range, index) => range.position !== ranges[index + 1]?.position);
}

/** The table that follows on a soft rollback: everyone one position back. */
export function stepBack(table: RoutingTable): RoutingTable {
  return released(mapPositions(table, previous));
}

/** The table that fences: authority on the target waits without writes, everyone else goes one position back. */
export function fence(table: RoutingTable): RoutingTable {
  return released(mapPositions(table, (position) => (authorityOf(position) === 'target' ? 'fenced' : previous(position))));
}

/**
 * The table that has everyone in `legacy` at once. With `salvage`, late writes to the target are merged or kept, and even
 * canaries stand in `target`: they prove when the last of those writes has come out.
 */
export function allLegacy(table: RoutingTable, salvage: boolean): RoutingTable {
  return { ...released(mapPositions(table, () => 'legacy')), salvage, scout: salvage ? 'target' : 'legacy' };
}

/** True when every key, canaries too, is in `legacy`. */
export function isAllLegacy(table: RoutingTable): boolean {
  return usersInLegacy(table) && table.scout === 'legacy';
}

/** True when every key of the user is in `legacy`. */
export function usersInLegacy(table: RoutingTable): boolean {
  return positionsOf(table).every((position) => position === 'legacy');
}

/** True when the next table back takes keys out of the target's authority, so that reverse replication must have drained. */
export function returnsAuthority(table: RoutingTable): boolean {
  return positionsOf(table).some((position) => position === 'dual-target' || position === 'fenced');
}

function previous(position: Position): Position {
  if (position === 'fenced') return 'dual-legacy';
  return POSITIONS[Math.max(0, rankOf(position) - 1)] as Position;
}

function released(table: RoutingTable): RoutingTable {
  return { ...table, revision: table.revision + 1, step: 0, trial: 'none' };
}

/** A name for the flag and its attributes in the feature-flag profile; contract. */
export const FLAG = 'routing';

type FlagValue = { enabled: boolean } & Record<string, unknown>;

/**
 * The document of the feature-flag profile for a table.
 * Format: AWS AppConfig User Guide, "Understanding the type reference for AWS.AppConfig.FeatureFlags".
 */
export function encodeFlag(table: RoutingTable): string {
  const value: FlagValue = {
    enabled: true,
    revision: table.revision,
    run: table.run,
    step: table.step,
    trial: table.trial,
    lease: table.lease,
    poll: table.poll,
    ranges: table.ranges.map(({ below, position }) => `${below} ${position}`),
    pins: table.pins.map(({ key, position }) => `${position} ${key}`),
    scout: table.scout,
    sample: table.sample,
    salvage: table.salvage,
  };
  const type = (v: unknown) => (Array.isArray(v) ? 'array' : typeof v);
  const attributes = Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'enabled')
      .map(([name, v]) => [
        name,
        { constraints: type(v) === 'array' ? { type: 'array', elements: { type: 'string' } } : { type: type(v) } },
      ]),
  );
  return JSON.stringify({ version: '1', flags: { [FLAG]: { name: FLAG, attributes } }, values: { [FLAG]: value } });
}

/** The table in what AppConfig delivers (flags at the top level) or stores (flags under `values`). */
export function decodeFlag(text: string): RoutingTable {
  const document = parse(text);
  const flag = (document.values as Record<string, unknown> | undefined)?.[FLAG] ?? document[FLAG];
  if (!flag || typeof flag !== 'object') throw invalid('it has no flag named routing');
  const value = flag as Record<string, unknown>;
  const table: RoutingTable = {
    revision: number(value, 'revision'),
    run: string(value, 'run'),
    step: number(value, 'step'),
    trial: string(value, 'trial') as Trial,
    lease: number(value, 'lease'),
    poll: number(value, 'poll'),
    ranges: list(value, 'ranges').map((entry) => {
      const [below, position] = split(entry);
      return { below: Number(below), position: position as Position };
    }),
    pins: list(value, 'pins').map((entry) => {
      const [position, key] = split(entry);
      return { position: position as Position, key };
    }),
    scout: string(value, 'scout') as Position,
    sample: number(value, 'sample'),
    salvage: value.salvage === true,
  };
  for (const position of [...positionsOf(table), table.scout]) {
    if (position !== 'fenced' && !POSITIONS.includes(position)) throw invalid(`it names the unknown position ${position}`);
  }
  if (table.ranges.at(-1)?.below !== BUCKETS) throw invalid(`its ranges do not end at ${BUCKETS}`);
  return table;
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw invalid('it is no JSON', cause);
  }
}

function split(entry: string): [string, string] {
  const space = entry.indexOf(' ');
  return [entry.slice(0, space), entry.slice(space + 1)];
}

function number(value: Record<string, unknown>, name: string): number {
  if (typeof value[name] !== 'number') throw invalid(`its attribute ${name} is no number`);
  return value[name];
}

function string(value: Record<string, unknown>, name: string): string {
  if (typeof value[name] !== 'string') throw invalid(`its attribute ${name} is no string`);
  return value[name];
}

function list(value: Record<string, unknown>, name: string): string[] {
  const entries = value[name] ?? [];
  if (!Array.isArray(entries)) throw invalid(`its attribute ${name} is no list`);
  return entries as string[];
}

function invalid(why: string, cause?: unknown): RolloutError {
  return new RolloutError(
    'InvalidConfiguration',
    `The routing table from AppConfig cannot be used: ${why}. Release it again with the rollout's own workflow.`,
    {},
    cause,
  );
}
