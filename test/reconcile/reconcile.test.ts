import { backfill } from '../../lambda/backfill/backfill';
import type { Side } from '../../lambda/core/position';
import { sampleDivergence } from '../../lambda/core/reconcile';
import { replicateForward } from '../../lambda/core/replicate';
import { tokenOf } from '../../lambda/core/stamp';
import { type ReconcilePorts, reconcile } from '../../lambda/reconcile/reconcile';
import { sumSlices } from '../../lambda/sum-slices/sum-slices';
import { MemoryDatabase } from '../memory/memory-database';
import { MemoryLedger } from '../memory/memory-ledger';
import {
  allIn,
  changesOf,
  contentsOf,
  counting,
  expectedContents,
  itemAt,
  people,
  person,
  profile,
  routingOf,
  settle,
  TestClock,
} from '../memory/people';

async function scene(count: number, position: Parameters<typeof allIn>[0] = 'legacy') {
  const database = new MemoryDatabase(people.schemas);
  settle(database, count);
  const clock = new TestClock();
  const ledger = new MemoryLedger(clock.now);
  await ledger.acquire('run-1', 'execution-1');
  const published: Record<string, number>[] = [];
  const { source, serve } = routingOf(allIn(position), clock.now);
  const ports: ReconcilePorts = {
    ...{ database, model: people, ledger, clock, routing: source, tokens: counting() },
    remaining: () => 600_000,
    requirePrompt: async () => {},
    publish: async (metrics) => void published.push(metrics as Record<string, number>),
  };
  await backfill(
    { ...ports, speed: { maxWriteUnits: 0, maxConcurrency: 1 } },
    { run: 'run-1', generation: 1, slice: 0, slices: 1 },
  );
  return { database, clock, ledger, ports, published, serve };
}

function pass(ports: ReconcilePorts, phase: string, side: Side, repair: boolean) {
  return reconcile(ports, { run: 'run-1', generation: 1, slice: 0, slices: 1, phase, side, repair });
}

async function both(ports: ReconcilePorts, phase: string, repair: boolean) {
  await pass(ports, phase, 'legacy', repair);
  await pass(ports, phase, 'target', repair);
  return sumSlices(ports.ledger, { run: 'run-1', phase });
}

const TOWN_0 = { pk: { S: 'P#p0' }, sk: { S: 'TOWN' } };

/** Damage of each kind: missing, different, extra in a known group, extra without a legacy item. */
function damage(database: MemoryDatabase): void {
  database.remove('target', TOWN_0);
  database.put('target', profile('p1', 'wrong', 't1', 'backfill'));
  database.put('target', { pk: { S: 'P#p2' }, sk: { S: 'OLD' }, name: { S: 'x' } });
  database.put('target', profile('ghost', 'deleted long ago', 'tg', 'backfill'));
}

test('a filled target is clean, and nothing waits', async () => {
  const { ports, clock } = await scene(300);
  const began = clock.time;
  expect(await both(ports, 'repair-1', true)).toEqual({ checked: 900, repaired: 0, diverged: 0, lagging: 0, failed: 0 });
  expect(clock.time).toBe(began);
});

test('repairs what is missing, different and extra; the next pass is clean', async () => {
  const { database, ports, published } = await scene(30);
  damage(database);
  expect(await both(ports, 'repair-1', true)).toMatchObject({ repaired: 4, diverged: 0, failed: 0 });
  expect(contentsOf(database, 'target')).toEqual(expectedContents(database));
  expect(await both(ports, 'repair-2', true)).toMatchObject({ repaired: 0 });
  expect(published.reduce((sum, metrics) => sum + (metrics.Repaired ?? 0), 0)).toBe(4);
});

test('counting writes nothing, and tells keys and attribute names without values', async () => {
  const { database, ports, ledger } = await scene(30);
  damage(database);
  const changes = database.changes.length;
  expect(await both(ports, 'count-1', false)).toMatchObject({ diverged: 4, repaired: 0 });
  expect(database.changes.length).toBe(changes);
  expect((await ledger.counter('divergence')).count).toBe(4);
  const events = (await ledger.events()).filter(({ kind }) => kind === 'divergence');
  const groups = events.flatMap(({ data }) => data.groups as object[]);
  expect(groups).toContainEqual({ legacyKey: 'id=p0', differences: [{ targetKey: 'pk=P#p0,sk=TOWN', kind: 'missing' }] });
  expect(groups).toContainEqual({
    legacyKey: 'id=p1',
    differences: [{ targetKey: 'pk=P#p1,sk=PROFILE', kind: 'different', attributes: ['name'], token: 't1' }],
  });
  expect(groups).toContainEqual({
    legacyKey: 'id=ghost',
    differences: [{ targetKey: 'pk=P#ghost,sk=PROFILE', kind: 'extra', token: 'tg' }],
  });
  expect(JSON.stringify(events.map(({ data }) => data))).not.toContain('wrong');
});

