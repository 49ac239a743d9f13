import fc from 'fast-check';
import { type Item, keyOf } from '../../lambda/core/item';
import type { Model } from '../../lambda/core/model';
import type { Write } from '../../lambda/core/ports';
import type { Position } from '../../lambda/core/position';
import { type Change, replicateForward, replicateReverse } from '../../lambda/core/replicate';
import { settleForward, settleReverse } from '../../lambda/core/settle';
import { stamped } from '../../lambda/core/stamp';
import { World } from './interleaving';
import { downOfTarget, legacyItem, MODELS, type ModelName, upOfLegacy } from './models';

const RUNS = { numRuns: 150 };
const NAMES = Object.keys(MODELS) as ModelName[];

/** One operation: a key, its next content (undefined deletes), and how it is written. */
const operation = fc.record({
  id: fc.constantFrom('a', 'b'),
  v: fc.option(fc.nat(7), { nil: undefined, freq: 3 }),
  other: fc.boolean(),
});
type Operation = { id: string; v?: number; other: boolean };
const operations = fc.array(operation, { maxLength: 5 }) as fc.Arbitrary<Operation[]>;
const again = fc.array(fc.nat(8), { maxLength: 5 });

/** `other` operations are by code without the client, or by clients one position ahead. */
type Kind = 'clients alone' | 'beside code without the client' | 'beside clients in dual-legacy';

describe.each(NAMES)('forward, %s', (name) => {
  const model: Model = MODELS[name];

  it.each<Kind>(['clients alone', 'beside code without the client', 'beside clients in dual-legacy'])(
    'ends with target = up(legacy): %s',
    async (kind) => {
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), operations, operations, again, async (scheduler, first, second, repeats) => {
          const world = new World(model, scheduler);
          const position: Position = kind === 'beside clients in dual-legacy' ? 'dual-legacy' : 'shadow';
          const replicate = (change: Change) => replicateForward(world.settling, position, change);
          world.interleave();
          const write = ({ id, v, other }: Operation) => {
            const next = v === undefined ? undefined : legacyItem(name, id, v);
            if (other && kind === 'beside code without the client')
              return world.writeNative({ id: { S: id } }, next, (v ?? 0) % 2 === 0);
            return world.writeLegacy({ id: { S: id } }, next, other && kind === 'beside clients in dual-legacy');
          };
          await scheduler.waitFor(
            Promise.all([
              world.writer(first.map((op) => () => write(op))),
              world.writer(second.map((op) => () => write(op))),
              world.deliver('legacy', replicate),
              ...repeats.map((nth) => world.deliverAgain('legacy', nth, replicate)),
            ]),
          );
          world.calm();
          expect(world.database.contents('target')).toEqual(upOfLegacy(model, world.database));
          const changes = world.database.changes.filter(({ side }) => side === 'target').length;
          for (const record of world.database.changes.filter(({ side }) => side === 'legacy')) await replicate(record);
          expect(world.database.contents('target')).toEqual(upOfLegacy(model, world.database));
          expect(world.database.changes.filter(({ side }) => side === 'target').length).toBe(changes);
        }),
        RUNS,
      );
    },
  );

  it('ends with target = up(legacy) after a backfill of old reads, once reconciliation has passed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), operations, operations, async (scheduler, before, during) => {
        const world = new World(model, scheduler);
        const replicate = (change: Change) => replicateForward(world.settling, 'legacy', change);
        const write = ({ id, v, other }: Operation) => {
          const next = v === undefined ? undefined : legacyItem(name, id, v);
          return other ? world.writeNative({ id: { S: id } }, next, true) : world.writeLegacy({ id: { S: id } }, next, false);
        };
        for (const op of before) await write(op);
        const read = world.database.items('legacy');
        world.database.changes.length = 0;
        world.interleave();
        const backfill = async () => {
          for (const item of read) {
            await world.turn('backfill');
            await world.database.insertAbsent(
              'target',
              model.up(item).map((child) => stamped(child, 'backfill', 'backfill')),
            );
          }
        };
        await scheduler.waitFor(
          Promise.all([
            world.writer(during.map((op) => () => write(op))),
            world.writer([backfill]),
            world.deliver('legacy', replicate),
          ]),
        );
        world.calm();
        const settleAll = async () => {
          const groups = [...world.database.items('legacy').map((item) => keyOf(item, ['id']))];
          const ghosts = world.database.items('target').map((item) => ({ key: model.legacyKey(item), candidate: item }));
          const results = [];
          for (const key of groups) results.push(await settleForward(world.settling, key));
          for (const { key, candidate } of ghosts) results.push(await settleForward(world.settling, key, [candidate]));
          return results;
        };
        await settleAll();
        expect(world.database.contents('target')).toEqual(upOfLegacy(model, world.database));
        expect((await settleAll()).filter((result) => result !== 'same')).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe.each(NAMES)('reverse, %s', (name) => {
  const model: Model = MODELS[name];

  it('ends with legacy = down(target), item for item', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        operations,
        operations,
        again,
        fc.array(fc.nat(7), { maxLength: 2 }),
        async (scheduler, first, second, repeats, start) => {
          const world = new World(model, scheduler);
          for (const [index, v] of start.entries()) {
            await world.writeLegacy({ id: { S: 'ab'[index] as string } }, legacyItem(name, 'ab'[index] as string, v), true);
          }
          // Legacy items without target items have no group: the target could not know of them.
          for (const item of world.database.items('legacy'))
            if (model.up(item).length === 0) world.database.remove('legacy', keyOf(item, ['id']));
          world.database.changes.length = 0;
          world.interleave();
          const replicate = (change: Change) => replicateReverse(world.settling, 'target', change);
          // Two writers that give one item two keys at once make what no legacy item can hold: there each has its own item.
          const write = ({ id, v, other }: Operation, own: string) =>
            writeTarget(world, name, name === 'keyChanging' ? own : id, v, other);
          await scheduler.waitFor(
            Promise.all([
              world.writer(first.map((op) => () => write(op, 'a'))),
              world.writer(second.map((op) => () => write(op, 'b'))),
              world.deliver('target', replicate),
              ...repeats.map((nth) => world.deliverAgain('target', nth, replicate)),
            ]),
          );
          world.calm();
          expect(world.database.contents('legacy')).toEqual(downOfTarget(model, world.database));
          const changes = world.database.changes.length;
          for (const record of world.database.changes.filter(({ side }) => side === 'target')) await replicate(record);
          for (const item of world.database.items('target')) expect(await settleReverse(world.settling, item)).toBe('same');
          expect(world.database.changes.length).toBe(changes);
        },
      ),
      RUNS,
    );
  });
});

