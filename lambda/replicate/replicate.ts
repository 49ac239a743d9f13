import pLimit from 'p-limit';
import type { Publish } from '../core/control';
import { expected } from '../core/group';
import { type Item, keyText } from '../core/item';
import type { Ledger } from '../core/ledger';
import type { Model } from '../core/model';
import { permitFor, SPARE_MILLISECONDS } from '../core/permit';
import { encodePoison, isLasting, type Poison, poisonOf, type Queue } from '../core/poison';
import type { Database } from '../core/ports';
import { authorityOf } from '../core/position';
import {
  type Change,
  isUnadopted,
  mayOverwrite,
  type Replicated,
  replicateForward,
  replicateReverse,
  type StreamRecord,
  salvage,
} from '../core/replicate';
import type { RoutingSource } from '../core/routing-source';
import type { Tokens } from '../core/stamp';
import { keyDigest } from '../core/tracing';
import { keepOnRecord } from './record';
import type { TracedDocument, Tracing } from './tracing';

/** Groups carried over at a time. */
const GROUPS = 8;

export interface ReplicatePorts {
  readonly direction: 'forward' | 'reverse';
  readonly database: Database;
  readonly model: Model;
  readonly tokens: Tokens;
  readonly routing: RoutingSource;
  readonly ledger: Ledger;
  readonly poison: Queue;
  readonly publish: Publish;
  /** Only where X-Ray samples the invocation. */
  readonly tracing?: Tracing;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds until the process ends. */
  readonly remaining: () => number;
}

/** What became of one record. `failed` is delivered again. */
export type Outcome = { readonly record: StreamRecord; readonly unadopted?: boolean; readonly overwrites?: boolean } & (
  | { readonly kind: Replicated }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'poison'; readonly poison: Poison }
);

/**
 * Carries the changes of a batch to the other side: groups beside each other, the changes of one group in order. What
 * can never be carried goes to the poison queue and does not hold up its shard.
 *
 * A batch may come again, whole or in part, at any time: each change is a hint, and what it leads to is conditional on
 * what the tables say then.
 *
 * @returns the sequence number of the earliest record that failed, if any: Lambda delivers again from there on
 * (AWS Lambda Developer Guide, "Configuring partial batch response with DynamoDB and Lambda")
 */
export async function replicate(ports: ReplicatePorts, records: readonly StreamRecord[]): Promise<string | undefined> {
  if (records.length === 0) return undefined;
  const limit = pLimit(GROUPS);
  const groups = groupsOf(ports, records).map((group) => limit(() => carryGroup(ports, group)));
  const outcomes = new Map((await Promise.all(groups)).flat().map((outcome) => [outcome.record, outcome]));
  const first = records.findIndex((record) => outcomes.get(record)?.kind === 'failed');
  // What follows the first failure comes again and is put on record then.
  const settled = records.slice(0, first < 0 ? records.length : first).flatMap((record) => outcomes.get(record) ?? []);
  const failure = first < 0 ? undefined : outcomes.get(records[first] as StreamRecord);
  await Promise.all([keepOnRecord(ports, records, settled, failure), ports.tracing?.keep()]);
  return failure?.record.sequence;
}

/** Never throws: a record that fails ends its group, for the later ones may depend on it. */
async function carryGroup(ports: ReplicatePorts, group: readonly StreamRecord[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const record of group) {
    const outcome = await carryTraced(ports, record);
    outcomes.push(outcome);
    if (outcome.kind === 'failed') break;
  }
  return outcomes;
}

async function carryTraced(ports: ReplicatePorts, record: StreamRecord): Promise<Outcome> {
  const { tracing, database } = ports;
  if (!tracing) return carry(ports, record);
  return tracing.follow(documentOf(ports, record), database, (own) => carry({ ...ports, database: own }, record), toldOf);
}

/** Undefined for a key that the transform leads nowhere. */
function documentOf(ports: ReplicatePorts, { change, sequence, createdAt }: StreamRecord): TracedDocument | undefined {
  try {
    const legacyKey = legacyKeyOf(ports, change.key);
    return { key: keyDigest(legacyKey), canary: ports.model.canaryNumber(legacyKey) !== undefined, sequence, createdAt };
  } catch {
    return undefined;
  }
}

