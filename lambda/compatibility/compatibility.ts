import type { Tables } from '../core/control';
import { RolloutError } from '../core/errors';
import { type Item, keyOf } from '../core/item';
import type { Ledger } from '../core/ledger';
import type { Model } from '../core/model';
import { type Database, MOST_SEGMENTS } from '../core/ports';
import { recorded } from '../core/record-once';
import { type CompatibilitySpec, type Findings, Survey } from '../core/survey';
import { inspectItem } from '../preflight/check-transform';

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
/** Items around a place; DynamoDB's own count is hours old, so there are some places in any case. A small table is looked at whole. */
const AROUND = 2000;
const LEAST_SEGMENTS = 16;
const PAGE = 500;
/** Milliseconds before the end of the process with which a sample is cut short. */
const SPARE = 60_000;

/**
 * Looks whether items of the legacy table fit the transform, before a stage: keys and types, there and back, twice the same,
 * sizes. What was found is evidence in the ledger; a task that runs again says what the first one wrote down.
 * @throws LeaseLost; GateFailed with the first problems; NotMeasured when there is no item, or no time for as many as were asked for
 */
export async function compatibility(ports: CompatibilityPorts, input: CompatibilityInput): Promise<Findings> {
  const { ledger } = ports;
  const { run, generation, stage, compatibility: gate } = input;
  await ledger.hold(generation);
  const known = await recorded(ledger, run, 'compatibility', (event) => event.data.stage === stage);
  const findings = (known?.data.findings as Findings | undefined) ?? (await survey(ports, gate.sample));
  if (!findings.isWhole && !gate.observeOnly && findings.incompatible === 0) throw unfinished(stage, findings);
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
  const segments = Math.min(MOST_SEGMENTS, Math.max(LEAST_SEGMENTS, Math.floor(legacy.items / AROUND)));
  const wanted = Math.min(PLACES, Math.ceil(sample / 10));
  const places = new Places(segments, wanted, random);
  const each = Math.min(PAGE, Math.ceil(sample / wanted));
  let seen = 0;
  for (let place = places.next(); place && seen < sample; place = places.next()) {
    if (remaining() < SPARE) return found.findings(false);
    const { segment, after } = place;
    const page = await database.scan('legacy', { segment, segments, after, limit: Math.min(each, sample - seen) });
    for (const item of page.items) if (!isCanary(model, item)) found.add(item, inspectItem(model, item, target));
    seen += page.items.length;
    if (page.next) places.putBack({ segment, after: page.next });
  }
  return found.findings(true);
}

/** Where a scan goes on. */
interface Place {
  readonly segment: number;
  readonly after?: Item;
}

/** Random segments, one after the other and round again, and others when these have come to their end. */
class Places {
  private readonly begun = new Set<number>();
  private readonly waiting: Place[] = [];

  constructor(
    private readonly segments: number,
    private readonly wanted: number,
    private readonly random: () => number,
  ) {}

  next(): Place | undefined {
    if (this.begun.size < Math.min(this.wanted, this.segments)) return this.another();
    return this.waiting.shift() ?? this.another();
  }

  putBack(place: Place): void {
    this.waiting.push(place);
  }

  private another(): Place | undefined {
    if (this.begun.size === this.segments) return undefined;
    let segment = Math.floor(this.random() * this.segments);
    while (this.begun.has(segment)) segment = (segment + 1) % this.segments;
    this.begun.add(segment);
    return { segment };
  }
}

function isCanary(model: Model, item: Item): boolean {
  return model.canaryNumber(keyOf(item, model.schemas.legacy)) !== undefined;
}

/** It is not written down: the next try looks again. */
function unfinished(stage: number, { examined }: Findings): RolloutError {
  return new RolloutError(
    'NotMeasured',
    `Gate compatibility of stage ${stage}: there was time for ${examined} items only. Ask for a smaller sample, or give the table more capacity.`,
    { stage, examined },
  );
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
