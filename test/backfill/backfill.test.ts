import { type BackfillPorts, backfill } from '../../lambda/backfill/backfill';
import { tokenOf, writerOf } from '../../lambda/core/stamp';
import { MemoryDatabase } from '../memory/memory-database';
import { MemoryLedger } from '../memory/memory-ledger';
import { contentsOf, expectedContents, itemAt, people, person, settle, TestClock } from '../memory/people';

const INPUT = { run: 'run-1', generation: 1, slice: 0, slices: 1 };

async function scene(count: number) {
  const database = new MemoryDatabase(people.schemas);
  settle(database, count);
  const clock = new TestClock();
  const ledger = new MemoryLedger(clock.now);
  await ledger.acquire('run-1', 'execution-1');
  const published: Record<string, number>[] = [];
  const ports: BackfillPorts = {
    ...{ database, model: people, ledger, clock, speed: { maxWriteUnits: 0, maxConcurrency: 1 } },
    remaining: () => 600_000,
    publish: async (metrics) => void published.push(metrics as Record<string, number>),
  };
  return { database, clock, ledger, ports, published };
}

test('fills the target with up of legacy, stamped as the backfill of that version', async () => {
  const { database, ports, published } = await scene(1200);
  const result = await backfill(ports, INPUT);
  expect(result).toEqual({ done: true, items: 1200, inserted: 2400, exists: 0, units: 2400, readUnits: 600 });
  expect(contentsOf(database, 'target')).toEqual(expectedContents(database));
  const item = itemAt(database, 'target', 'pk=P#p7,sk=TOWN');
  expect([tokenOf(item), writerOf(item)]).toEqual(['t7', 'backfill']);
  expect(published.reduce((sum, metrics) => sum + (metrics.BackfilledItems ?? 0), 0)).toBe(2400);
});

test('a version without a token gets one that its content gives, the same each time', async () => {
  const { database, ports } = await scene(0);
  database.put('legacy', person('x', 'native'));
  await backfill(ports, INPUT);
  expect(tokenOf(itemAt(database, 'target', 'pk=P#x,sk=PROFILE'))).toMatch(/^content:[0-9a-f]{32}$/);
});

test('an item that the new model cannot keep whole ends the slice, and nothing of it is copied', async () => {
  const { database, ledger, ports } = await scene(0);
  database.put('legacy', { ...person('x', 'native'), age: { N: '7' } });
  await expect(backfill(ports, INPUT)).rejects.toMatchObject({ name: 'NotRepresentable', data: { attributes: ['age'] } });
  expect(contentsOf(database, 'target').size).toBe(0);
  const [failed] = (await ledger.events()).filter(({ kind }) => kind === 'slice-failed');
  expect(failed?.data).toMatchObject({ error: 'NotRepresentable', key: 'id=x' });
});

test('never overwrites what replication has brought', async () => {
  const { database, ports } = await scene(1);
  const newer = { pk: { S: 'P#p0' }, sk: { S: 'PROFILE' }, name: { S: 'newer' } };
  database.put('target', newer);
  expect(await backfill(ports, INPUT)).toMatchObject({ inserted: 1, exists: 1 });
  expect(itemAt(database, 'target', 'pk=P#p0,sk=PROFILE')).toEqual(newer);
});

test('a second delivery of a done slice changes and reads nothing', async () => {
  const { database, ports } = await scene(50);
  const first = await backfill(ports, INPUT);
  const changes = database.changes.length;
  database.before = (call) => {
    throw new Error(`unexpected ${call}`);
  };
  expect(await backfill(ports, INPUT)).toEqual(first);
  expect(database.changes.length).toBe(changes);
});

test('two workers on one slice at the same time leave one result', async () => {
  const { database, ports } = await scene(700);
  const results = await Promise.all([backfill(ports, INPUT), backfill(ports, INPUT)]);
  expect(results.every(({ done }) => done)).toBe(true);
  expect(contentsOf(database, 'target')).toEqual(expectedContents(database));
});

test('a worker killed in the middle is followed by one that goes on at the checkpoint', async () => {
  const { database, clock, ports } = await scene(3000);
  let writes = 0;
  database.before = (call) => {
    if (call !== 'write') return;
    clock.time += 1;
    if (++writes === 3000) throw new Error('killed');
  };
  await expect(backfill(ports, INPUT)).rejects.toThrow('killed');
  let scanned = 0;
  const scan = database.scan.bind(database);
  database.scan = async (side, request) => {
    const page = await scan(side, request);
    scanned += page.items.length;
    return page;
  };
  database.before = () => {};
  const result = await backfill(ports, INPUT);
  expect(result.done).toBe(true);
  expect(scanned).toBeLessThan(2600);
  expect(contentsOf(database, 'target')).toEqual(expectedContents(database));
});

test('stops in time with a checkpoint, and says that there is more', async () => {
  const { database, ports, clock } = await scene(2500);
  let left = 60_000;
  database.before = (call) => {
    if (call === 'write') left -= 20;
    clock.time += 1;
  };
  const busy = { ...ports, remaining: () => left };
  const first = await backfill(busy, INPUT);
  expect(first.done).toBe(false);
  expect(first.items).toBe(1000);
  left = 1_000_000;
  expect(await backfill(busy, INPUT)).toMatchObject({ done: true, items: 2500, inserted: 5000, exists: 0 });
});

test('stops after ten minutes', async () => {
  const { ports } = await scene(1300);
  expect(await backfill({ ...ports, speed: { maxWriteUnits: 2, maxConcurrency: 1 } }, INPUT)).toMatchObject({ done: false });
});

