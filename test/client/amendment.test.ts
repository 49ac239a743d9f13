import fc from 'fast-check';
import { defineAmendment } from '../../lambda/client';
import { amendedDatabase } from '../../lambda/core/amendment';
import type { Item } from '../../lambda/core/item';
import type { Side } from '../../lambda/core/position';
import { MemoryDatabase } from '../memory/memory-database';
import { oneTable } from '../memory/one-table';
import { Application } from './application';
import type { City } from './cities';
import { History, keys, marksOf, type Step, steps } from './history';
import { InPlace, KEYS, native } from './in-place';
import { isLinearizable } from './linearizability';

function table(...texts: string[]): { place: InPlace; memory: MemoryDatabase } {
  const memory = new MemoryDatabase(KEYS);
  for (const text of texts) memory.put('legacy', native(text));
  return { place: new InPlace(memory), memory };
}

test('an item that would not come back as it was is found before anything is stored', async () => {
  const { place, memory } = table('a b');
  memory.put('legacy', { ...native('c'), sk: { S: 'OTHER' }, marks: { S: 'in the way' } });
  await expect(place.pass('none')).rejects.toMatchObject({ name: 'NotRepresentable' });
  expect(await place.forms()).toEqual(['legacy', 'legacy']);
});

test('an item that would be too large in the new form is found, too', async () => {
  const { place, memory } = table();
  // Just below 400 KB; the stamp of the new form makes it larger.
  const text = Array.from({ length: 204_760 }, () => 'm').join(' ');
  memory.put('legacy', native(text));
  await expect(place.pass('none')).rejects.toMatchObject({ name: 'GroupTooLarge' });
});

test('what the old form cannot keep is not written, in either position', async () => {
  const { place, memory } = table();
  for (const at of ['legacy', 'target'] as const) {
    const app = place.application(at);
    await expect(app.cities.put({ ...keys.PROFILE, marks: [] as string[] } as City)).rejects.toMatchObject({
      name: 'NotRepresentable',
    });
    await expect(app.cities.put({ ...keys.PROFILE, marks: ['x y'] } as City)).rejects.toMatchObject({ name: 'NotRepresentable' });
  }
  expect(memory.items('legacy')).toEqual([]);
});

test('an amendment that changes a key is refused where it happens', async () => {
  const moving = defineAmendment({
    version: 'moving',
    up: (item) => ({ ...item, sk: 'X' }),
    down: (item) => ({ ...item, sk: 'PROFILE' }),
  });
  const model = new Application({ schemas: KEYS, definition: moving }).access.model;
  const memory = new MemoryDatabase(KEYS);
  memory.put('legacy', native('a'));
  const database = amendedDatabase(oneTable(memory), { model, earlier: [] });
  await expect(database.scan('target', { segment: 0, segments: 1 })).rejects.toMatchObject({ name: 'TransformFailed' });
});

test('items keep the names of the amendments before, in both forms', async () => {
  const { place, memory } = table('a');
  const database = amendedDatabase(oneTable(memory), { ...place.amendment, earlier: ['marks-1'] });
  const formsOf = () => memory.items('legacy').map(({ _rollout }) => _rollout && 'M' in _rollout && _rollout.M.f);
  await database.write([{ do: 'put', side: 'legacy', item: native('a') }]);
  expect(formsOf()).toEqual([{ L: [{ S: 'marks-1' }] }]);
  const [seen] = (await database.scan('target', { segment: 0, segments: 1 })).items as [Item];
  await database.write([{ do: 'put', side: 'target', item: seen, when: { is: 'unchanged', since: seen } }]);
  expect(formsOf()).toEqual([{ L: [{ S: 'marks-1' }, { S: 'marks-2' }] }]);
});

test('two clients on both sides of the move, and passes in both directions beside them, keep every promise', async () => {
  const passes = fc.array(fc.constantFrom<Side>('legacy', 'target'), { maxLength: 3 });
  const there = fc.constantFrom<'native' | 'amended' | 'none'>('native', 'amended', 'none');
  const property = fc.asyncProperty(fc.scheduler(), steps, steps, passes, there, async (scheduler, one, other, forms, first) => {
    const { place, memory } = table(...(first === 'none' ? [] : ['0']));
    if (first === 'amended') await place.pass('target');
    memory.before = (call) => scheduler.schedule(Promise.resolve(), call);
    const history = new History();
    const client = async (mine: readonly Step[]) => {
      for (const step of mine) await history.run(place.application(step.ahead ? 'target' : 'legacy'), { ...step, on: 'PROFILE' });
    };
    const worker = async () => {
      for (const form of forms) await place.pass(form);
    };
    await scheduler.waitFor(Promise.all([client(one), client(other), worker()]));

    memory.before = () => {};
    const final = marksOf(await place.application('legacy').cities.get(keys.PROFILE));
    expect(isLinearizable(first === 'none' ? undefined : '0', history.operations.PROFILE, final)).toBe(true);
    for (const form of ['target', 'legacy'] as const) {
      await place.pass(form);
      expect((await place.forms()).every((each) => each === form)).toBe(true);
      expect(marksOf(await place.application('target').cities.get(keys.PROFILE))).toBe(final);
    }
  });
  await fc.assert(property, { numRuns: Number(process.env.RACES ?? 200) });
});
