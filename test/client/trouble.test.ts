import type { Item } from '../../lambda/core/item';
import type { Write } from '../../lambda/core/ports';
import { POSITIONS } from '../../lambda/core/position';
import { stamped, tokenOf } from '../../lambda/core/stamp';
import { Application, everyoneAt, Replication } from './application';
import { type City, cities, PLACE, PROFILE } from './cities';

const DELFT = { ...PROFILE, name: 'Delft' };

async function settled(position: (typeof POSITIONS)[number] | 'fenced', options = {}): Promise<Application> {
  const app = new Application({ ...options, table: everyoneAt('legacy') });
  await app.cities.put(DELFT);
  await new Replication(app.database, app.access, 'legacy').run();
  await app.release(everyoneAt(position));
  return app;
}

/** Has the n-th write of the database answer as told; the others go through. */
function atWrite(app: Application, turns: Record<number, (through: () => Promise<boolean>) => Promise<boolean>>): void {
  const through = app.database.write.bind(app.database);
  let turn = 0;
  app.database.write = (writes: Write[]) => {
    const deal = turns[++turn];
    return deal ? deal(() => through(writes)) : through(writes);
  };
}

test.each(POSITIONS.filter((position) => position !== 'target'))(
  'at %s nothing is built on a legacy item that holds more than the new model can',
  async (position) => {
    const app = await settled(position);
    const [stored] = app.database.items('legacy') as [Item];
    const richer = { ...stored, mayor: { S: 'Ann' } };
    app.database.put('legacy', richer);
    const refused = app.cities.update(PROFILE, (city) => city && { ...city, marks: ['mine'] });
    await expect(refused).rejects.toMatchObject({ name: 'NotRepresentable', data: { attributes: ['mayor'] } });
    expect(app.database.items('legacy')).toEqual([richer]);
  },
);

test.each(POSITIONS.filter((position) => position !== 'target'))(
  'at %s nothing is written over a legacy item that the new model does not see',
  async (position) => {
    const hidden = { ...cities, up: (legacy: never) => ((legacy as { hidden?: boolean }).hidden ? [] : cities.up(legacy)) };
    const app = new Application({ definition: hidden as never, table: everyoneAt(position) });
    const item: Item = { id: { S: PROFILE.pk.slice(5) }, name: { S: 'Old Delft' }, hidden: { BOOL: true } };
    app.database.put('legacy', item);
    const key = { ...PROFILE, pk: PROFILE.pk };
    await expect(app.cities.put({ ...key, name: 'Delft' } as City)).rejects.toMatchObject({ name: 'NotRepresentable' });
    await app.cities.delete(key);
    expect(app.database.items('legacy')).toEqual([item]);
  },
);

describe('an update that loses', () => {
  test.each(POSITIONS)('at %s is made again of what is there then', async (position) => {
    const app = await settled(position);
    const rival = new Application({ database: app.database, table: everyoneAt(position) });
    atWrite(app, {
      1: async (through) => {
        app.database.write = app.database.constructor.prototype.write;
        await rival.cities.put({ ...DELFT, marks: ['rival'] });
        return through();
      },
    });
    const answer = await app.cities.update(PROFILE, (city) => city && { ...city, marks: [...(city.marks ?? []), 'mine'] });
    expect(answer).toEqual({ ...DELFT, marks: ['rival', 'mine'] });
    expect(await app.cities.get(PROFILE)).toEqual(answer);
  });

  test('waits longer and longer, and at last says so', async () => {
    const app = await settled('dual-target', { random: () => 0.99 });
    app.database.write = async () => false;
    await expect(app.cities.put(DELFT)).rejects.toMatchObject({ name: 'TooMuchContention' });
    expect(app.sleeps).toHaveLength(20);
    expect(app.sleeps.slice(0, 3)).toEqual([9.9, 19.8, 39.6]);
    expect(Math.max(...app.sleeps)).toBe(495);
  });

  test.each(POSITIONS)('at %s is not made twice when only its answer was lost', async (position) => {
    const app = await settled(position);
    let applied = 0;
    atWrite(app, {
      1: async (through) => {
        await through();
        return false;
      },
    });
    const answer = await app.cities.update(PROFILE, (city) => {
      applied++;
      return city && { ...city, marks: [...(city.marks ?? []), 'once'] };
    });
    expect(answer).toEqual({ ...DELFT, marks: ['once'] });
    expect(await app.cities.get(PROFILE)).toEqual(answer);
    expect(applied).toBe(1);
  });
});

