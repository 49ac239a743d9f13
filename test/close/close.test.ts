import { type CloseEvent, close } from '../../lambda/close/close';
import type { RoutingTable } from '../../lambda/core/routing-table';
import { heartbeat } from '../../lambda/observe/heartbeat';
import { sample } from '../../lambda/sample/sample';
import { ReplicatedWorld } from '../prove/replicated-world';

const ARRIVED: Partial<RoutingTable> = { ranges: [{ below: 10_000, position: 'target' }], scout: 'target' };

/** A change whose run has completed. `looks`: how many it takes until nothing reads the streams. */
async function completed(table: Partial<RoutingTable> = ARRIVED, looks = 1) {
  const w = new ReplicatedWorld(table);
  const { generation } = await w.ledger.acquire('run-1', 'e-1');
  const counts = { divergence: 0, unadopted: 0, poison: 0 };
  await w.ledger.append('run-1', 'completed', { generation, furthest: 'target', revision: 9, counts });
  await w.ledger.release(generation);
  let left = looks;
  const remains = [{ remove: async () => --left <= 0 }];
  const ask = (event: CloseEvent) => close({ ...w.ports, remains }, event);
  const pass = (seconds: number) => {
    w.time += seconds * 1000;
  };
  return { w, ask, pass };
}

const kindsOf = async (w: ReplicatedWorld) => (await w.ledger.events()).map(({ kind }) => kind);

test('waits for the window, for samples under way, and for the event sources; then nothing begins or is taken back', async () => {
  const { w, ask, pass } = await completed(ARRIVED, 2);
  expect(await ask({ window: 1000 })).toEqual({ completed: true, closed: false, wait: 60 });
  pass(990);
  expect(await ask({ window: 1000 })).toEqual({ completed: true, closed: false, wait: 10 });
  pass(10);
  expect(await ask({ window: 1000 })).toEqual({ completed: true, closed: false, wait: 60 });
  pass(60);
  expect(await ask({ window: 1000 })).toEqual({ completed: true, closed: false, wait: 10 });
  expect(await ask({ window: 1000 })).toEqual({ completed: true, closed: true, wait: 0 });
  expect(await ask({ window: 1000 })).toEqual({ completed: true, closed: true, wait: 0 });
  expect(await kindsOf(w)).toEqual(['completed', 'closed']);
  const rollback = { run: 'run-1', holder: 'rb-1', mode: 'soft' } as const;
  await expect(w.ledger.takeOver(undefined, rollback)).rejects.toMatchObject({ name: 'ChangeClosed' });
  await expect(w.ledger.acquire('run-2', 'e-2')).rejects.toMatchObject({ name: 'ChangeClosed' });
});

test('a look tells what has completed, and changes nothing', async () => {
  const { w, ask } = await completed();
  expect(await ask({ look: true })).toEqual({ completed: true, closed: false, wait: 0 });
  expect(await w.ledger.vacancy()).toEqual({ generation: 1, closed: false });
  await ask({});
  expect(await ask({ look: true })).toMatchObject({ completed: true });
});

const LEGACY = [{ below: 10_000, position: 'legacy' as const }];
type Change = (w: ReplicatedWorld) => Promise<unknown>;

const TROUBLES: [string, Change, string][] = [
  ['a run is at work', (w) => w.ledger.acquire('run-2', 'e-2'), 'e-2 is at work'],
  ['keys were taken back', (w) => released(w, { ranges: LEGACY }), 'keys stand in legacy'],
  ['a release spreads', (w) => w.control.release(w.control.table, 'more', { id: 'slow' }), 'is in progress'],
  ['its run never completed', (w) => released(w, { run: 'run-9' }), 'of run run-9'],
];

function released(w: ReplicatedWorld, change: Partial<RoutingTable>): Promise<number> {
  return w.control.release({ ...w.control.table, ...change }, 'more', 'immediate');
}

test.each(TROUBLES)('%s: not closed, and says so', async (_, happen, why) => {
  const { w, ask } = await completed();
  await happen(w);
  expect(await ask({ look: true })).toMatchObject({ completed: false });
  await expect(ask({})).rejects.toMatchObject({ name: 'NotCompleted', message: expect.stringContaining(why) });
  await expect(ask({})).rejects.toThrow('Nothing was changed');
  expect((await w.ledger.vacancy())?.closed).not.toBe(true);
});

test('whoever takes the lease between the look and the close wins', async () => {
  const { w, ask } = await completed();
  const deployed = w.control.deployed.bind(w.control);
  w.control.deployed = async () => {
    w.control.deployed = deployed;
    const answer = await deployed();
    await w.ledger.takeOver(undefined, { run: 'run-1', holder: 'rb-1', mode: 'soft' });
    return answer;
  };
  expect(await ask({})).toEqual({ completed: true, closed: false, wait: 10 });
  await expect(ask({})).rejects.toMatchObject({ name: 'NotCompleted' });
});

test('stopped after the lease was closed, the next call records it and goes on', async () => {
  const { w, ask, pass } = await completed();
  const append = w.ledger.append.bind(w.ledger);
  w.ledger.append = () => Promise.reject(new Error('stopped'));
  await expect(ask({})).rejects.toThrow('stopped');
  w.ledger.append = append;
  expect(await ask({})).toMatchObject({ closed: false });
  pass(60);
  expect(await ask({})).toMatchObject({ closed: true });
  expect(await kindsOf(w)).toEqual(['completed', 'closed']);
});

test('a heartbeat that was under way goes, and no other is sent', async () => {
  const { w, ask, pass } = await completed();
  w.running.clear();
  const deployed = await w.control.deployed();
  if (deployed) await heartbeat(w.ports, deployed, true, 'sample');
  expect(w.database.items('target')).toHaveLength(2);
  await ask({});
  pass(60);
  expect(await ask({})).toMatchObject({ closed: true });
  expect(w.database.items('target')).toHaveLength(0);
  const published: unknown[] = [];
  await sample({ ...w.ports, publish: async (metrics: unknown) => void published.push(metrics) } as never);
  expect(w.database.items('target')).toHaveLength(0);
  expect(published).toHaveLength(1);
});

test.each([-1, Number.NaN, '7' as unknown as number])('a window of %s is refused', async (window) => {
  const { ask } = await completed();
  await expect(ask({ window })).rejects.toMatchObject({ name: 'InvalidConfiguration' });
});
