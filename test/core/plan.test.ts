import fc from 'fast-check';
import { type CohortSpec, compile, movesUsers, nextTable, type StageSpec } from '../../lambda/core/plan';
import { POSITIONS, type Position, rankOf } from '../../lambda/core/position';
import {
  BUCKETS,
  bucketOf,
  initialTable,
  isAllLegacy,
  positionOfRoutingKey,
  type RoutingTable,
  stepBack,
} from '../../lambda/core/routing-table';
import { brokenBetween, bucketsOf, positionOfBucket } from './neighbours';

const KEYS = ['a', 'b', 'c', 'tenant-internal', 'Zürich'];

function stage(cohort: CohortSpec, goal: Position, name = 'stage'): StageSpec {
  return { name, cohort, goal, sample: 10, bake: 60, strategy: 'id' };
}

/** Lists of stages that the constructs let through: percentages do not fall, somebody moves in each. */
const plans: fc.Arbitrary<StageSpec[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom('keys', 'percent', 'all'),
      keys: fc.uniqueArray(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 3 }),
      percent: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0.01, max: 100, noNaN: true })),
      goal: fc.constantFrom(...POSITIONS.slice(1)),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((drafts) => {
    const percents = drafts.map(({ percent }) => percent).sort((a, b) => a - b);
    return drafts.map(({ kind, keys, goal }, index) => {
      const percent = percents[index] as number;
      return stage(kind === 'keys' ? { kind, keys } : kind === 'percent' ? { kind, percent } : { kind: 'all' }, goal);
    });
  });

function belongs(cohort: CohortSpec, bucket: number, key?: string): boolean {
  if (cohort.kind === 'all') return true;
  if (cohort.kind === 'keys') return key !== undefined && cohort.keys.includes(key);
  return bucket < Math.round((cohort.percent * BUCKETS) / 100);
}

/** Where the stages up to `last` say that somebody stands: at the furthest goal that was asked for. */
function promised(stages: readonly StageSpec[], last: number, bucket: number, key?: string): number {
  const goals = stages.slice(0, last + 1).filter(({ cohort }) => belongs(cohort, bucket, key));
  return Math.max(0, ...goals.map(({ goal }) => rankOf(goal)));
}

/** All tables on the way to the end of a plan; each stage's last one is marked with the stage. */
function walk(stages: readonly StageSpec[]): { table: RoutingTable; endOf?: number }[] {
  const steps = compile(stages);
  const way: { table: RoutingTable; endOf?: number }[] = [{ table: initialTable('run', 60, 15) }];
  for (const [index] of stages.entries()) {
    for (;;) {
      const here = way.at(-1) as { table: RoutingTable; endOf?: number };
      const next = nextTable(here.table, steps, index);
      if (!next) {
        here.endOf = index;
        break;
      }
      way.push({ table: next });
      if (way.length > 500) throw new Error('The plan does not end.');
    }
  }
  return way;
}

