import { isCanary } from '../core/access-pattern';
import type { Tables } from '../core/control';
import { RolloutError } from '../core/errors';
import type { Ledger } from '../core/ledger';
import type { Model } from '../core/model';
import type { Database } from '../core/ports';
import { recorded } from '../core/record-once';
import { type CompatibilitySpec, type Findings, Survey } from '../core/survey';
import { inspectItem } from '../preflight/check-transform';
import { RandomItems } from './random-items';

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
  const items = new RandomItems({ database, random }, legacy.items, sample);
  while (!items.isDone) {
    if (remaining() < SPARE) return found.findings(false);
    for (const item of await items.page()) {
      if (!isCanary(model, 'legacy', item)) found.add(item, inspectItem(model, item, target));
    }
  }
  return found.findings(true);
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
