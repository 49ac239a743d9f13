import type { RollbackMode } from '../../lambda/core/ledger';
import type { Plan, StageSpec } from '../../lambda/core/plan';
import type { Intention } from './client';
import { type Definitions, definitionsOf } from './definitions';
import { SHAPES, type Shape } from './parts-model';
import { hashOf, Random } from './random';

/** What one run is about; all of it follows from the seed. */
export interface Settings {
  readonly seed: number;
  readonly plan: string;
  readonly groups: readonly string[];
  readonly clients: readonly Intention[][];
  readonly nativeWrites: number;
  /** Milliseconds after which native writers have stopped, in any case before the first dual position. */
  readonly nativeUntil: number;
  readonly shards: { readonly legacy: number; readonly target: number };
  readonly slices: number;
  readonly shape: Shape;
  /** Seconds after which Lambda ends a worker. */
  readonly workerTimeout: number;
  /** Write units a second of the backfill; 0 for no limit. */
  readonly rate: number;
  /** True when code without the client writes something that `up` can make nothing of, and mends it some time later. */
  readonly breaks: boolean;
  /** True when the brake looks for itself every minute. */
  readonly looks: boolean;
  /** Deployments at whose beginning the clients take up work again, ascending; their intentions are shared out among these. */
  readonly busy: readonly number[];
  /** When somebody pulls the brake, in milliseconds from the beginning, and how. */
  readonly brakes: readonly { readonly at: number; readonly mode: RollbackMode; readonly by: 'alarm' | 'operator' }[];
  /** When somebody pauses the run, and after how long it is looked at for the first time, both in milliseconds. */
  readonly pauses: readonly { readonly at: number; readonly by: 'alarm' | 'operator'; readonly lasts: number }[];
}

export const PARTS = ['a', 'b', 'c'] as const;

/** What is in the legacy table before the run: a group of two parts and one of one. */
export const INITIAL: ReadonlyMap<string, string> = new Map([
  ['g0/a', 'i0a'],
  ['g0/b', 'i0b'],
  ['g1/a', 'i1a'],
]);

const stage = (name: string, more: Pick<StageSpec, 'cohort' | 'goal'>): StageSpec => ({
  name,
  sample: 20,
  bake: 30,
  strategy: '0',
  ...more,
});
const FULL = stage('full', { cohort: { kind: 'all' }, goal: 'target' });
const TIMES = { lease: 60, poll: 15, inFlight: 15 };

export const PLANS: Readonly<Record<string, Plan>> = {
  full: { ...TIMES, stages: [FULL] },
  shadow: { ...TIMES, stages: [stage('shadow', { cohort: { kind: 'all' }, goal: 'shadow' }), FULL] },
  half: { ...TIMES, stages: [stage('half', { cohort: { kind: 'percent', percent: 50 }, goal: 'dual-target' }), FULL] },
  mixed: {
    ...TIMES,
    stages: [
      stage('pilot', { cohort: { kind: 'keys', keys: ['g0'] }, goal: 'dual-target' }),
      stage('third', { cohort: { kind: 'percent', percent: 33 }, goal: 'target' }),
      FULL,
    ],
  },
  pilot: { ...TIMES, stages: [stage('pilot', { cohort: { kind: 'keys', keys: ['g0'] }, goal: 'target' }), FULL] },
};

const synthesised = new Map<string, Definitions>();

/** The workflows of a plan, synthesised once in a process. */
export function workflowsOf(name: string): Definitions {
  const known = synthesised.get(name) ?? definitionsOf(PLANS[name] as Plan);
  synthesised.set(name, known);
  return known;
}

export function settingsOf(seed: number): Settings {
  const random = new Random(hashOf('settings', seed));
  const plan = random.pick(['full', 'full', 'shadow', 'half', 'pilot', 'mixed']);
  const groups = Array.from({ length: 1 + random.below(3) }, (_, n) => `g${n}`);
  const clients = Array.from({ length: 2 + random.below(2) }, (_, n) => intentions(random, `c${n}`, groups));
  const adopted = random.chance(plan === 'full' ? 0.95 : 0.4);
  return {
    seed,
    plan,
    groups,
    clients,
    nativeWrites: adopted ? 0 : 3 + random.below(6),
    nativeUntil: random.chance(0.85) ? random.between(5_000, 60_000) : 600_000,
    shards: { legacy: random.chance(0.7) ? 1 : 2, target: random.chance(0.7) ? 1 : 2 },
    slices: 1 + random.below(2),
    shape: random.pick(SHAPES),
    workerTimeout: random.pick([900, 900, 75]),
    rate: random.pick([0, 0, 2]),
    breaks: !adopted && random.chance(0.2),
    looks: random.chance(0.97),
    busy: [0, ...Array.from({ length: 4 }, () => 2 + random.below(plan === 'full' ? 12 : 20))].sort((a, b) => a - b),
    brakes: brakesOf(random),
    pauses: pausesOf(new Random(hashOf('pauses', seed))),
  };
}

function intentions(random: Random, who: string, groups: readonly string[]): Intention[] {
  const kinds = ['get', 'get', 'put', 'put', 'update', 'update', 'delete', 'query'] as const;
  return Array.from({ length: 25 + random.below(16) }, (_, n) => ({
    kind: random.pick(kinds),
    group: random.pick(groups),
    part: random.pick(['a', 'a', 'b', 'c']),
    name: `${who}-${n}`,
  }));
}

function brakesOf(random: Random): Settings['brakes'] {
  if (random.chance(0.35)) return [];
  const one = () => ({
    at: random.between(60_000, 1_500_000),
    mode: random.pick(['soft', 'fenced', 'immediate'] as const),
    by: random.pick(['alarm', 'operator'] as const),
  });
  const first = one();
  return random.chance(0.7) ? [first] : [first, { ...one(), at: first.at + random.between(0, 200_000) }];
}

/** Some of them in quick succession: the next one comes about when somebody resumes the run. */
function pausesOf(random: Random): Settings['pauses'] {
  if (random.chance(0.5)) return [];
  const one = (at: number) => {
    const by = random.pick(['alarm', 'operator'] as const);
    return { at, by, lasts: random.between(0, 600_000) };
  };
  const first = one(random.between(30_000, 1_500_000));
  if (random.chance(0.4)) return [first];
  const second = one(first.at + first.lasts + random.between(-20_000, 20_000));
  return random.chance(0.5) ? [first, second] : [first, second, one(random.between(30_000, 1_500_000))];
}
