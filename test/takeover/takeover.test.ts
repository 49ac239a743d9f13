import { RolloutError } from '../../lambda/core/errors';
import { initialTable } from '../../lambda/core/routing-table';
import { TRAFFIC_SECONDS } from '../../lambda/core/traffic';
import { type TakeoverEvent, takeover } from '../../lambda/takeover/takeover';
import { MemoryIdentities, session } from '../memory/memory-identities';
import { MemoryLedger } from '../memory/memory-ledger';
import { MemoryControl } from '../traffic/memory-control';
import { MemoryExecutions } from './memory-executions';

async function world() {
  const ledger = new MemoryLedger();
  const control = new MemoryControl(() => 0, initialTable('run-1', 30, 5));
  const executions = new MemoryExecutions();
  const identities = new MemoryIdentities();
  const ports = { ledger, control, executions, identities, plan: { stages: [], lease: 30, poll: 5, inFlight: 10 } };
  await ledger.acquire('run-1', 'rollout');
  await control.arm();
  executions.alive.set('rollout', '');
  const take = (event: Partial<TakeoverEvent> = {}) =>
    takeover(ports, { holder: 'rollback', mode: 'soft', reason: 'alarm', ...event });
  return { ledger, control, executions, identities, take };
}

test('takes the lease, stops the old holder, disarms AppConfig, and says how long to wait', async () => {
  const w = await world();
  expect(await w.take()).toEqual({ run: 'run-1', generation: 2, wait: 10 + TRAFFIC_SECONDS, slices: 100 });
  expect(w.executions.alive.size).toBe(0);
  expect(w.control.armed).toBe(false);
  expect((await w.ledger.events())[0]).toMatchObject({
    kind: 'rollback-begun',
    data: { generation: 2, mode: 'soft', reason: 'alarm' },
  });
});

test('twice is once, also when it stopped before the old holder was', async () => {
  const w = await world();
  const stop = w.executions.stop.bind(w.executions);
  w.executions.stop = () => Promise.reject(new Error('throttled'));
  await expect(w.take()).rejects.toThrow('throttled');
  w.executions.stop = stop;
  expect(await w.take()).toMatchObject({ generation: 2 });
  expect(await w.take()).toMatchObject({ generation: 2 });
  expect(w.executions.alive.size).toBe(0);
  expect(await w.ledger.events()).toHaveLength(1);
});

test('works with a dead rollout, and with none', async () => {
  const w = await world();
  w.executions.alive.clear();
  expect(await w.take()).toMatchObject({ run: 'run-1', generation: 2 });
  await w.ledger.release(2);
  expect(await w.take({ holder: 'arn:x:by-hand' })).toMatchObject({ run: 'by-hand', generation: 3 });
});

test('a rollback at work gives way to a harder one only', async () => {
  const w = await world();
  w.executions.alive.set('rollback', '');
  await w.take({ mode: 'fenced' });
  for (const mode of ['soft', 'fenced'] as const) {
    await expect(w.take({ holder: 'second', mode })).rejects.toMatchObject({ name: 'AlreadyRunning' });
  }
  expect(await w.take({ holder: 'third', mode: 'immediate' })).toMatchObject({ generation: 3 });
  expect(w.executions.alive.has('rollback')).toBe(false);
});

test('a rollback that is dead gives way to any', async () => {
  const w = await world();
  await w.take({ mode: 'fenced' });
  expect(await w.take({ holder: 'second', mode: 'soft' })).toMatchObject({ generation: 3 });
});

test('an unknown mode is refused before anything happens', async () => {
  const w = await world();
  await expect(w.take({ mode: 'hard' as never })).rejects.toMatchObject({ name: 'InvalidConfiguration' });
  expect((await w.ledger.lease())?.generation).toBe(1);
});

test('a run that has ended is not taken back by whoever named it, and neither is the next one', async () => {
  const w = await world();
  await w.ledger.release(1);
  await expect(w.take({ run: 'run-1' })).rejects.toMatchObject({ name: 'LeaseLost' });
  await w.ledger.acquire('run-2', 'rollout-2');
  await expect(w.take({ run: 'run-1' })).rejects.toMatchObject({
    name: 'LeaseLost',
    message: expect.stringContaining('run run-2 has the lease now'),
  });
  expect((await w.ledger.lease())?.holder).toBe('rollout-2');
});

test('a harder rollback that comes in between is not taken from', async () => {
  const w = await world();
  const { lease } = w.ledger;
  w.ledger.lease = async () => {
    const seen = await lease.call(w.ledger);
    w.ledger.lease = lease;
    w.executions.alive.set('harder', '');
    await w.ledger.takeOver(seen, { run: 'run-1', holder: 'harder', mode: 'immediate' });
    return seen;
  };
  await expect(w.take({ mode: 'fenced' })).rejects.toMatchObject({ name: 'AlreadyRunning' });
  expect((await w.ledger.lease())?.holder).toBe('harder');
});

test('goes on where AppConfig refuses to be disarmed: the halt does it again', async () => {
  const w = await world();
  w.control.disarm = () => Promise.reject(new Error('a deployment is in progress'));
  expect(await w.take()).toMatchObject({ generation: 2 });
});

test('writes down who takes back, as proved and as said', async () => {
  const w = await world();
  await w.take({ by: 'Ada', proof: 'ada for rollback' });
  expect((await w.ledger.events())[0]).toMatchObject({ who: session('ada'), data: { by: 'Ada' } });
});

test.each([
  ['proves nothing', 'ada for start', undefined],
  ['cannot be looked at', 'ada for rollback', new RolloutError('IdentityUnavailable', 'AWS STS does not answer.')],
  ['is no text', null as never, new TypeError('null has no length')],
])('a proof that %s stops no way back, and the ledger says so', async (_, proof, trouble) => {
  const w = await world();
  w.identities.trouble = trouble;
  expect(await w.take({ proof })).toMatchObject({ generation: 2 });
  const [event] = await w.ledger.events();
  expect(event).toMatchObject({ kind: 'rollback-begun', data: { unproved: expect.any(String) } });
  expect(event?.who).toBeUndefined();
});
