import fc from 'fast-check';
import type { Plan, StageSpec } from '../../lambda/core/plan';
import { authorityOf, POSITIONS, type Position, rankOf } from '../../lambda/core/position';
import {
  bucketOf,
  initialTable,
  isAllLegacy,
  positionOfRoutingKey,
  positionsOf,
  type RoutingTable,
} from '../../lambda/core/routing-table';
import { type Goal, labelOf, labelStart, type Move, nextMove, shortName } from '../../lambda/core/traffic';

const KEYS = Array.from({ length: 40 }, (_, n) => `key-${n}`);

function stage(name: string, percent: number, goal: Position): StageSpec {
  const cohort = percent === 100 ? ({ kind: 'all' } as const) : ({ kind: 'percent', percent } as const);
  return { name, cohort, goal, sample: 1, bake: 60, strategy: `strategy-${name}` };
}

const PLAN: Plan = {
  stages: [stage('shadow', 100, 'shadow'), stage('half', 50, 'dual-target'), stage('full', 100, 'target')],
  lease: 30,
  poll: 5,
  inFlight: 10,
};

/** Every move until the goal is reached. */
function walk(from: RoutingTable, goal: Goal, plan = PLAN): Move[] {
  const moves: Move[] = [];
  for (let table = from; ; ) {
    const move = nextMove(table, goal, plan, 'run-1');
    if (!move) return moves;
    moves.push(move);
    table = move.table;
    if (moves.length > 500) throw new Error('no end');
  }
}

function to(stageIndex: number, plan = PLAN): RoutingTable {
  return (
    walk(initialTable('seed', 30, 5), { kind: 'stage', stage: stageIndex }, plan).at(-1)?.table ?? initialTable('seed', 30, 5)
  );
}

const positions = (table: RoutingTable) => [...KEYS.map((key) => positionOfRoutingKey(table, key)), table.scout];
const steps = (a: RoutingTable, b: RoutingTable) =>
  positions(a).map((position, index) => Math.abs(rankOf(position) - rankOf(positions(b)[index] as Position)));

describe('forward', () => {
  test('each release moves nobody by more than one position, and revisions count on', () => {
    let before = initialTable('seed', 30, 5);
    for (const { table } of walk(before, { kind: 'stage', stage: 2 })) {
      expect(Math.max(...steps(before, table))).toBeLessThanOrEqual(1);
      expect(table.revision).toBe(before.revision + 1);
      expect(table.run).toBe('run-1');
      before = table;
    }
    expect(positionsOf(before)).toEqual(['target']);
  });

  test('a step of the users is tried out and back by the scout, and proved at both ends', () => {
    const moves = walk(initialTable('seed', 30, 5), { kind: 'stage', stage: 0 });
    expect(moves.map(({ prove, strategy }) => [prove, strategy])).toEqual([
      ['none', 'immediate'],
      ['scout', 'immediate'],
      ['scout', { id: 'strategy-shadow' }],
    ]);
    expect(moves.map(({ step }) => step?.to)).toEqual([undefined, undefined, 'shadow']);
  });

  test('only steps of the users have the strategy of their stage', () => {
    const moves = walk(to(0), { kind: 'stage', stage: 1 });
    const users = moves.filter(({ step }) => step);
    expect(users.map(({ step, strategy }) => [step?.to, strategy])).toEqual([
      ['dual-legacy', { id: 'strategy-half' }],
      ['dual-target', { id: 'strategy-half' }],
    ]);
    expect(moves.filter(({ step }) => !step).every(({ strategy }) => strategy === 'immediate')).toBe(true);
  });

  test('a stage that is reached has no next move', () => {
    expect(nextMove(to(1), { kind: 'stage', stage: 1 }, PLAN, 'run-1')).toBeUndefined();
    expect(nextMove(to(1), { kind: 'stage', stage: 0 }, PLAN, 'run-1')).toBeUndefined();
  });

  test('the first table of a run ends salvaging and takes the lease of the plan', () => {
    const after = { ...initialTable('old', 99, 9), salvage: true };
    expect(nextMove(after, { kind: 'stage', stage: 0 }, PLAN, 'run-1')?.table).toMatchObject({
      salvage: false,
      lease: 30,
      poll: 5,
    });
  });
});

