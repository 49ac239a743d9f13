import type { Tables } from '../core/control';
import { RolloutError } from '../core/errors';
import { expected } from '../core/group';
import { type Item, keyOf } from '../core/item';
import type { Ledger } from '../core/ledger';
import type { Model } from '../core/model';
import type { Database } from '../core/ports';
import { recorded } from '../core/record-once';
import { type CompatibilitySpec, type Findings, Survey } from '../core/survey';
import { checkItem } from '../preflight/check-transform';

export interface CompatibilityPorts {
  readonly ledger: Ledger;
  readonly tables: Tables;
  readonly database: Database;
  readonly model: Model;
  /** At least 0, less than 1. */
  readonly random: () => number;
  /** Milliseconds until the process ends. */
  readonly remaining: () => number;
  readonly names: { readonly legacy: string; readonly target: string };
}

export interface CompatibilityInput {
  readonly run: string;
  readonly generation: number;
  readonly stage: number;
  readonly compatibility: CompatibilitySpec;
}

/** Random places of the table that a sample comes from, at most. */
const PLACES = 100;
/** Items around a place; a table with fewer items than a sample asks for has one place, and is looked at whole. */
const AROUND = 2000;
const PAGE = 500;
/** Segments of a scan (DynamoDB API, Scan: TotalSegments). */
const MOST_SEGMENTS = 1_000_000;
/** Milliseconds before the end of the process with which a sample is cut short. */
const SPARE = 60_000;

/**
 * Looks whether items of the legacy table fit the transform, before a stage: keys and types, there and back, twice the same,
 * sizes. What was found is evidence in the ledger; a task that runs again says what the first one wrote down.
 * @throws LeaseLost; GateFailed with the first problems; NotMeasured when there is no item
 */
export async function compatibility(ports: CompatibilityPorts, input: CompatibilityInput): Promise<Findings> {
  const { ledger } = ports;
  const { run, generation, stage, compatibility: gate } = input;
  await ledger.hold(generation);
  const known = await recorded(ledger, run, 'compatibility', (event) => event.data.stage === stage);
  const findings = (known?.data.findings as Findings | undefined) ?? (await survey(ports, gate.sample));
  if (!known) await ledger.append(run, 'compatibility', { stage, observeOnly: gate.observeOnly, findings });
  if (!gate.observeOnly) requireFit(stage, findings);
  return findings;
}

async function survey(
  { tables, names, database, model, random, remaining }: CompatibilityPorts,
  sample: number,
): Promise<Findings> {
  const [legacy, target] = await Promise.all([tables.describe(names.legacy), tables.describe(names.target)]);
  const found = new Survey();
  const segments = Math.min(MOST_SEGMENTS, Math.max(1, Math.floor(legacy.items / AROUND)));
  const places = placesOf(Math.min(PLACES, segments, Math.ceil(sample / 10)), segments, random);
  const each = Math.ceil(sample / places.length);
  for (const segment of places) {
    let left = each;
    let after: Item | undefined;
    do {
      const page = await database.scan('legacy', { segment, segments, after, limit: Math.min(PAGE, left) });
      for (const item of page.items)
        if (!isCanary(model, item)) found.add(item, checkItem(model, item, target), madeOf(model, item));
      left -= page.items.length;
      after = page.next;
    } while (after && left > 0 && remaining() > SPARE);
  }
  return found.findings();
}

/** So many different segments. */
function placesOf(count: number, segments: number, random: () => number): number[] {
  const places = new Set<number>();
  while (places.size < count) places.add(Math.floor(random() * segments));
  return [...places];
}

function isCanary(model: Model, item: Item): boolean {
  return model.canaryNumber(keyOf(item, model.schemas.legacy)) !== undefined;
}

/** None where `up` fails: that is one of the problems. */
function madeOf(model: Model, item: Item): Item[] {
  try {
    return [...expected(model, item).values()];
  } catch {
    return [];
  }
}

function requireFit(stage: number, { examined, incompatible, problems }: Findings): void {
  if (examined === 0) {
    throw new RolloutError(
      'NotMeasured',
      `Gate compatibility of stage ${stage}: the legacy table has no items to look at. Fill it, or leave the gate out.`,
      { stage },
    );
  }
  if (incompatible === 0) return;
  throw new RolloutError(
    'GateFailed',
    `Gate compatibility of stage ${stage}: ${incompatible} of ${examined} items do not fit the transform. ${problems.join(' ')}`,
    { stage, incompatible, examined },
  );
}
