import { itinerary } from '../../bin/operator/itinerary';
import type { StageSpec } from '../../lambda/core/plan';

const PLAN = { lease: 60, poll: 15, inFlight: 15 };
const stage = (name: string, goal: StageSpec['goal'], cohort: StageSpec['cohort']): StageSpec => {
  return { name, goal, cohort, sample: 0, bake: 3600, strategy: '0' };
};
const deployment = { growthType: 'LINEAR', growth: 20, minutes: 10 };

function of(kind: 'rehydrate' | 'amend', stages: StageSpec[]) {
  return itinerary({ plan: { ...PLAN, kind, stages }, stages: stages.map((each) => ({ ...each, deployment, checks: {} })) });
}

test('tells every release of a migration, and how long each stage takes at least', () => {
  const legs = of('rehydrate', [
    stage('shadow', 'shadow', { kind: 'all' }),
    stage('quarter', 'dual-target', { kind: 'percent', percent: 25 }),
    stage('full', 'target', { kind: 'all' }),
  ]);
  expect(legs.map(({ stage: name, releases, moves, positions }) => ({ name, releases, moves, positions }))).toMatchSnapshot();
  const [first] = legs;
  // A canary goes out and comes back before the keys go: three barriers, one deployment, and the bake.
  expect(first?.seconds).toBe(3 * 75 + 600 + 3600);
  expect(first?.tables.map(({ ranges }) => ranges)).toEqual([[{ below: 10_000, position: 'shadow' }]]);
});

test('an amendment moves keys in one step, and no canaries', () => {
  const legs = of('amend', [stage('half', 'target', { kind: 'percent', percent: 50 }), stage('full', 'target', { kind: 'all' })]);
  expect(legs.map(({ releases, moves }) => [releases, moves])).toEqual([
    [1, 1],
    [1, 1],
  ]);
  expect(legs[0]?.positions).toEqual({ target: 0.5, legacy: 0.5 });
});
