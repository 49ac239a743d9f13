import { type Kind, type Position, rankOf, stepTowards } from './position';
import { BUCKETS, bucketOf, mergeRanges, type Range, type RoutingTable } from './routing-table';

/** Whose keys a stage moves. */
export type CohortSpec =
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  | { readonly kind: 'percent'; readonly percent: number }
  | { readonly kind: 'all' };

/** A stage of the user's plan, as the constructs write it beside the handlers. */
export interface StageSpec {
  readonly name: string;
  readonly cohort: CohortSpec;
  /** Where the cohort stands at the end of the stage. */
  readonly goal: Position;
  /** Percent of reads that are compared with the other side while a key is in `shadow` or `dual-target`. */
  readonly sample: number;
  /** Seconds to observe after the last shift. */
  readonly bake: number;
  /** ARN or id of the AppConfig deployment strategy for the user's keys. */
  readonly strategy: string;
}

/** What is fixed at synth and lies beside the handlers as `plan.json`. */
export interface Plan {
  /** @default rehydrate: plans of older deployments do not say */
  readonly kind?: Kind;
  /** Versions of earlier amendments of the same table. */
  readonly earlier?: readonly string[];
  readonly stages: readonly StageSpec[];
  /** True where some stage is approved by somebody else than who starts the run, who has to be proved then. */
  readonly separate?: boolean;
  /** Seconds for which a routing table may be used after it was asked for. */
  readonly lease: number;
  /** Seconds between two requests for it. */
  readonly poll: number;
  /** Seconds after which no request of a worker or client that died can still land. */
  readonly inFlight: number;
}

/** True where there is one table: nothing is carried from one to another, so there is nothing to prove and no lag. */
export function isInPlace({ kind }: Pick<Plan, 'kind'>): boolean {
  return kind === 'amend' || kind === 'reindex';
}

/** One step of the user's keys: by one position, or none. */
export interface Step {
  readonly stage: number;
  readonly from: Position;
  readonly to: Position;
  readonly ranges: readonly Range[];
  readonly pins: readonly { readonly key: string; readonly position: Position }[];
  readonly sample: number;
}

/** The stages as steps: between neighbours every key moves by at most one position. Laggards of a cohort move first. */
export function compile(stages: readonly StageSpec[], kind?: Kind): Step[] {
  const steps: Step[] = [];
  let ranges: Range[] = [{ below: BUCKETS, position: 'legacy' }];
  let pins = new Map<string, Position>();
  stages.forEach((stage, index) => {
    const { cohort, goal, sample } = stage;
    if (cohort.kind === 'percent') ranges = cut(ranges, Math.round((cohort.percent * BUCKETS) / 100));
    if (cohort.kind === 'keys') {
      for (const key of cohort.keys) if (!pins.has(key)) pins.set(key, positionIn(ranges, key));
    }
    for (;;) {
      const from = hindmost(cohort, ranges, pins);
      if (rankOf(from) >= rankOf(goal)) break;
      const to = stepTowards(from, goal, kind);
      const move = (position: Position) => (position === from ? to : position);
      if (cohort.kind !== 'keys') {
        ranges = ranges.map((range) => (inside(cohort, range) ? { ...range, position: move(range.position) } : range));
      }
      pins = new Map([...pins].map(([key, at]) => [key, pinned(cohort, key) ? move(at) : at]));
      steps.push({ stage: index, from, to, ranges: mergeRanges(ranges), pins: pinList(pins), sample });
    }
  });
  return steps;
}

/**
 * The table to release next on the way to the end of stage `goal`, or undefined when it is reached. Before each step
 * of the user's keys our canaries go one position out and back; the step itself follows only then.
 */
export function nextTable(table: RoutingTable, steps: readonly Step[], goal: number): RoutingTable | undefined {
  const step = steps[table.step];
  if (!step || step.stage > goal) return undefined;
  const revision = table.revision + 1;
  if (table.scout !== step.from && table.trial === 'none') {
    return { ...table, revision, scout: stepTowards(table.scout, step.from) };
  }
  if (table.trial === 'none') return { ...table, revision, scout: step.to, trial: 'out' };
  if (table.trial === 'out') return { ...table, revision, scout: step.from, trial: 'back' };
  const following = steps[table.step + 1];
  return {
    ...table,
    revision,
    step: table.step + 1,
    trial: 'none',
    ranges: step.ranges,
    pins: step.pins,
    sample: step.sample,
    scout: following ? stepTowards(step.from, following.from) : step.from,
  };
}

/** The same where there are no canaries: nothing is carried from one side to the other, so there is nothing to prove. */
export function nextTableInPlace(table: RoutingTable, steps: readonly Step[], goal: number): RoutingTable | undefined {
  const step = steps[table.step];
  if (!step || step.stage > goal) return undefined;
  return {
    ...table,
    revision: table.revision + 1,
    step: table.step + 1,
    ranges: step.ranges,
    pins: step.pins,
    sample: step.sample,
  };
}

/** True when the release moves keys of the user, not only canaries. */
export function movesUsers(from: RoutingTable, to: RoutingTable): boolean {
  return from.step !== to.step;
}

function positionIn(ranges: readonly Range[], key: string): Position {
  const bucket = bucketOf(key);
  return (ranges.find(({ below }) => bucket < below) as Range).position;
}

function cut(ranges: readonly Range[], at: number): Range[] {
  return ranges.flatMap((range, index) => {
    const start = ranges[index - 1]?.below ?? 0;
    return at > start && at < range.below ? [{ ...range, below: at }, range] : [range];
  });
}

function inside(cohort: CohortSpec, range: Range): boolean {
  if (cohort.kind === 'all') return true;
  return cohort.kind === 'percent' && range.below <= Math.round((cohort.percent * BUCKETS) / 100);
}

function pinned(cohort: CohortSpec, key: string): boolean {
  if (cohort.kind === 'keys') return cohort.keys.includes(key);
  if (cohort.kind === 'all') return true;
  return bucketOf(key) < Math.round((cohort.percent * BUCKETS) / 100);
}

function hindmost(cohort: CohortSpec, ranges: readonly Range[], pins: ReadonlyMap<string, Position>): Position {
  const moving = [
    ...(cohort.kind === 'keys' ? [] : ranges.filter((range) => inside(cohort, range)).map(({ position }) => position)),
    ...[...pins].filter(([key]) => pinned(cohort, key)).map(([, position]) => position),
  ];
  return moving.reduce((a, b) => (rankOf(b) < rankOf(a) ? b : a));
}

function pinList(pins: ReadonlyMap<string, Position>) {
  return [...pins].map(([key, position]) => ({ key, position }));
}
