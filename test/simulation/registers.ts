import { type Attribute, type Item, keyText } from '../../lambda/core/item';
import type { Event } from '../../lambda/core/ledger';
import { itemFromJson } from '../../lambda/core/wire-json';
import type { Operation } from './history';
import { isLinearizable } from './linearizable';
import { partsOf } from './parts-model';
import { BEGINNING } from './scheduler';
import { INITIAL } from './settings';
import { readName } from './values';
import type { World } from './world';

/** A broken promise. */
export interface Violation {
  readonly invariant: string;
  readonly what: string;
}

/** Milliseconds; from the first release of an immediate rollback until all that it had to merge is merged. */
interface Gap {
  readonly from: number;
  readonly to: number;
}

/**
 * I1 and I2: what was read and written of each key, the last reads among it, fits one copy. In the gap of an immediate
 * rollback I1 does not hold; but each last acknowledged write is there afterwards, or in the ledger.
 */
export function registers(world: World, events: readonly Event[]): Violation[] {
  const gap = gapOf(world);
  return [...world.history.byKey()].flatMap(([key, operations]) => {
    const parts = gap ? aroundGap(operations, gap) : { before: operations, after: [] };
    const lost = gap ? lostIn(world, key, operations, gap, events) : [];
    const fits =
      isLinearizable(INITIAL.get(key), parts.before) &&
      anyOf(valuesOf(key, operations), (value) => isLinearizable(value, parts.after));
    return [...(fits ? [] : [{ invariant: 'I1', what: `${key} fits no order:${listed(operations)}` }]), ...lost];
  });
}

function gapOf({ appConfig: { deployments } }: World): Gap | undefined {
  const first = deployments.find(({ table }) => table.salvage);
  if (!first) return undefined;
  const end = deployments.findLast(({ table, number }) => number > first.number && !table.salvage);
  return { from: first.startedAt, to: end?.startedAt ?? Number.POSITIVE_INFINITY };
}

/** What reaches into the gap is open on that side: it may have had its effect, or not. */
function aroundGap(operations: readonly Operation[], { from, to }: Gap): { before: Operation[]; after: Operation[] } {
  const open = (operation: Operation): Operation => ({ ...operation, ended: undefined });
  const before = operations
    .filter(({ began }) => began < from)
    .map((operation) => ((operation.ended ?? to) < from ? operation : open(operation)));
  const after = operations
    .filter(({ began, ended }) => began >= to || (ended ?? to) >= to)
    .map((operation) => (operation.began >= to ? operation : { ...open(operation), began: to }));
  return { before, after };
}

/** I2: acknowledged writes that nothing followed, and that are neither what is there after the gap nor in the ledger. */
function lostIn(world: World, key: string, operations: readonly Operation[], gap: Gap, events: readonly Event[]): Violation[] {
  const { to } = gap;
  const isExcused = (write: Operation) => mayBeOverwritten(world, key, write, gap);
  const writes = operations.filter(({ began, effects }) => began < to && effects.some(({ kind }) => kind !== 'read'));
  const last = writes.filter(
    ({ ended }) => !writes.some((other) => other.ended !== undefined && other.began > (ended ?? Number.POSITIVE_INFINITY)),
  );
  const read = operations.filter(({ began, who }) => began >= to && who === 'last').at(-1);
  const isRewritten = operations.some(({ began, effects }) => began >= to && effects.some(({ kind }) => kind !== 'read'));
  if (!read || isRewritten) return [];
  const now = read.effects[0]?.value;
  if (last.some(({ effects }) => effects.some(({ value }) => value === now))) return [];
  const kept = salvaged(world, key, events);
  const gone = last.filter((write) => write.ended !== undefined && !kept.has(write.effects[0]?.value) && !isExcused(write));
  return gone.map(({ who, name }) => ({
    invariant: 'I2',
    what: `${who} ${name} of ${key} is nowhere; ${now} is there:${listed(operations)}`,
  }));
}

/**
 * The one window of an immediate rollback (docs/protocol.md, "What is not promised"): another client, which had not heard
 * of it, wrote to the same group later in the gap.
 */
function mayBeOverwritten({ history }: World, key: string, write: Operation, { from, to }: Gap): boolean {
  const group = key.split('/')[0] as string;
  return [...history.byKey()].some(
    ([other, operations]) =>
      other.startsWith(`${group}/`) &&
      operations.some(({ who, began, ended, effects }) => {
        const isWrite = effects.some(({ kind }) => kind !== 'read');
        return isWrite && who !== write.who && (ended ?? to) >= from && began < to && (ended ?? to) > write.began;
      }),
  );
}

/** Values of a key that the ledger keeps; undefined for a deletion. */
function salvaged({ model }: World, key: string, events: readonly Event[]): Set<string | undefined> {
  const [group, part] = key.split('/') as [string, string];
  const kept = events.filter(({ kind }) => kind === 'salvaged');
  const target = model.targetKey(group, part);
  const late = kept.filter(({ data }) => data.key === keyText(target));
  const overwritten = kept.filter(({ data }) => data.key === keyText(model.legacyKey(target)));
  return new Set([
    ...late.map(({ data }) => (data.deleted ? undefined : readName(imageOf(data).v as Attribute))),
    ...overwritten.map(({ data }) => partsOf(imageOf(data))[part]),
  ]);
}

function imageOf({ image }: Event['data']): Item {
  return itemFromJson(JSON.parse(image as string));
}

function valuesOf(key: string, operations: readonly Operation[]): (string | undefined)[] {
  return [...new Set([undefined, INITIAL.get(key), ...operations.flatMap(({ effects }) => effects.map(({ value }) => value))])];
}

function anyOf<T>(values: readonly T[], holds: (value: T) => boolean): boolean {
  return values.some(holds);
}

function listed(operations: readonly Operation[]): string {
  const seconds = (time: number | undefined) => (time === undefined ? 'never' : ((time - BEGINNING) / 1000).toFixed(3));
  const lines = [...operations]
    .sort((a, b) => a.began - b.began)
    .map(({ who, name, began, ended, effects }) => {
      const told = effects.map((effect) => `${'from' in effect ? `${effect.from} to ` : ''}${effect.value}`);
      return `\n    ${seconds(began)} to ${seconds(ended)}  ${who} ${name}: ${told.join(' or ')}`;
    });
  return lines.join('');
}
