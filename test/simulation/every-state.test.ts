import type { RollbackMode } from '../../lambda/core/ledger';
import { ROLLBACK_MODES } from '../../lambda/core/ledger';
import type { Definition, Machine } from './definitions';
import { FAULTS, NO_MERCY } from './faults';
import { quietly } from './quiet';
import { type Options, simulate } from './run';
import { type Settings, settingsOf, workflowsOf } from './settings';
import type { World } from './world';

quietly();

/** Nothing goes wrong but the rollback itself, so that what a test shows is the state's doing. */
const mercy = { ...NO_MERCY, without: new Set(FAULTS) };

/** Two stages, so that each of their states is another one; clients are busy all the way. */
const settings: Settings = {
  ...settingsOf(3),
  plan: 'half',
  nativeWrites: 0,
  breaks: false,
  brakes: [],
  pauses: [],
  looks: true,
};

/** Ways of a rollout: some that go well, and some that fail, before and after traffic has moved. */
const WAYS: Readonly<Record<string, Partial<Options>>> = {
  'that goes well': {},
  'that cannot be filled': { variant: { handlers: { backfill: fails } } },
  'that never comes to a clean pass': { variant: { handlers: { differences: neverClean } } },
  'that is not observed well': { variant: { handlers: { observe: fails } } },
  'whose differences are too many to list': { variant: { handlers: { differences: cannotList } } },
  'whose comparison is never whole': { variant: { handlers: { differences: neverWhole } } },
  'that nobody approves': { variant: { handlers: { 'approve-dba': fails } } },
  'that is paused until somebody looks': {
    settings: { ...settings, pauses: [{ at: 60_000, by: 'operator', lasts: 1_800_000 }] },
  },
  'whose tables differ': { variant: { handlers: { differences: differs } } },
};

async function fails(): Promise<never> {
  throw Object.assign(new Error('on purpose'), { name: 'Diverged' });
}

async function neverClean(): Promise<unknown> {
  return { listed: true, checked: 3, repaired: 1, diverged: 0, lagging: 0, failed: 0 };
}

async function cannotList(): Promise<unknown> {
  return { listed: false, checked: 0, repaired: 0, diverged: 0, lagging: 0, failed: 0, list: '' };
}

async function neverWhole(_: unknown, { repair }: { repair: boolean }): Promise<unknown> {
  return { listed: true, checked: 3, repaired: 0, diverged: 0, lagging: 0, failed: repair ? 0 : 1, list: '' };
}

async function differs(_: unknown, { repair }: { repair: boolean }): Promise<unknown> {
  return { listed: true, checked: 3, repaired: 0, diverged: repair ? 0 : 2, lagging: 0, failed: 0, list: 'a list' };
}

type Visit = readonly [machine: Machine, state: string];

const FORWARD: readonly Machine[] = ['rollout', 'shift', 'bake', 'comparison'];

/** The states of the rollout, and of the workflows that it runs, with those inside of maps. */
function statesOf(machine: Machine): string[] {
  const inside = ({ States }: Definition): string[] =>
    Object.entries(States).flatMap(([name, { ItemProcessor }]) => [name, ...(ItemProcessor ? inside(ItemProcessor) : [])]);
  return inside(workflowsOf(settings.plan)[machine]);
}

/** The states that a rollout goes through, each time, until it is over. */
async function visitsOf(way: Partial<Options>): Promise<Visit[]> {
  const visits: Visit[] = [];
  let isBack = false;
  const meet = ({ stepFunctions }: World) => {
    stepFunctions.entered = (machine, state) => {
      isBack ||= machine === 'rollback';
      if (!isBack || machine === 'rollout') visits.push([machine, state]);
    };
  };
  await simulate(settings.seed, { mercy, settings, ...way, meet });
  return visits;
}

/** A rollback that begins when a state is entered for the n-th time. */
function rollbackAt([machine, state]: Visit, nth: number, mode: RollbackMode): Options['meet'] {
  let seen = 0;
  return ({ stepFunctions }, operator) => {
    stepFunctions.entered = (...now) => {
      if (now[0] === machine && now[1] === state && ++seen === nth) operator.brake(mode, 'operator');
    };
  };
}

describe.each(Object.entries(WAYS))('a rollout %s', (name, way) => {
  test.each(ROLLBACK_MODES)(
    'is rolled back %s from every state, entered first, in the middle and last',
    async (mode) => {
      const visits = await visitsOf(way);
      const known = name === 'that goes well' ? [] : await visitsOf({});
      const isNew = (visit: Visit) => !known.some((other) => other.join() === visit.join());
      const states = [...new Map(visits.filter(isNew).map((visit) => [visit.join(), visit])).values()];
      expect(states).not.toEqual([]);
      for (const visit of states) {
        const times = visits.filter((other) => other.join() === visit.join()).length;
        for (const nth of new Set([1, Math.ceil(times / 2), times])) {
          const { violations, ended } = await simulate(settings.seed, {
            mercy,
            settings,
            ...way,
            meet: rollbackAt(visit, nth, mode),
          });
          expect({ visit, nth, violations }).toEqual({ visit, nth, violations: [] });
          expect(['completed', 'refused']).not.toContain(visit[1] === 'Complete' || visit[1] === 'Completed' ? '' : ended);
        }
      }
    },
    60_000,
  );
});

test('together these ways go through every state of the synthesised rollout', async () => {
  const visited = new Set((await Promise.all(Object.values(WAYS).map(visitsOf))).flat().map((visit) => visit.join(': ')));
  const all = FORWARD.flatMap((machine) => statesOf(machine).map((state) => `${machine}: ${state}`));
  expect(all.filter((state) => !visited.has(state))).toEqual([]);
});
