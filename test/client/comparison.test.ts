import type { Item } from '../../lambda/core/item';
import type { Position } from '../../lambda/core/position';
import { stamped, tokenOf } from '../../lambda/core/stamp';
import { Application, everyoneAt, type Options, Replication } from './application';
import { PLACE, PROFILE } from './cities';

const DELFT = { ...PROFILE, name: 'Delft' };

async function sampling(position: Position, options: Options = {}, sample = 100): Promise<Application> {
  const app = new Application({ ...options, table: everyoneAt('legacy') });
  await app.cities.put(DELFT);
  await new Replication(app.database, app.access, 'legacy').run();
  await app.release(everyoneAt(position, { sample }));
  return app;
}

function damage(app: Application, token?: string): void {
  const [item] = app.database.items('target') as [Item];
  app.database.put('target', stamped({ ...item, name: { S: 'damaged' } }, token ?? (tokenOf(item) as string), 'client'));
}

describe.each(['shadow', 'dual-target'] as const)('at %s', (position) => {
  const answer = (app: Application) => (position === 'shadow' ? DELFT : { ...app.database, ...DELFT, name: 'damaged' }).name;

  test('equal sides are no event', async () => {
    const app = await sampling(position);
    expect(await app.cities.get(PROFILE)).toEqual(DELFT);
    await app.rollout.idle();
    expect(app.events).toEqual([]);
    expect(app.reports).toEqual([{ reads: 1, mismatches: 0, failures: 0, times: [{ legacy: 0, target: 0 }] }]);
  });

  test('one version with two contents, twice, is a mismatch; the answer is that of the side that answers', async () => {
    const app = await sampling(position);
    damage(app);
    expect((await app.cities.get(PROFILE))?.sk).toBe('PROFILE');
    expect(await app.cities.get(PROFILE)).toMatchObject({ name: answer(app) });
    await app.rollout.idle();
    expect(app.events[0]).toEqual({ type: 'mismatch', key: PROFILE, legacyKey: { id: '1' }, position, differs: 'content' });
  });

  test('a version that stays behind is a mismatch', async () => {
    const app = await sampling(position);
    damage(app, 'another');
    await app.cities.get(PROFILE);
    await app.rollout.idle();
    expect(app.events).toMatchObject([{ type: 'mismatch', differs: 'version' }]);
    expect(app.reports).toEqual([{ reads: 1, mismatches: 1, failures: 0, times: [{ legacy: 0, target: 0 }] }]);
  });

  test('lag is not: the second look finds both sides equal', async () => {
    const app: Application = await sampling(position, {
      sleep: async () => {
        await app.release(everyoneAt(position === 'shadow' ? 'shadow' : 'target', { sample: 0 }));
        await app.cities.put({ ...DELFT, name: 'Leiden' });
        await new Replication(app.database, app.access, position).run();
        await app.release(everyoneAt(position, { sample: 100 }));
      },
    });
    damage(app, 'another');
    await app.cities.get(PROFILE);
    await app.rollout.idle();
    expect(app.events).toEqual([]);
  });

  test('nor is a difference that changes between the looks', async () => {
    let times = 0;
    const app: Application = await sampling(position, { sleep: async () => damage(app, `another-${++times}`) });
    damage(app);
    await app.cities.get(PROFILE);
    await app.rollout.idle();
    expect(app.events).toEqual([]);
  });

  test('a comparison that fails fails no answer', async () => {
    const app = await sampling(position);
    let calls = 0;
    app.database.before = () => {
      if (++calls > 1) throw new Error('throttled');
    };
    expect(await app.cities.get(PROFILE)).toEqual(DELFT);
    await app.rollout.idle();
    expect(app.events).toMatchObject([{ type: 'comparison-failed', key: PROFILE }]);
  });

  test('and one that hangs holds none up', async () => {
    const app = await sampling(position);
    let calls = 0;
    app.database.before = () => (++calls > 1 ? new Promise(() => {}) : undefined);
    expect(await app.cities.get(PROFILE)).toEqual(DELFT);
  });

  test('an item of a queried partition is compared, too', async () => {
    const app = await sampling(position);
    damage(app);
    await app.cities.query({ pk: 'CITY#1' });
    await app.rollout.idle();
    expect(app.events).toMatchObject([{ type: 'mismatch', key: PROFILE }]);
  });

  test('nothing is compared after close', async () => {
    const app = await sampling(position);
    damage(app);
    const read = app.cities.get(PROFILE);
    await read;
    app.rollout.close();
    await app.rollout.idle();
    expect(app.events).toEqual([]);
  });
});

test.each(['legacy', 'dual-legacy', 'target', 'fenced'] as const)('nothing is compared at %s', async (position) => {
  const app = await sampling(position);
  app.calls.length = 0;
  await app.cities.get(PROFILE);
  await app.rollout.idle();
  expect(app.calls).toEqual(['get']);
});

test('only the sample is compared', async () => {
  const dice = [0.099, 0.1, 0.05, 0.9];
  const app = await sampling('shadow', { random: () => dice.shift() ?? 0.99 }, 10);
  const counts: number[] = [];
  for (let n = 0; n < 4; n++) {
    app.calls.length = 0;
    await app.cities.get(PROFILE);
    await app.rollout.idle();
    counts.push(app.calls.length);
  }
  expect(counts).toEqual([3, 1, 3, 1]);
});

test('an item that only the target has is a mismatch', async () => {
  const app = await sampling('shadow');
  app.database.put('target', { pk: { S: PLACE.pk }, sk: { S: PLACE.sk }, feature: { S: 'PPL' } });
  expect(await app.cities.get(PLACE)).toBeUndefined();
  await app.rollout.idle();
  expect(app.events).toMatchObject([{ type: 'mismatch', key: PLACE, differs: 'version' }]);
});