describe('a change of the routing table in the middle', () => {
  test('a read whose side changed meanwhile is made again', async () => {
    const app = await settled('dual-target');
    app.calls.length = 0;
    app.database.before = async (call) => {
      if (app.calls.push(call) === 1) await app.release(everyoneAt('dual-legacy', { revision: 2 }));
    };
    expect(await app.cities.get(PROFILE)).toEqual(DELFT);
    expect(app.calls).toEqual(['get', 'get']);
  });

  test.each([
    ['legacy', 'shadow', ['legacy']],
    ['shadow', 'dual-legacy', ['legacy', 'target']],
    ['dual-legacy', 'dual-target', ['legacy', 'target']],
    ['dual-target', 'target', ['target']],
    ['dual-target', 'dual-legacy', ['legacy', 'target']],
  ] as const)('a write begun at %s is decided again at %s', async (from, to, sides) => {
    const app = await settled(from);
    const before = app.database.changes.length;
    let changes = 0;
    app.database.before = async () => {
      if (app.table?.revision === 1) await app.release(everyoneAt(to, { revision: 2 }));
    };
    await app.cities.update(PROFILE, (city) => {
      changes++;
      return city && { ...city, name: 'Leiden' };
    });
    expect(changes).toBe(2);
    expect(new Set(app.database.changes.slice(before).map(({ side }) => side))).toEqual(new Set(sides));
  });

  test('a refresh that keeps the position is no reason to begin again', async () => {
    const app = await settled('dual-legacy');
    app.database.before = async (call) => {
      app.calls.push(call);
      if (app.table?.revision === 1) await app.release(everyoneAt('dual-legacy', { revision: 2 }));
    };
    app.calls.length = 0;
    await app.cities.put(DELFT);
    expect(app.calls).toEqual(['get', 'write']);
  });
});

describe('a lease that ends in the middle of a write', () => {
  test.each(POSITIONS)('at %s: nothing is written when AppConfig is out of reach', async (position) => {
    const app = await settled(position);
    const before = app.database.changes.length;
    const update = app.cities.update(PROFILE, (city) => {
      app.table = undefined;
      app.time += 60_000;
      return city && { ...city, name: 'Leiden' };
    });
    await expect(update).rejects.toMatchObject({ name: 'LeaseExpired' });
    expect(app.database.changes).toHaveLength(before);
  });

  test('goes on with a new lease when AppConfig answers', async () => {
    const app = await settled('dual-target');
    let late = true;
    await app.cities.update(PROFILE, (city) => {
      if (late) app.time += 60_000;
      late = false;
      return city && { ...city, name: 'Leiden' };
    });
    expect(await app.cities.get(PROFILE)).toEqual({ ...DELFT, name: 'Leiden' });
  });

  test.each(POSITIONS)('reads at %s stop, too', async (position) => {
    const app = await settled(position);
    app.table = undefined;
    app.time += 60_000;
    await expect(app.cities.get(PROFILE)).rejects.toMatchObject({ name: 'LeaseExpired' });
    await expect(app.cities.query({ pk: 'CITY#1' })).rejects.toMatchObject({ name: 'LeaseExpired' });
  });
});

describe('fenced', () => {
  test('reads legacy and refuses every write', async () => {
    const app = await settled('fenced');
    const before = app.database.changes.length;
    expect(await app.cities.get(PROFILE)).toEqual(DELFT);
    const refused = { name: 'WritesFenced', data: { retryable: true } };
    await expect(app.cities.put(DELFT)).rejects.toMatchObject(refused);
    await expect(app.cities.update(PROFILE, (city) => city)).rejects.toMatchObject(refused);
    await expect(app.cities.delete(PROFILE)).rejects.toMatchObject(refused);
    expect(app.database.changes).toHaveLength(before);
  });

  test('waits for the fence to open, as long as it may', async () => {
    const opens: { at?: Application } = {};
    const app = await settled('fenced', {
      fenceWait: 5000,
      sleep: async () => {
        if (opens.at && opens.at.time >= 2000) await opens.at.release(everyoneAt('legacy', { revision: 2 }));
      },
    });
    await expect(app.cities.put(DELFT)).rejects.toMatchObject({ name: 'WritesFenced' });
    expect(app.time).toBeGreaterThanOrEqual(5000);
    app.time = 0;
    opens.at = app;
    await app.release(everyoneAt('fenced', { revision: 1 }));
    await app.cities.put({ ...DELFT, name: 'Leiden' });
    expect(await app.cities.get(PROFILE)).toEqual({ ...DELFT, name: 'Leiden' });
  });
});

