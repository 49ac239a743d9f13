import { replicateForward } from '../../lambda/core/replicate';
import { differences } from '../../lambda/differences/differences';
import { sketch } from '../../lambda/sketch/sketch';
import type { MemoryDatabase } from '../memory/memory-database';
import { changesOf, contentsOf, counting, expectedContents, people, person, profile } from '../memory/people';
import { list, pass, RUN, SLICES, scan, scene } from './scene';

function damage(database: MemoryDatabase): void {
  database.remove('target', { pk: { S: 'P#p0' }, sk: { S: 'TOWN' } });
  database.put('target', profile('p1', 'wrong', 't1', 'backfill'));
  database.put('target', { pk: { S: 'P#p2' }, sk: { S: 'OLD' }, name: { S: 'x' } });
  database.put('target', profile('ghost', 'deleted long ago', 'tg', 'backfill'));
}

test('a filled target is clean at the cost of one scan of each side', async () => {
  const { database, clock, ports } = await scene(300);
  const calls: string[] = [];
  database.before = (call) => void calls.push(call);
  const began = clock.time;
  expect(await pass(ports, 'one', true)).toEqual({
    ...{ listed: true, checked: 900, repaired: 0, diverged: 0, lagging: 0, failed: 0, list: '', unseen: 0 },
  });
  expect(new Set(calls)).toEqual(new Set(['scan']));
  expect(clock.time).toBe(began);
});

test('repairs what is missing, different and extra; the next pass is clean', async () => {
  const { database, ports } = await scene(30);
  damage(database);
  expect(await pass(ports, 'one', true)).toMatchObject({ listed: true, repaired: 4, diverged: 0 });
  expect(contentsOf(database, 'target')).toEqual(expectedContents(database));
  expect(await pass(ports, 'two', true)).toMatchObject({ listed: true, repaired: 0 });
});

test('counting writes nothing, and lists every group with keys, tokens and names, without values', async () => {
  const { database, ports, ledger, archive } = await scene(60, 'target');
  damage(database);
  for (let n = 10; n < 50; n++) database.put('target', profile(`p${n}`, 'wrong', `t${n}`));
  const changes = database.changes.length;
  const found = await pass(ports, 'one', false);
  expect(found).toMatchObject({ listed: true, diverged: 44, repaired: 0 });
  expect(database.changes.length).toBe(changes);
  expect((await ledger.counter('divergence')).count).toBe(44);
  const text = Buffer.from(await archive.get('differences', found.list)).toString();
  const lines = text.trim().split('\n');
  expect(lines).toHaveLength(44);
  expect(lines.map((line) => JSON.parse(line))).toContainEqual({
    legacyKey: 'id=p1',
    token: 't1',
    differences: [{ targetKey: 'pk=P#p1,sk=PROFILE', kind: 'different', attributes: ['name'], token: 't1' }],
  });
  expect(text).not.toContain('wrong');
});

test('where so many differ that time is up, the rest is a number', async () => {
  const { database, ports } = await scene(10, 'target');
  for (let n = 0; n < 600; n++) database.put('target', profile(`ghost${n}`, 'x', `g${n}`));
  let asked = 0;
  const short = { ...ports, remaining: () => (asked++ < 3 ? 600_000 : 60_000) };
  await scan(ports, 'one');
  expect(await list(short, 'one', false)).toMatchObject({ listed: true, diverged: 500, unseen: 100 });
});

test.each([
  ['to add the sketches up', 0],
  ['for the first look', 2],
])('without time %s it is left to the comparison item by item', async (_, enough) => {
  const { database, ports } = await scene(10, 'target');
  database.put('target', profile('ghost', 'x', 'g'));
  let asked = 0;
  const short = { ...ports, remaining: () => (asked++ < enough ? 600_000 : 60_000) };
  await scan(ports, 'one');
  expect(await list(short, 'one', false)).toMatchObject({ listed: false, diverged: 0 });
});

test('a try that repairs again what an earlier one has repaired is not a clean pass', async () => {
  const { database, ports } = await scene(30);
  damage(database);
  await scan(ports, 'one');
  expect(await list(ports, 'one', true)).toMatchObject({ repaired: 4 });
  // Its answer was lost; the sketches are as they were.
  expect(await list(ports, 'one', true)).toMatchObject({ repaired: 1 });
  expect(await pass(ports, 'two', true)).toMatchObject({ repaired: 0 });
});

