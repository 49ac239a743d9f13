import { createHash } from 'node:crypto';
import { compile, isInPlace, movesUsers, nextTable, nextTableInPlace, type Plan, type Step } from './plan';
import {
  allLegacy,
  encodeFlag,
  fence,
  isAllLegacy,
  positionsOf,
  type RoutingTable,
  returnsAuthority,
  stepBack,
} from './routing-table';

/**
 * Seconds that the traffic function may run. A takeover waits this long: a release that began before it may still come.
 */
export const TRAFFIC_SECONDS = 15;

/** Where traffic is to go: to the end of a stage, or back. */
export type Goal =
  | { readonly kind: 'stage'; readonly stage: number }
  | { readonly kind: 'back' }
  | { readonly kind: 'fence' }
  | { readonly kind: 'legacy'; readonly salvage: boolean };

/** Canaries: even ones scout one position ahead, odd ones go with the furthest keys of the user. */
export type Lane = 'scout' | 'lead';

/** The next release towards a goal. */
export interface Move {
  readonly table: RoutingTable;
  /** Replication that must be proved, with canaries of that lane, before the release. */
  readonly prove: Lane | 'none';
  readonly strategy: 'immediate' | { readonly id: string };
  /** The step of the user's keys, when the release is one. */
  readonly step?: Step;
}

/** The next release on the way from the deployed table to a goal, or undefined when it is reached. */
export function nextMove(deployed: RoutingTable, goal: Goal, plan: Plan, run: string): Move | undefined {
  if (goal.kind === 'stage') return forward(deployed, goal.stage, plan, run);
  return isInPlace(plan) ? backInPlace(deployed, run) : backward(deployed, goal, run);
}

function forward(deployed: RoutingTable, stage: number, plan: Plan, run: string): Move | undefined {
  const { kind, lease, poll } = plan;
  const steps = compile(plan.stages, kind);
  const next = isInPlace(plan) ? nextTableInPlace : nextTable;
  const table = next({ ...deployed, run, lease, poll, salvage: false }, steps, stage);
  if (!table) return undefined;
  const prove = deployed.trial === 'none' ? 'none' : 'scout';
  if (!movesUsers(deployed, table)) return { table, prove, strategy: 'immediate' };
  const step = steps[deployed.step] as Step;
  return { table, prove, strategy: { id: plan.stages[step.stage]?.strategy as string }, step };
}

/** Everybody reads both forms, so the way back is one step, whatever is asked. */
function backInPlace(deployed: RoutingTable, run: string): Move | undefined {
  if (isAllLegacy(deployed)) return undefined;
  return { table: { ...allLegacy(deployed, false), run }, prove: 'none', strategy: 'immediate' };
}

/** A way back needs no plan: it is computed from the table that is deployed, so it survives a stack with other stages. */
function backward(deployed: RoutingTable, goal: Exclude<Goal, { kind: 'stage' }>, run: string): Move | undefined {
  const drained = returnsAuthority(deployed) ? 'lead' : 'none';
  const move = (table: RoutingTable, prove: Lane | 'none'): Move => ({ table: { ...table, run }, prove, strategy: 'immediate' });
  if (isAtOnce(goal)) return deployed.salvage ? undefined : move(allLegacy(deployed, true), 'none');
  if (deployed.salvage) return move(allLegacy(deployed, false), 'scout');
  if (goal.kind !== 'back' && isUnfenced(deployed)) return move(fence(deployed), 'none');
  return goal.kind === 'fence' || isAllLegacy(deployed) ? undefined : move(stepBack(deployed), drained);
}

/** True for an immediate rollback, which waits for nobody. */
export function isAtOnce(goal: Goal): boolean {
  return goal.kind === 'legacy' && goal.salvage;
}

/** True for the label of a release of the table, by whichever generation. */
export function isReleaseOf(label: string | undefined, table: RoutingTable): boolean {
  return label?.endsWith(labelEnd(table)) ?? false;
}

/** True when some key may still be written on the target. */
function isUnfenced(table: RoutingTable): boolean {
  return [...positionsOf(table), table.scout].some((position) => position === 'dual-target' || position === 'target');
}

/**
 * The label of a release: the same for the same release tried again, another for anything else. Of run, generation and
 * revision alone that is not so: after AppConfig took a revision back, another table may follow under the same number.
 * At most 64 characters (AWS AppConfig API, CreateHostedConfigurationVersion).
 */
export function labelOf(table: RoutingTable, generation: number): string {
  return `${labelStart(table.run, generation)}${labelEnd(table)}`;
}

function labelEnd(table: RoutingTable): string {
  return `${table.revision}-${digest(encodeFlag(table), 8)}`;
}

/** How the labels of all releases of one generation begin. */
export function labelStart(run: string, generation: number): string {
  return `${shortName(run, 36)}-${generation}-`;
}

/** A name that is not too long and still its own: what is cut off is replaced by a digest. */
export function shortName(name: string, length: number): string {
  return name.length <= length ? name : `${name.slice(0, length - 12)}-${digest(name, 11)}`;
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
