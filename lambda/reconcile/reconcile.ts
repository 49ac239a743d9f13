import type { Publish } from '../core/control';
import type { Item } from '../core/item';
import type { Side } from '../core/position';
import { suspectsOf } from '../core/reconcile';
import type { RoutingSource } from '../core/routing-source';
import { type Counts, checkSlices, phaseOfSide, type Walking, walkSlice } from '../core/slice';
import type { Tokens } from '../core/stamp';
import { settleSuspects } from './settle-suspects';

/** Items of one comparison. Suspects of one comparison wait together, so this is large. */
const PORTION = 2000;

export interface ReconcilePorts extends Walking {
  readonly routing: RoutingSource;
  readonly tokens: Tokens;
  readonly publish: Publish;
  readonly requirePrompt: () => Promise<void>;
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
  /** True to count nothing that an alarm or a stage looks at. */
  readonly observeOnly?: boolean;
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
  const { run, side } = input;
  const work = async (items: Item[]): Promise<Counts> => {
    const place = { run, phase: input.phase, at: { side, slice: input.slice } };
    const found = await settleSuspects(ports, place, await suspectsOf(ports, side, items), input);
    return { checked: items.length, ...found };
  };
  const slice = { ...input, phase: phaseOfSide(input.phase, side), readsOnly: !input.repair };
  const { done, counts } = await walkSlice(ports, slice, work, PORTION);
  const { checked = 0, repaired = 0, diverged = 0 } = counts;
  return { done, checked, repaired, diverged };
}