describe('any plan', () => {
  it('moves nobody by more than one position between two tables (P1)', () => {
    fc.assert(
      fc.property(plans, (stages) => {
        const way = walk(stages);
        for (const [index, { table }] of way.entries()) {
          const before = way[index - 1]?.table;
          if (!before) continue;
          expect(brokenBetween(before, table, bucketOf)).toEqual([]);
          expect(table.revision).toBe(before.revision + 1);
        }
      }),
    );
  });

  it('brings everybody where the stages say, and nobody further', () => {
    fc.assert(
      fc.property(plans, (stages) => {
        for (const { table, endOf } of walk(stages)) {
          if (endOf === undefined) continue;
          for (const bucket of bucketsOf(table)) {
            expect(rankOf(positionOfBucket(table, bucket))).toBe(promised(stages, endOf, bucket));
          }
          for (const key of KEYS) {
            expect(rankOf(positionOfRoutingKey(table, key))).toBe(promised(stages, endOf, bucketOf(key), key));
          }
        }
      }),
    );
  });

  it('never moves users backwards', () => {
    fc.assert(
      fc.property(plans, (stages) => {
        const way = walk(stages).map(({ table }) => table);
        for (const key of KEYS) {
          const ranks = way.map((table) => rankOf(positionOfRoutingKey(table, key)));
          expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
        }
      }),
    );
  });

  it('tries the same step out and back with the scout before users take it', () => {
    fc.assert(
      fc.property(plans, (stages) => {
        const steps = compile(stages);
        const way = walk(stages).map(({ table }) => table);
        for (const [index, table] of way.entries()) {
          const before = way[index - 1];
          if (!before || !movesUsers(before, table)) continue;
          const { from, to } = steps[before.step] as { from: Position; to: Position };
          expect(way[index - 3]).toMatchObject({ scout: from, trial: 'none', step: before.step });
          expect(way[index - 2]).toMatchObject({ scout: to, trial: 'out', step: before.step });
          expect(way[index - 1]).toMatchObject({ scout: from, trial: 'back', step: before.step });
          const moved = bucketsOf(before, table).filter((n) => positionOfBucket(before, n) !== positionOfBucket(table, n));
          for (const bucket of moved)
            expect([positionOfBucket(before, bucket), positionOfBucket(table, bucket)]).toEqual([from, to]);
          for (const key of KEYS.filter((k) => positionOfRoutingKey(before, k) !== positionOfRoutingKey(table, k))) {
            expect([positionOfRoutingKey(before, key), positionOfRoutingKey(table, key)]).toEqual([from, to]);
          }
        }
      }),
    );
  });

  it('moves only canaries in all other releases', () => {
    fc.assert(
      fc.property(plans, (stages) => {
        const way = walk(stages).map(({ table }) => table);
        for (const [index, table] of way.entries()) {
          const before = way[index - 1];
          if (!before || movesUsers(before, table)) continue;
          expect(table).toEqual({ ...before, revision: before.revision + 1, scout: table.scout, trial: table.trial });
        }
      }),
    );
  });

  it('leads back from every table on the way, one position at a time, in at most four releases', () => {
    fc.assert(
      fc.property(plans, (stages) => {
        for (const { table: start } of walk(stages)) {
          let table = start;
          let releases = 0;
          for (; !isAllLegacy(table); releases++) {
            const next = stepBack(table);
            expect(brokenBetween(table, next, bucketOf)).toEqual([]);
            table = next;
          }
          expect(releases).toBeLessThanOrEqual(4);
        }
      }),
    );
  });

  it('is the same plan again after the way back', () => {
    fc.assert(
      fc.property(plans, (stages) => {
        const steps = compile(stages);
        let table = walk(stages).at(-1)?.table as RoutingTable;
        while (!isAllLegacy(table)) table = stepBack(table);
        const ends: RoutingTable[] = [];
        for (let next: RoutingTable | undefined = table; next; next = nextTable(next, steps, stages.length - 1)) ends.push(next);
        const last = ends.at(-1) as RoutingTable;
        for (const key of KEYS)
          expect(rankOf(positionOfRoutingKey(last, key))).toBe(promised(stages, stages.length - 1, bucketOf(key), key));
        for (const [index, next] of ends.entries()) {
          if (index > 0) expect(brokenBetween(ends[index - 1] as RoutingTable, next, bucketOf)).toEqual([]);
        }
      }),
    );
  });
});

describe('a plan of the usual kind', () => {
  const stages = [
    stage({ kind: 'all' }, 'shadow', 'shadow'),
    stage({ kind: 'keys', keys: ['tenant-internal'] }, 'dual-target', 'pilot'),
    stage({ kind: 'percent', percent: 5 }, 'dual-target', 'five'),
    stage({ kind: 'all' }, 'target', 'full'),
  ];

  it('compiles to these steps', () => {
    expect(
      compile(stages).map(({ stage: index, from, to, ranges, pins }) => {
        const where = ranges.map(({ below, position }) => `${below} ${position}`).join(', ');
        return `${stages[index]?.name}: ${from} -> ${to} [${where}] ${pins.map(({ key, position }) => `${key} ${position}`)}`;
      }),
    ).toMatchInlineSnapshot(`
[
  "shadow: legacy -> shadow [10000 shadow] ",
  "pilot: shadow -> dual-legacy [10000 shadow] tenant-internal dual-legacy",
  "pilot: dual-legacy -> dual-target [10000 shadow] tenant-internal dual-target",
  "five: shadow -> dual-legacy [500 dual-legacy, 10000 shadow] tenant-internal dual-target",
  "five: dual-legacy -> dual-target [500 dual-target, 10000 shadow] tenant-internal dual-target",
  "full: shadow -> dual-legacy [500 dual-target, 10000 dual-legacy] tenant-internal dual-target",
  "full: dual-legacy -> dual-target [10000 dual-target] tenant-internal dual-target",
  "full: dual-target -> target [10000 target] tenant-internal target",
]
`);
  });

  it('has nothing to do for a stage whose cohort is further already', () => {
    const steps = compile([stage({ kind: 'all' }, 'dual-target'), stage({ kind: 'percent', percent: 5 }, 'shadow')]);
    expect(steps.map((step) => step.stage)).toEqual([0, 0, 0]);
  });

  it('stays at the end', () => {
    const end = walk(stages).at(-1)?.table as RoutingTable;
    expect(nextTable(end, compile(stages), stages.length - 1)).toBeUndefined();
  });
});