test('of many groups twenty are named, and the others are a number', async () => {
  const { database, ports, ledger } = await scene(60);
  for (let n = 0; n < 50; n++) database.put('target', profile(`p${n}`, 'wrong', `t${n}`));
  expect(await pass(ports, 'count-1', 'legacy', false)).toMatchObject({ diverged: 50 });
  const [event] = (await ledger.events()).filter(({ kind }) => kind === 'divergence');
  expect(event?.data.groups).toHaveLength(20);
  expect(event?.data.more).toBe(30);
});

test('a change that arrives while we look is neither counted nor repaired', async () => {
  for (const repair of [false, true]) {
    const { database, clock, ports } = await scene(20);
    database.put('legacy', person('p3', 'renamed', { token: 'new' }));
    const [change] = changesOf(database, 'legacy').slice(-1);
    let slept = 0;
    clock.woken = () => {
      const settling = { database, model: people, tokens: counting(), mayWrite: () => {} };
      if (++slept === 2 && change) void replicateForward(settling, 'legacy', change);
    };
    expect(await pass(ports, 'p', 'legacy', repair)).toMatchObject({ diverged: 0, repaired: 0 });
    expect(slept).toBeGreaterThan(1);
  }
});

test('a delivery that is ten seconds late is no divergence', async () => {
  const { database, clock, ports } = await scene(5);
  database.put('legacy', person('p3', 'renamed', { token: 'new' }));
  const [change] = changesOf(database, 'legacy').slice(-1);
  const arrives = clock.time + 10_000;
  clock.woken = () => {
    const settling = { database, model: people, tokens: counting(), mayWrite: () => {} };
    if (clock.time > arrives && change) void replicateForward(settling, 'legacy', change);
  };
  const whole = { segment: 0, segments: 1 };
  expect(await sampleDivergence(ports, whole, 100, 'legacy')).toMatchObject({ diverged: 0 });
  expect(clock.time).toBeGreaterThan(arrives);
});

test('a group that keeps changing is left as lagging when counting', async () => {
  const { database, clock, ports, ledger } = await scene(5);
  let n = 0;
  database.put('legacy', person('p3', 'always new', { token: 'n' }));
  clock.woken = () => database.put('legacy', person('p3', `new ${++n}`, { token: `n${n}` }));
  expect(await pass(ports, 'count-1', 'legacy', false)).toMatchObject({ diverged: 0 });
  expect((await ledger.checkpoint('run-1', 'count-1/legacy', 0))?.counts.lagging).toBe(1);
});

test('a busy group whose target follows shortly after is right, however often it changes', async () => {
  const { database, clock, ports, ledger } = await scene(5);
  let n = 0;
  const changeAndFollow = () => {
    database.put('target', profile('p3', `new ${n}`, `n${n}`));
    database.put('legacy', person('p3', `new ${++n}`, { town: 'Ghent', token: `n${n}` }));
  };
  changeAndFollow();
  clock.woken = changeAndFollow;
  expect(await pass(ports, 'count-1', 'legacy', false)).toMatchObject({ diverged: 0 });
  expect((await ledger.checkpoint('run-1', 'count-1/legacy', 0))?.counts.lagging).toBe(0);
});

test('a difference that lasts counts, whatever the tokens say', async () => {
  const { database, clock, ports } = await scene(5);
  database.put('legacy', person('p3', 'lost update', { token: 'lost' }));
  const began = clock.time;
  expect(await pass(ports, 'count-1', 'legacy', false)).toMatchObject({ diverged: 1 });
  expect(clock.time - began).toBeGreaterThan(4000);
});

