import { compile, isInPlace, movesUsers, nextTable, nextTableInPlace, type Plan } from '../../lambda/core/plan';
import type { Position } from '../../lambda/core/position';
import { initialTable, type RoutingTable } from '../../lambda/core/routing-table';
import { sharesOf } from '../../lambda/core/shares';
import type { Manifest } from '../../lib/operations/manifest';

/** One stage as it will go. */
export interface Leg {
  readonly stage: string;
  readonly owner?: string;
  /** Releases in all, and those of them that move keys of the user; the others move canaries of ours. */
  readonly releases: number;
  readonly moves: number;
  /** Share of all keys by position at its end, 0 to 1; 0 where only pinned keys stand there. */
  readonly positions: Readonly<Record<string, number>>;
  /** Seconds that it takes at least: deployments, barriers and bake. */
  readonly seconds: number;
  /** Those of the bake. */
  readonly bake: number;
  /** The routing tables that move keys of the user, in order. */
  readonly tables: readonly TableOnTheWay[];
}

/** A routing table that will be released. */
export interface TableOnTheWay {
  readonly revision: number;
  readonly ranges: readonly { readonly below: number; readonly position: Position }[];
  readonly pins: readonly { readonly key: string; readonly position: Position }[];
}

/** Every release of a plan, by stage, computed as the workflow will. */
export function itinerary({ plan, stages }: Pick<Manifest, 'plan' | 'stages'>): Leg[] {
  const steps = compile(plan.stages, plan.kind);
  const next = isInPlace(plan) ? nextTableInPlace : nextTable;
  let table = initialTable('plan', plan.lease, plan.poll);
  return stages.map(({ name, owner, bake, deployment }, stage) => {
    const released: RoutingTable[] = [];
    const moving: RoutingTable[] = [];
    for (let to = next(table, steps, stage); to; to = next(table, steps, stage)) {
      released.push(to);
      if (movesUsers(table, to)) moving.push(to);
      table = to;
    }
    return {
      ...{ stage: name, ...(owner ? { owner } : {}), releases: released.length, moves: moving.length, bake },
      positions: Object.fromEntries(sharesOf(table)),
      seconds: released.length * barrier(plan) + moving.length * deployment.minutes * 60 + bake,
      tables: moving.map(({ revision, ranges, pins }) => ({ revision, ranges, pins })),
    };
  });
}

function barrier({ lease, inFlight }: Plan): number {
  return lease + inFlight;
}