test('what only observes counts nothing that takes traffic back', async () => {
  const { database, ports, ledger, published } = await scene(10, 'target');
  database.put('target', profile('ghost', 'x', 'g'));
  await scan(ports, 'one');
  const input = { run: 'run-1', generation: 1, phase: 'one', slices: SLICES, repair: false, observeOnly: true };
  expect(await differences(ports, input)).toMatchObject({ diverged: 1, list: expect.stringMatching(/jsonl$/) });
  expect((await ledger.counter('divergence')).count).toBe(0);
  expect(published.every((metrics) => (metrics.Divergence ?? 0) === 0)).toBe(true);
});

test('a table with a very long key is compared item by item', async () => {
  const { database, ports } = await scene(10);
  database.put('legacy', person('x'.repeat(1100), 'long'));
  await scan(ports, 'one');
  expect(await list(ports, 'one', true)).toMatchObject({ listed: false });
});

test('changes that pass between the scans are looked at again, and are no differences', async () => {
  const { database, ports } = await scene(20);
  await scan(ports, 'one', ['legacy']);
  for (const n of [3, 4, 5]) {
    database.put('legacy', person(`p${n}`, 'renamed', { token: `new${n}` }));
    const change = changesOf(database, 'legacy').at(-1);
    const settling = { database, model: people, tokens: counting(), mayWrite: () => {} };
    if (change) await replicateForward(settling, 'legacy', change);
  }
  await scan(ports, 'one', ['target']);
  expect(await list(ports, 'one', false)).toMatchObject({ listed: true, diverged: 0 });
});

test('what differs does not count while replication is behind', async () => {
  const { database, ports, ledger } = await scene(20);
  damage(database);
  const requirePrompt = async () => {
    throw Object.assign(new Error('behind'), { name: 'ReplicationNotProved' });
  };
  await expect(pass({ ...ports, requirePrompt }, 'one', false)).rejects.toMatchObject({ name: 'ReplicationNotProved' });
  expect((await ledger.counter('divergence')).count).toBe(0);
});

test('what arrived with the proof of replication does not count', async () => {
  const { database, ports, ledger } = await scene(20);
  database.put('legacy', person('p3', 'renamed', { token: 'late' }));
  const change = changesOf(database, 'legacy').at(-1);
  const settling = { database, model: people, tokens: counting(), mayWrite: () => {} };
  const requirePrompt = async () => {
    if (change) await replicateForward(settling, 'legacy', change);
  };
  expect(await pass({ ...ports, requirePrompt }, 'one', false)).toMatchObject({ listed: true, diverged: 0 });
  expect((await ledger.events()).at(-1)).toMatchObject({ kind: 'compared', data: { phase: 'one', diverged: 0, list: '' } });
});

test('where too much differs it says so, and counts nothing', async () => {
  const { database, ports } = await scene(20);
  for (let n = 0; n < 3000; n++) database.put('target', profile(`ghost${n}`, 'x', `g${n}`));
  const whole = { ...RUN, phase: 'one', slice: 0, slices: 1 };
  for (const side of ['legacy', 'target'] as const) await sketch(ports, { ...whole, side });
  expect(await differences(ports, { ...whole, repair: true })).toMatchObject({ listed: false, repaired: 0 });
});

test('slices that are not done leave no list', async () => {
  const { ports } = await scene(20);
  await scan(ports, 'one', ['legacy']);
  expect(await list(ports, 'one', true)).toMatchObject({ listed: false, failed: SLICES });
});

test('a worker that stops anywhere, or runs beside itself, leaves the same sum', async () => {
  for (let at = 1; at <= 6; at++) {
    const { database, clock, ports } = await scene(200);
    damage(database);
    let scans = 0;
    const scanned = database.scan.bind(database);
    database.scan = async (side, request) => {
      clock.time += 40_000;
      if (++scans === at) throw new Error('killed');
      return scanned(side, { ...request, limit: 30 });
    };
    await scan(ports, 'one').catch(() => {});
    await Promise.all([scan(ports, 'one'), scan(ports, 'one')]);
    expect(await list(ports, 'one', false)).toMatchObject({ listed: true, diverged: 4 });
  }
});

test('repair refuses where the target is in authority', async () => {
  const { database, ports } = await scene(10, 'target');
  damage(database);
  await expect(pass(ports, 'one', true)).rejects.toMatchObject({ name: 'BarrierNotReached' });
});

test('an item that up throws on stops the slice', async () => {
  const { database, ports, ledger } = await scene(3);
  database.put('legacy', person('bad', 'poison'));
  await expect(scan(ports, 'one')).rejects.toMatchObject({ name: 'TransformFailed' });
  expect((await ledger.events()).at(-1)).toMatchObject({ kind: 'slice-failed', data: { key: 'id=bad', phase: 'one/legacy' } });
});