test('a ghost, deleted between scan and insert, goes', async () => {
  const { database, ports } = await scene(10);
  database.remove('legacy', { id: { S: 'p4' } });
  expect(await both(ports, 'repair-1', true)).toMatchObject({ repaired: 1 });
  expect(contentsOf(database, 'target')).toEqual(expectedContents(database));
});

test('repair loses no write that comes between look and repair', async () => {
  const { database, ports } = await scene(10);
  damage(database);
  let writes = 0;
  database.before = (call) => {
    if (call === 'write' && ++writes <= 3) database.put('legacy', person(`p${writes - 1}`, 'newest', { token: `x${writes}` }));
  };
  await both(ports, 'repair-1', true);
  database.before = () => {};
  await both(ports, 'repair-2', true);
  expect(contentsOf(database, 'target')).toEqual(expectedContents(database));
  expect(itemAt(database, 'legacy', 'id=p0')).toMatchObject({ name: { S: 'newest' } });
  expect(tokenOf(itemAt(database, 'target', 'pk=P#p0,sk=PROFILE'))).toBe('x1');
});

test.each(['dual-target', 'target', 'fenced'] as const)(
  'repair refuses where the target is in authority: %s',
  async (position) => {
    const { database, ports } = await scene(10, position);
    damage(database);
    const changes = database.changes.length;
    await expect(pass(ports, 'repair-1', 'legacy', true)).rejects.toMatchObject({ name: 'BarrierNotReached' });
    expect(database.changes.length).toBe(changes);
  },
);

test('repair stops when authority moves between decision and write', async () => {
  const { database, ports, serve } = await scene(10);
  damage(database);
  let moved = false;
  database.before = async (call) => {
    if (call !== 'get' || moved) return;
    const table = await ports.routing.current().catch(() => undefined);
    if (!table) return;
    moved = true;
    serve(allIn('dual-target', { revision: 2 }));
    await ports.routing.refresh();
  };
  const changes = database.changes.length;
  await pass(ports, 'repair-1', 'legacy', true).catch((error: Error) =>
    expect(['LeaseExpired', 'BarrierNotReached']).toContain(error.name),
  );
  expect(database.changes.length).toBe(changes);
});

test('an item that up throws on stops the slice', async () => {
  const { database, ports, ledger } = await scene(3);
  database.put('legacy', person('bad', 'poison'));
  await expect(pass(ports, 'count-1', 'legacy', false)).rejects.toMatchObject({ name: 'TransformFailed' });
  expect((await ledger.events()).at(-1)).toMatchObject({
    kind: 'slice-failed',
    data: { key: 'id=bad', phase: 'count-1/legacy' },
  });
});

test('a repair pass killed at any write and run again ends equal', async () => {
  for (let at = 1; at <= 4; at++) {
    const { database, ports } = await scene(10);
    damage(database);
    let writes = 0;
    database.before = (call) => {
      if (call === 'write' && ++writes === at) throw new Error('killed');
    };
    await both(ports, 'repair-1', true).catch(() => {});
    await both(ports, 'repair-1', true);
    expect(contentsOf(database, 'target')).toEqual(expectedContents(database));
  }
});

test('reads in parts of a hundred keys, each once', async () => {
  const { database, ports } = await scene(150);
  const sizes: number[] = [];
  const getMany = database.getMany.bind(database);
  database.getMany = async (side, keys) => {
    sizes.push(keys.length);
    expect(new Set(keys.map((key) => JSON.stringify(key))).size).toBe(keys.length);
    return getMany(side, keys);
  };
  await pass(ports, 'count-1', 'target', false);
  expect(sizes).toEqual([100, 50]);
  sizes.length = 0;
  await pass(ports, 'count-1', 'legacy', false);
  expect(sizes).toEqual([100, 100, 100]);
});

test('the sampled comparison sees both kinds of damage and writes nothing', async () => {
  const { database, ports } = await scene(40, 'target');
  damage(database);
  const changes = database.changes.length;
  const whole = { segment: 0, segments: 1 };
  expect(await sampleDivergence(ports, whole, 100, 'legacy')).toMatchObject({ checked: 40, diverged: 2 });
  expect(await sampleDivergence(ports, whole, 100, 'target')).toMatchObject({ checked: 81, diverged: 2 });
  expect(await sampleDivergence(ports, whole, 7, 'legacy')).toMatchObject({ checked: 7 });
  expect(database.changes.length).toBe(changes);
});
