import fc from 'fast-check';
import { type AmendPorts, amendSlice } from '../../lambda/amend/amend';
import { defineAmendment } from '../../lambda/client';
import { amendedDatabase, formOf } from '../../lambda/core/amendment';
import type { Item } from '../../lambda/core/item';
import type { Side } from '../../lambda/core/position';
import { MemoryDatabase } from '../memory/memory-database';
import { MemoryLedger } from '../memory/memory-ledger';
import { oneTable } from '../memory/one-table';
import { Application, everyoneAt, token } from './application';
import type { City } from './cities';
import { History, keys, marksOf, type Step, steps } from './history';
import { isLinearizable } from './linearizability';

const KEYS = { legacy: ['pk', 'sk'], target: ['pk', 'sk'] } as const;

/** The old form keeps the marks in one text, the new one in a list. */
const definition = defineAmendment({
  version: 'marks-2',
  up: ({ text, ...rest }) => ({ ...rest, ...(text === undefined ? {} : { marks: text.split(' ') }) }),
  down: ({ marks, ...rest }) => ({ ...rest, ...(marks === undefined ? {} : { text: marks.join(' ') }) }),
});

/** A table in place, and who works on it. */
class InPlace {
  readonly memory = new MemoryDatabase(KEYS);
  private readonly model = this.application('legacy').access.model;
  readonly amendment = { model: this.model, earlier: [] };
  private readonly ledger = new MemoryLedger(() => 0);
  private passes = 0;

  application(at: Side): Application {
    const app = new Application({ schemas: KEYS, definition, table: everyoneAt(at), database: this.memory });
    const seen = amendedDatabase(oneTable(this.memory), { model: app.access.model, earlier: [] });
    return new Application({ schemas: KEYS, definition, table: everyoneAt(at), database: this.memory, seen });
  }

  async begin(): Promise<void> {
    await this.ledger.acquire('run', 'execution');
  }

  /** One pass over all items. */
  async pass(form: Side | 'none') {
    const ports: AmendPorts = {
      ...{ database: amendedDatabase(oneTable(this.memory), this.amendment), model: this.model, amendment: this.amendment },
      ...{ ledger: this.ledger, tokens: token, rate: 0, publish: async () => {}, remaining: () => 600_000 },
      clock: { now: () => 0, sleep: async () => {} },
    };
    const phase = `pass-${++this.passes}`;
    return amendSlice(ports, { run: 'run', generation: 1, phase, slice: 0, slices: 1, form });
  }

  get forms(): Side[] {
    return this.memory.items('legacy').map((item) => formOf(this.amendment, item));
  }
}

function native(text: string): Item {
  return { pk: { S: keys.PROFILE.pk }, sk: { S: 'PROFILE' }, text: { S: text } };
}

async function table(...texts: string[]): Promise<InPlace> {
  const place = new InPlace();
  await place.begin();
  for (const text of texts) place.memory.put('legacy', native(text));
  return place;
}

test('clients of either position understand items of either form, and write their own', async () => {
  const place = await table('a b');
  const [behind, ahead] = [place.application('legacy'), place.application('target')];
  for (const app of [behind, ahead]) expect(marksOf(await app.cities.get(keys.PROFILE))).toBe('a,b');
  await ahead.cities.update(keys.PROFILE, (city) => ({ ...(city as City), marks: [...(city?.marks ?? []), 'c'] }));
  expect(place.forms).toEqual(['target']);
  expect(place.memory.items('legacy')[0]).toMatchObject({ marks: { L: [{ S: 'a' }, { S: 'b' }, { S: 'c' }] } });
  for (const app of [behind, ahead]) expect(marksOf(await app.cities.get(keys.PROFILE))).toBe('a,b,c');
  expect((await behind.cities.query({ pk: keys.PROFILE.pk })).map(marksOf)).toEqual(['a,b,c']);
  await behind.cities.update(keys.PROFILE, (city) => ({ ...(city as City), marks: ['d'] }));
  expect(place.forms).toEqual(['legacy']);
  expect(place.memory.items('legacy')[0]).toMatchObject({ text: { S: 'd' } });
});

test('a pass stores every item in the form that is asked for, and the next one finds nothing to do', async () => {
  const place = await table('a b');
  expect(await place.pass('none')).toEqual({ done: true, checked: 1, repaired: 0 });
  expect(await place.pass('target')).toEqual({ done: true, checked: 1, repaired: 1 });
  expect(place.forms).toEqual(['target']);
  expect(await place.pass('target')).toEqual({ done: true, checked: 1, repaired: 0 });
  expect(await place.pass('legacy')).toEqual({ done: true, checked: 1, repaired: 1 });
  expect(place.memory.items('legacy')[0]).toMatchObject(native('a b'));
});

test('an item that would not come back as it was is found before anything is stored', async () => {
  const place = await table('a b');
  place.memory.put('legacy', { ...native('c'), sk: { S: 'OTHER' }, marks: { S: 'in the way' } });
  await expect(place.pass('none')).rejects.toMatchObject({ name: 'NotRepresentable' });
  expect(place.forms).toEqual(['legacy', 'legacy']);
});

test('what the old form cannot keep is not written, in either position', async () => {
  const place = await table();
  for (const at of ['legacy', 'target'] as const) {
    const app = place.application(at);
    await expect(app.cities.put({ ...keys.PROFILE, marks: [] as string[] } as City)).rejects.toMatchObject({
      name: 'NotRepresentable',
    });
    await expect(app.cities.put({ ...keys.PROFILE, marks: ['x y'] } as City)).rejects.toMatchObject({ name: 'NotRepresentable' });
  }
  expect(place.memory.items('legacy')).toEqual([]);
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
  const place = await table('a');
  const database = amendedDatabase(oneTable(place.memory), { ...place.amendment, earlier: ['marks-1'] });
  const formsOf = () => place.memory.items('legacy').map(({ _rollout }) => _rollout && 'M' in _rollout && _rollout.M.f);
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
    const place = await table(...(first === 'none' ? [] : ['0']));
    if (first === 'amended') await place.pass('target');
    place.memory.before = (call) => scheduler.schedule(Promise.resolve(), call);
    const history = new History();
    const client = async (mine: readonly Step[]) => {
      for (const step of mine) await history.run(place.application(step.ahead ? 'target' : 'legacy'), { ...step, on: 'PROFILE' });
    };
    const worker = async () => {
      for (const form of forms) await place.pass(form);
    };
    await scheduler.waitFor(Promise.all([client(one), client(other), worker()]));

    place.memory.before = () => {};
    const final = marksOf(await place.application('legacy').cities.get(keys.PROFILE));
    expect(isLinearizable(first === 'none' ? undefined : '0', history.operations.PROFILE, final)).toBe(true);
    for (const form of ['target', 'legacy'] as const) {
      await place.pass(form);
      expect(place.forms.every((each) => each === form)).toBe(true);
      expect(marksOf(await place.application('target').cities.get(keys.PROFILE))).toBe(final);
    }
  });
  await fc.assert(property, { numRuns: Number(process.env.RACES ?? 200) });
});
