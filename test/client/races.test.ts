import fc from 'fast-check';
import { canonical, type Item, withoutStamp } from '../../lambda/core/item';
import type { Position } from '../../lambda/core/position';
import { MemoryDatabase } from '../memory/memory-database';
import { Application, everyoneAt, Replication } from './application';
import { CITIES, type City } from './cities';
import { History, keys, marksOf, type Step, steps } from './history';
import { impossible, isLinearizable, type Operation } from './linearizability';

function contents(items: Item[]): string[] {
  return items.map((item) => canonical(withoutStamp(item))).sort();
}

const PAIRS: readonly [Position, Position][] = [
  ['legacy', 'shadow'],
  ['shadow', 'dual-legacy'],
  ['dual-legacy', 'dual-target'],
  ['dual-target', 'target'],
];

test.each(PAIRS)('two clients between %s and %s, with replication, keep every promise', async (behind, ahead) => {
  const property = fc.asyncProperty(
    fc.scheduler(),
    steps,
    steps,
    fc.subarray(['PROFILE', 'PLACE'] as const),
    fc.boolean(),
    async (scheduler, one, other, there, reverted) => {
      const database = new MemoryDatabase(CITIES);
      const seeding = new Application({ database });
      for (const on of there) await seeding.cities.put({ ...keys[on], marks: ['0'] } as City);
      await new Replication(database, seeding.access, 'legacy').run();

      database.before = (call) => scheduler.schedule(Promise.resolve(), call);
      const history = new History();
      const client = async (mine: readonly Step[]) => {
        const app = new Application({ database });
        for (const step of mine) {
          await app.release(everyoneAt(step.ahead ? ahead : behind));
          await history.run(app, step);
        }
      };
      const replication = new Replication(database, seeding.access, reverted ? behind : ahead);
      const replicator = async () => {
        for (let pass = 0; pass < 8; pass++) {
          await scheduler.schedule(Promise.resolve(), 'replication');
          await replication.run();
        }
      };
      await scheduler.waitFor(Promise.all([client(one), client(other), replicator()]));

      database.before = () => {};
      await replication.run();
      // Streams deliver at least once: everything again, late, must change nothing.
      await new Replication(database, seeding.access, reverted ? behind : ahead).run();

      const reader = new Application({ database, table: everyoneAt(reverted ? behind : ahead) });
      for (const on of ['PROFILE', 'PLACE'] as const) {
        const final = marksOf(await reader.cities.get(keys[on]));
        expect([on, isLinearizable(there.includes(on) ? '0' : undefined, history.operations[on], final)]).toEqual([on, true]);
      }
      const made = database.items('legacy').flatMap((item) => reader.access.model.up(item));
      expect(contents(database.items('target'))).toEqual(contents(made));
    },
  );
  await fc.assert(property, { numRuns: Number(process.env.RACES ?? 100) });
});

describe('the check itself', () => {
  const at = (began: number, ended: number, apply: Operation['apply']): Operation => ({ name: 'x', began, ended, apply });
  const reads = (wanted: string | undefined) => (value: string | undefined) => (value === wanted ? value : impossible);
  const writes = (next: string) => () => next;

  test('takes overlapping operations in any order, others in theirs', () => {
    expect(isLinearizable(undefined, [at(1, 4, writes('a')), at(2, 3, reads(undefined))], 'a')).toBe(true);
    expect(isLinearizable(undefined, [at(1, 2, writes('a')), at(3, 4, reads(undefined))], 'a')).toBe(false);
  });

  test('sees a lost write and a value that returns', () => {
    expect(isLinearizable(undefined, [at(1, 2, writes('a'))], undefined)).toBe(false);
    expect(isLinearizable('a', [at(1, 2, writes('b')), at(3, 4, reads('a'))], 'b')).toBe(false);
  });
});