function toldOf(outcome: Outcome): { outcome: string; error?: string } {
  if (outcome.kind === 'poison') return { outcome: outcome.kind, error: outcome.poison.error };
  if (outcome.kind !== 'failed') return { outcome: outcome.kind };
  return { outcome: outcome.kind, error: outcome.error instanceof Error ? outcome.error.name : 'Error' };
}

async function carry(ports: ReplicatePorts, record: StreamRecord): Promise<Outcome> {
  const unadopted = { unadopted: false };
  try {
    const legacyKey = legacyKeyOf(ports, record.change.key);
    unadopted.unadopted = isNative(ports, record, legacyKey);
    const { kind, overwrites } = await carryOver(ports, record, legacyKey);
    return { kind, record, overwrites, ...unadopted };
  } catch (error) {
    const aside = await setAside(ports, record, error).catch((failure: unknown) => ({
      kind: 'failed' as const,
      record,
      error: failure,
    }));
    return { ...aside, ...unadopted };
  }
}

/**
 * A write of the user's own code that does not go through the client. Of items that stay in legacy alone nobody's writes count: where one
 * type of a single table moves, the others are written as ever.
 */
function isNative({ direction, model }: ReplicatePorts, { change }: StreamRecord, legacyKey: Item): boolean {
  if (direction !== 'forward' || change.byService || !isUnadopted(change)) return false;
  return model.canaryNumber(legacyKey) === undefined && !staysBehind(model, change);
}

/** True when `up` makes nothing of either image. What it throws on might move one day. */
function staysBehind(model: Model, { before, after }: Change): boolean {
  try {
    return expected(model, before).size === 0 && expected(model, after).size === 0;
  } catch {
    return false;
  }
}

async function carryOver(
  ports: ReplicatePorts,
  { change }: StreamRecord,
  legacyKey: Item,
): Promise<{ kind: Replicated; overwrites?: boolean }> {
  const { database, model, tokens, routing, direction, remaining } = ports;
  if (remaining() < SPARE_MILLISECONDS) throw new Error('The time of this invocation is nearly up.');
  const { table, position, mayWrite } = await permitFor(routing, model, legacyKey, remaining);
  const settling = { database, model, tokens, mayWrite };
  const isOurs = model.canaryNumber(legacyKey) !== undefined;
  if (direction === 'forward') {
    const kind = await replicateForward(settling, position, change);
    return { kind, overwrites: table.salvage && !isOurs && mayOverwrite(model, change) };
  }
  const isLate = table.salvage && authorityOf(position) === 'legacy';
  // A canary that was swept meanwhile would come back: its deletion could not be merged.
  if (isLate && isOurs) return { kind: 'ignored' };
  return { kind: await (isLate ? salvage(settling, change) : replicateReverse(settling, position, change)) };
}

/** Puts a change that fails for good into the poison queue; throws every other error again. */
async function setAside(ports: ReplicatePorts, record: StreamRecord, error: unknown): Promise<Outcome> {
  if (!isLasting(error)) throw error;
  const poison = poisonOf(ports.model, ports.direction, record.change, error);
  await ports.poison.send(encodePoison(poison));
  return { kind: 'poison', record, poison };
}

function groupsOf(ports: ReplicatePorts, records: readonly StreamRecord[]): StreamRecord[][] {
  const groups = new Map<string, StreamRecord[]>();
  for (const record of records) {
    const name = groupName(ports, record.change.key);
    groups.set(name, [...(groups.get(name) ?? []), record]);
  }
  return [...groups.values()];
}

/** A key that the transform leads nowhere is a group of its own; carrying it fails and says why. */
function groupName(ports: ReplicatePorts, key: Item): string {
  try {
    return keyText(legacyKeyOf(ports, key));
  } catch {
    return `?${keyText(key)}`;
  }
}

function legacyKeyOf({ direction, model }: ReplicatePorts, key: Item): Item {
  return direction === 'forward' ? key : model.legacyKey(key);
}