describe('back', () => {
  const stages = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 100 }), fc.constantFrom(...POSITIONS.slice(1))), { minLength: 1, maxLength: 3 })
    .map((list) => list.map(([percent, goal], index) => stage(`s${index}`, percent, goal)));

  test('soft: from anywhere to legacy, one position at a time, drained before keys leave the authority of the target', () => {
    fc.assert(
      fc.property(stages, fc.nat(), (list, cut) => {
        const plan = { ...PLAN, stages: list };
        const forward = walk(initialTable('seed', 30, 5), { kind: 'stage', stage: list.length - 1 }, plan);
        let before = forward[cut % forward.length]?.table as RoutingTable;
        for (const { table, prove } of walk(before, { kind: 'back' }, plan)) {
          expect(Math.max(...steps(before, table))).toBeLessThanOrEqual(1);
          const returns = KEYS.some((key) => {
            const [was, is] = [positionOfRoutingKey(before, key), positionOfRoutingKey(table, key)];
            return authorityOf(was) === 'target' && authorityOf(is) === 'legacy';
          });
          if (returns) expect(prove).toBe('lead');
          before = table;
        }
        expect(isAllLegacy(before)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('fenced: keys of the target stop, the others go back by one; the way on is soft and begins when that is drained', () => {
    fc.assert(
      fc.property(stages, fc.nat(), (list, cut) => {
        const plan = { ...PLAN, stages: list };
        const forward = walk(initialTable('seed', 30, 5), { kind: 'stage', stage: list.length - 1 }, plan);
        const before = forward[cut % forward.length]?.table as RoutingTable;
        const fenced = walk(before, { kind: 'fence' }, plan);
        expect(fenced.length).toBeLessThanOrEqual(1);
        const at = fenced.at(-1)?.table ?? before;
        const last = walk(at, { kind: 'legacy', salvage: false }, plan);
        expect(last.length).toBeLessThanOrEqual(3);
        expect(isAllLegacy(last.at(-1)?.table ?? at)).toBe(true);
        if (positionsOf(at).includes('fenced')) expect(last[0]?.prove).toBe('lead');
        for (const key of KEYS) {
          const [was, is] = [positionOfRoutingKey(before, key), positionOfRoutingKey(at, key)];
          if (authorityOf(was) === 'target') expect(is).toBe('fenced');
          else expect(rankOf(was) - rankOf(is)).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('legacy without a fence fences first', () => {
    const moves = walk(to(2), { kind: 'legacy', salvage: false });
    expect(moves.map(({ table, prove }) => [positionsOf(table), prove])).toEqual([
      [['fenced'], 'none'],
      [['dual-legacy'], 'lead'],
      [['shadow'], 'none'],
      [['legacy'], 'none'],
    ]);
  });

  test('immediate: straight to legacy, salvaging, nothing awaited; also when AppConfig has reverted to legacy', () => {
    const moves = walk(to(2), { kind: 'legacy', salvage: true });
    expect(moves).toHaveLength(1);
    expect(moves[0]).toMatchObject({ prove: 'none', table: { salvage: true, scout: 'target' } });
    expect(walk(initialTable('seed', 30, 5), { kind: 'legacy', salvage: true })).toHaveLength(1);
  });
});

describe('labels', () => {
  const table = { ...initialTable('run-1', 30, 5), revision: 7 };

  test('the same release has the same label; another table, run or generation has another', () => {
    expect(labelOf(table, 1)).toBe(labelOf({ ...table }, 1));
    const others = [labelOf({ ...table, scout: 'shadow' }, 1), labelOf({ ...table, run: 'run-2' }, 1), labelOf(table, 2)];
    expect(new Set([labelOf(table, 1), ...others]).size).toBe(4);
  });

  test('a label begins as all labels of its generation do, and is never too long', () => {
    const run = 'x'.repeat(80);
    expect(labelOf({ ...table, run }, 12).startsWith(labelStart(run, 12))).toBe(true);
    expect(labelOf({ ...table, run, revision: 99_999 }, 9_999).length).toBeLessThanOrEqual(64);
    expect(labelStart('run-1', 1)).toBe('run-1-1-');
  });

  test('what is cut off a name is replaced by a digest', () => {
    const names = ['a'.repeat(60), `${'a'.repeat(59)}b`].map((name) => shortName(name, 40));
    expect(new Set(names).size).toBe(2);
    expect(names.every((name) => name.length === 40)).toBe(true);
    expect(shortName('short', 40)).toBe('short');
  });
});

test('keys of the test fall into both halves', () => {
  expect(KEYS.some((key) => bucketOf(key) < 5000) && KEYS.some((key) => bucketOf(key) >= 5000)).toBe(true);
});

describe('in place', () => {
  const inPlace: Plan = { ...PLAN, kind: 'amend', stages: [stage('half', 50, 'target'), stage('full', 100, 'target')] };

  test('each stage is one release from legacy to target, without canaries and without a proof', () => {
    const moves = [0, 1].map((index) => walk(to(index - 1, inPlace), { kind: 'stage', stage: index }, inPlace));
    expect(moves.map((each) => each.length)).toEqual([1, 1]);
    const [half, full] = moves.map(([move]) => move as Move);
    expect(half).toMatchObject({ prove: 'none', strategy: { id: 'strategy-half' }, step: { from: 'legacy', to: 'target' } });
    expect(half?.table).toMatchObject({
      scout: 'legacy',
      trial: 'none',
      ranges: [{ below: 5000, position: 'target' }, { position: 'legacy' }],
    });
    expect(positionsOf(full?.table as RoutingTable)).toEqual(['target']);
  });

  test.each<Goal>([{ kind: 'back' }, { kind: 'fence' }, { kind: 'legacy', salvage: false }, { kind: 'legacy', salvage: true }])(
    'the way back is one release, whatever is asked: %j',
    (goal) => {
      const [move, ...more] = walk(to(1, inPlace), goal, inPlace);
      expect(more).toEqual([]);
      expect(move).toMatchObject({ prove: 'none', strategy: 'immediate', table: { salvage: false } });
      expect(isAllLegacy(move?.table as RoutingTable)).toBe(true);
    },
  );
});