test('keeps to the rate', async () => {
  const { ports, clock } = await scene(400);
  const began = clock.time;
  expect(await backfill({ ...ports, speed: { maxWriteUnits: 50, maxConcurrency: 1 } }, INPUT)).toMatchObject({
    done: true,
    units: 800,
  });
  expect((clock.time - began) / 1000).toBeGreaterThan(12);
  expect((clock.time - began) / 1000).toBeLessThan(18);
});

test('an operator changes the rate while it works, in both directions', async () => {
  const { database, ports, clock, ledger } = await scene(2000);
  const set = (maxWriteUnits: number) =>
    ledger.saveNote('settings', { run: 'run-1', generation: 1, maxWriteUnits, maxConcurrency: 1 });
  const written: number[] = [];
  const insert = database.insertAbsent.bind(database);
  database.insertAbsent = async (side, items) => {
    written.push(clock.time);
    const answer = await insert(side, items);
    if (written.length === 4) await set(400);
    if (written.length === 60) await set(0);
    return answer;
  };
  const slow = { ...ports, speed: { maxWriteUnits: 25, maxConcurrency: 1 } };
  expect(await backfill(slow, INPUT)).toMatchObject({ done: true, inserted: 4000 });
  const seconds = (from: number, to: number) => ((written[to] as number) - (written[from] as number)) / 1000;
  expect(seconds(0, 4)).toBeGreaterThan(2.5);
  expect(seconds(10, 60) / 50).toBeCloseTo(25 / 400, 1);
  expect(seconds(written.length - 10, written.length - 1)).toBe(0);
  expect(clock.time - (written.at(-1) as number)).toBeLessThan(1000);
});

test('a rate lowered in the middle of a page is kept from the next portion on', async () => {
  const { database, ports, clock, ledger } = await scene(1500);
  database.before = (call) => {
    if (call === 'write') clock.time += 5;
  };
  const began = clock.time;
  await ledger.saveNote('settings', { run: 'run-1', generation: 1, maxWriteUnits: 10, maxConcurrency: 1 });
  const first = await backfill({ ...ports, remaining: () => 60_000 - (clock.time - began) }, INPUT);
  expect(first.done).toBe(false);
  expect(first.units).toBeLessThan(12 * 30);
});

test('throttling makes it slower, not wrong', async () => {
  const { database, ports, clock } = await scene(600);
  const insert = database.insertAbsent.bind(database);
  let [underway, most, calls] = [0, 0, 0];
  database.insertAbsent = async (side, items) => {
    most = Math.max(most, ++underway);
    await new Promise((resolve) => setImmediate(resolve));
    underway--;
    clock.time += 5;
    if (++calls % 5 === 0) throw Object.assign(new Error('slow down'), { name: 'ProvisionedThroughputExceededException' });
    return insert(side, items);
  };
  expect(await backfill(ports, INPUT)).toMatchObject({ done: true, inserted: 1200 });
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(8);
});

test('without throttling more and more requests are in flight', async () => {
  const { database, ports } = await scene(3000);
  const insert = database.insertAbsent.bind(database);
  let [underway, most] = [0, 0];
  database.insertAbsent = async (side, items) => {
    most = Math.max(most, ++underway);
    await new Promise((resolve) => setImmediate(resolve));
    underway--;
    return insert(side, items);
  };
  await backfill(ports, INPUT);
  expect(most).toBe(16);
});

test('throttled without end, it gives up with nothing in flight', async () => {
  const { database, ports } = await scene(100);
  database.insertAbsent = async () => {
    throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
  };
  await expect(backfill(ports, INPUT)).rejects.toThrow('slow down');
});

test('an item that up throws on stops the slice, with key and cause in the ledger', async () => {
  const { database, ports, ledger } = await scene(20);
  database.put('legacy', person('bad', 'poison'));
  await expect(backfill(ports, INPUT)).rejects.toMatchObject({ name: 'TransformFailed' });
  const [event] = await ledger.events();
  expect(event).toMatchObject({ kind: 'slice-failed', run: 'run-1', data: { phase: 'backfill', slice: 0, key: 'id=bad' } });
  expect(JSON.stringify(event?.data)).toContain('no such name');
  expect((await ledger.checkpoint('run-1', 'backfill', 0))?.counts.failed).toBe(1);
  database.put('legacy', person('bad', 'good'));
  expect(await backfill(ports, INPUT)).toMatchObject({ done: true, items: 21 });
  expect((await ledger.checkpoint('run-1', 'backfill', 0))?.counts.failed).toBe(0);
});

test('a key that legacyKey does not lead back stops the slice', async () => {
  const { ports } = await scene(1);
  const model = { ...people, legacyKey: () => ({ id: { S: 'other' } }) };
  await expect(backfill({ ...ports, model }, INPUT)).rejects.toThrow(/legacyKey\(\) leads from there to id=other/);
});

test('a worker of a run that was taken over writes nothing more', async () => {
  const { database, ports, ledger, clock } = await scene(3000);
  let writes = 0;
  database.before = async (call) => {
    if (call === 'write') clock.time += 2;
    if (call === 'write' && ++writes === 500)
      await ledger.takeOver(await ledger.lease(), { run: 'rb', holder: 'execution-2', mode: 'soft' });
  };
  await expect(backfill(ports, INPUT)).rejects.toMatchObject({ name: 'LeaseLost' });
  expect(database.items('target').length).toBeLessThanOrEqual(1000);
  const before = database.items('target').length;
  await expect(backfill(ports, INPUT)).rejects.toMatchObject({ name: 'LeaseLost' });
  expect(database.items('target').length).toBe(before);
});

test('slices cover the table together', async () => {
  const { database, ports } = await scene(500);
  for (let slice = 0; slice < 7; slice++) await backfill(ports, { ...INPUT, slice, slices: 7 });
  expect(contentsOf(database, 'target')).toEqual(expectedContents(database));
});