/** A client in `target`: one item alone where the model lets it, else the group in a transaction. */
async function writeTarget(world: World, name: ModelName, id: string, v: number | undefined, alone: boolean): Promise<void> {
  const { database, model } = world;
  for (;;) {
    const found = await database.query(
      'target',
      name === 'oneToOne' ? { pk: { S: `P#${id}` } } : name === 'oneToMany' ? { pk: { S: id } } : {},
    );
    const now = found.filter((item) => JSON.stringify(model.legacyKey(item)) === JSON.stringify({ id: { S: id } }));
    const next = v === undefined ? [] : model.up(legacyItem(name, id, v));
    const all = [...puts(world, next, now), ...deletes(world, next, now)];
    const writes = alone && name === 'oneToMany' ? all.slice(0, 1) : all;
    if (writes.length === 0 || (await database.write(writes))) return;
  }
}

function keyed(model: Model, items: readonly Item[], key: Item): Item | undefined {
  return items.find(
    (item) => JSON.stringify(keyOf(item, model.schemas.target)) === JSON.stringify(keyOf(key, model.schemas.target)),
  );
}

function puts({ model, tokens }: World, next: readonly Item[], now: readonly Item[]): Write[] {
  return next.map((item) => {
    const found = keyed(model, now, item);
    const when = found ? ({ is: 'unchanged', since: found } as const) : ({ is: 'absent' } as const);
    return { do: 'put', side: 'target', item: stamped(item, tokens(), 'client'), when };
  });
}

function deletes({ model }: World, next: readonly Item[], now: readonly Item[]): Write[] {
  return now
    .filter((item) => !keyed(model, next, item))
    .map((item) => ({
      do: 'delete',
      side: 'target',
      key: keyOf(item, model.schemas.target),
      when: { is: 'unchanged', since: item },
    }));
}
