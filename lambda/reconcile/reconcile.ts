import type { Publish } from '../core/control';
import { RolloutError } from '../core/errors';
import { type Item, keyText } from '../core/item';
import { METRICS } from '../core/names';
import { inParallel } from '../core/pace';
import { permitFor } from '../core/permit';
import { authorityOf, type Side } from '../core/position';
import { BEFORE_REPAIR, BEFORE_VERDICT, differencesOf, judgeSuspects, type Look, suspectsOf } from '../core/reconcile';
import type { RoutingSource } from '../core/routing-source';
import { settleForward } from '../core/settle';
import { type Counts, checkSlices, phaseOfSide, type Walking, walkSlice } from '../core/slice';
import type { Tokens } from '../core/stamp';

/** Items of one comparison. Suspects of one comparison wait together, so this is large. */
const PORTION = 2000;

/** Groups settled at a time. */
const REPAIRS = 8;

/** Groups that one event tells of, and differences of each; the rest is a number. */
const GROUPS_TOLD = 20;
const DIFFERENCES_TOLD = 10;

export interface ReconcilePorts extends Walking {
  readonly routing: RoutingSource;
  readonly tokens: Tokens;
  readonly publish: Publish;
}

export interface ReconcileInput {
  readonly run: string;
  readonly generation: number;
  readonly phase: string;
  readonly side: Side;
  readonly slice: number;
  readonly slices: number;
  /** True before traffic moves: makes the target equal to `up` of legacy. False later: only counts. */
  readonly repair: boolean;
}

/** Sums over the slice so far, earlier invocations included. */
export interface ReconcileResult {
  /** False when the time was up: call again. */
  readonly done: boolean;
  /** Items of the side. */
  readonly checked: number;
  /** Groups that were made equal. */
  readonly repaired: number;
  /** Groups that differ though nothing is under way. */
  readonly diverged: number;
}

/**
 * Compares one slice of one side with the other. What differs at a glance is looked at again, so that a live change on
 * its way is neither repaired nor counted.
 * @throws LeaseLost, TransformFailed, and when repairing BarrierNotReached where the target is in authority
 */
export async function reconcile(ports: ReconcilePorts, input: ReconcileInput): Promise<ReconcileResult> {
  checkSlices(input.slices);
  const { side, repair } = input;
  const work = async (items: Item[]): Promise<Counts> => {
    const patience = repair ? BEFORE_REPAIR : BEFORE_VERDICT;
    const { diverged, lagging } = await judgeSuspects(ports, await suspectsOf(ports, side, items), patience);
    const found = repair
      ? { repaired: await repairAll(ports, [...diverged, ...lagging]), diverged: 0 }
      : { repaired: 0, diverged: await tell(ports, input, diverged) };
    await ports.publish({ [METRICS.repaired]: found.repaired, [METRICS.divergence]: found.diverged });
    return { checked: items.length, lagging: lagging.length, ...found };
  };
  const slice = { ...input, phase: phaseOfSide(input.phase, side) };
  const { done, counts } = await walkSlice(ports, slice, work, PORTION);
  const { checked = 0, repaired = 0, diverged = 0 } = counts;
  return { done, checked, repaired, diverged };
}

/** Groups that were changed. Those that will not hold still are settled, too: an extra item may hide among changes. */
async function repairAll(ports: ReconcilePorts, looks: Look[]): Promise<number> {
  const settled = await inParallel(REPAIRS, looks, (look) => repairOne(ports, look));
  return settled.filter((result) => result === 'changed').length;
}

async function repairOne(ports: ReconcilePorts, { legacyKey, candidates }: Look) {
  const { database, model, tokens, routing, remaining } = ports;
  const { position, mayWrite } = await permitFor(routing, model, legacyKey, remaining);
  if (authorityOf(position) === 'legacy') {
    return settleForward({ database, model, tokens, mayWrite }, legacyKey, candidates);
  }
  throw new RolloutError(
    'BarrierNotReached',
    `${keyText(legacyKey)} differs and stands in ${position}, where the target is in authority: repairing it from legacy would ` +
      'lose writes. Take traffic back to legacy first, or reconcile without repair.',
    { key: keyText(legacyKey), position },
  );
}

/** Puts groups that differ for good on record: keys and attribute names, no values. Returns how many. */
async function tell({ ledger }: ReconcilePorts, { run, phase, side, slice }: ReconcileInput, diverged: Look[]): Promise<number> {
  if (diverged.length === 0) return 0;
  const groups = diverged.slice(0, GROUPS_TOLD).map((look) => ({
    legacyKey: keyText(look.legacyKey),
    differences: differencesOf(look).slice(0, DIFFERENCES_TOLD),
  }));
  await ledger.append(run, 'divergence', { phase, side, slice, groups, more: diverged.length - groups.length });
  await ledger.count('divergence', diverged.length);
  return diverged.length;
}