describe('diverged', () => {
  test('nothing is built on one version with two contents', async () => {
    const app = await settled('dual-target');
    await app.cities.put({ ...DELFT, marks: ['1'] });
    const [item] = app.database.items('target');
    app.database.put('target', stamped({ ...item, name: { S: 'damaged' } }, tokenOf(item) as string, 'client'));
    const before = app.database.changes.length;
    await expect(app.cities.update(PROFILE, (city) => city)).rejects.toMatchObject({ name: 'Diverged' });
    await expect(app.cities.put(DELFT)).rejects.toMatchObject({ name: 'Diverged' });
    await expect(app.cities.delete(PROFILE)).rejects.toMatchObject({ name: 'Diverged' });
    expect(app.database.changes).toHaveLength(before);
    expect(app.events[0]).toEqual({ type: 'diverged', key: PROFILE, legacyKey: { id: '1' } });
  });

  test('a legacy item that only lags is no divergence', async () => {
    const app = await settled('target');
    await app.cities.put({ ...DELFT, name: 'Leiden' });
    await app.release(everyoneAt('dual-target'));
    await app.cities.put({ ...PLACE, feature: 'PPL' });
    expect(app.database.items('legacy')).toMatchObject([{ profile: { M: { name: { S: 'Leiden' } } } }]);
  });
});

describe('what legacy cannot hold', () => {
  test.each(['legacy', 'shadow', 'dual-legacy', 'dual-target'] as const)('is refused at %s', async (position) => {
    const app = await settled(position);
    const before = app.database.changes.length;
    const mayor = { ...DELFT, mayor: 'somebody' } as City;
    await expect(app.cities.put(mayor)).rejects.toMatchObject({ name: 'NotRepresentable' });
    await expect(app.cities.update(PROFILE, () => mayor)).rejects.toMatchObject({ name: 'NotRepresentable' });
    expect(app.database.changes).toHaveLength(before);
  });

  test('an item that up fails on comes out with its key', async () => {
    const broken = {
      ...cities,
      up: () => {
        throw new Error('no such city');
      },
    };
    const app = await settled('legacy');
    const other = new Application({ database: app.database, definition: broken });
    await expect(other.cities.get(PROFILE)).rejects.toMatchObject({
      name: 'TransformFailed',
      message: expect.stringContaining('1'),
    });
  });
});

describe('what the application gives', () => {
  const app = new Application();
  test.each([
    ['a key without its sort key', () => app.rollout.table().get({ pk: 'CITY#1' }), 'sk'],
    ['a key that is empty', () => app.rollout.table().get({ pk: '', sk: 'PROFILE' }), 'pk'],
    ['a key of a wrong type', () => app.rollout.table().get({ pk: true, sk: 'PROFILE' }), 'pk'],
    ['no item', () => app.rollout.table().put(undefined as never), 'undefined'],
    ['the reserved attribute', () => app.rollout.table().put({ ...DELFT, _rollout: 1 }), '_rollout'],
    ['an update to another key', () => app.rollout.table().update(PROFILE, () => ({ ...PLACE })), 'sk=PLACE'],
    ['a change that is a promise', () => app.rollout.table().update(PROFILE, async () => DELFT), 'promise'],
    ['what cannot be stored', () => app.rollout.table().put({ ...DELFT, name: new Date() }), 'stored'],
  ])('%s is refused', async (_, run, text) => {
    await expect(run()).rejects.toMatchObject({ name: 'InvalidItem', message: expect.stringContaining(text) });
    expect(app.database.changes).toHaveLength(0);
  });

  test('a whole item serves as a key, and undefined attributes are left out', async () => {
    await app.cities.put({ ...DELFT, marks: undefined });
    expect(await app.cities.get(DELFT)).toEqual(DELFT);
    await app.cities.delete(DELFT);
    expect(app.database.items('legacy')).toEqual([]);
  });
});
