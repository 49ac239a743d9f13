import { finish } from '../../lambda/finish/finish';
import { heartbeat } from '../../lambda/observe/heartbeat';
import { writeCanary } from '../../lambda/prove/canaries';
import { remember } from '../../lambda/prove/sweep';
import { ReplicatedWorld } from '../prove/replicated-world';

async function world() {
  const w = new ReplicatedWorld();
  await w.ledger.acquire('run-1', 'e-1');
  await w.control.arm();
  return w;
}

const event = (outcome: 'completed' | 'rolled-back' | 'failed', generation = 1) => ({
  run: 'run-1',
  generation,
  outcome,
  reason: 'x',
});

test.each(['completed', 'rolled-back'] as const)('%s: recorded, disarmed, and the lease is free', async (outcome) => {
  const w = await world();
  expect(await finish(w.ports, event(outcome))).toEqual({});
  expect(await w.ledger.lease()).toBeUndefined();
  expect(w.control.armed).toBe(false);
  expect((await w.ledger.events())[0]).toMatchObject({ kind: outcome, data: { generation: 1, furthest: 'legacy', revision: 1 } });
});

test('failed keeps the lease for the rollback', async () => {
  const w = await world();
  await finish(w.ports, event('failed'));
  expect((await w.ledger.lease())?.generation).toBe(1);
  expect(w.control.armed).toBe(true);
});

test('a second try after the end is done already; another generation is not', async () => {
  const w = await world();
  await finish(w.ports, event('completed'));
  expect(await finish(w.ports, event('completed'))).toEqual({});
  expect(await w.ledger.events()).toHaveLength(1);
  await expect(finish(w.ports, event('completed', 7))).rejects.toMatchObject({ name: 'LeaseLost' });
});

test('stopped after the event, it is not recorded twice and still gives the lease up', async () => {
  const w = await world();
  const release = w.ledger.release.bind(w.ledger);
  w.ledger.release = () => Promise.reject(new Error('stopped'));
  await expect(finish(w.ports, event('completed'))).rejects.toThrow('stopped');
  w.ledger.release = release;
  await finish(w.ports, event('completed'));
  expect(await w.ledger.events()).toHaveLength(1);
  expect(await w.ledger.lease()).toBeUndefined();
});

test('canaries and heartbeats that were left behind are removed', async () => {
  const w = await world();
  w.running.clear();
  await remember(w.ports, [7]);
  await writeCanary(w.ports, 'legacy', 7);
  const deployed = await w.control.deployed();
  if (deployed) await heartbeat(w.ports, deployed, true, 'observe');
  expect(w.database.items('legacy')).toHaveLength(2);
  await expect(finish(w.ports, event('rolled-back'))).rejects.toMatchObject({ name: 'BarrierNotReached' });
  w.time += 61_000;
  await finish(w.ports, event('rolled-back'));
  expect(w.database.items('legacy')).toHaveLength(0);
});

test('a rollback that has not arrived does not end', async () => {
  const w = await world();
  w.control.deployments[0] = {
    ...(w.control.deployments[0] as object),
    table: { ...w.control.table, ranges: [{ below: 10_000, position: 'shadow' }] },
  } as never;
  await expect(finish(w.ports, event('rolled-back'))).rejects.toMatchObject({
    name: 'BarrierNotReached',
    message: expect.stringContaining('keys stand in shadow'),
  });
  expect(await w.ledger.lease()).toBeDefined();
});

test('a rollback ends where the target is down, and names what is left; a completion does not', async () => {
  const w = await world();
  await remember(w.ports, [7]);
  w.time += 60_000;
  w.database.before = () => Promise.reject(new Error('the target is down'));
  await expect(finish(w.ports, event('completed'))).rejects.toThrow('the target is down');
  await finish(w.ports, event('rolled-back'));
  expect((await w.ledger.events())[0]?.data.left).toBe('Canaries may be left behind: Error: the target is down');
  expect(await w.ledger.lease()).toBeUndefined();
});
