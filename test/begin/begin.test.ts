import { type BeginEvent, begin } from '../../lambda/begin/begin';
import { notProved } from '../../lambda/core/identity';
import type { Plan } from '../../lambda/core/plan';
import { BUCKETS, initialTable } from '../../lambda/core/routing-table';
import { MemoryIdentities, session } from '../memory/memory-identities';
import { MemoryLedger } from '../memory/memory-ledger';
import { MemoryControl } from '../traffic/memory-control';

function world(table = initialTable('seed', 30, 5)) {
  const ledger = new MemoryLedger();
  const control = new MemoryControl(() => 0, table);
  const identities = new MemoryIdentities();
  const plan: Plan = { stages: [], lease: 30, poll: 5, inFlight: 10 };
  const ports = {
    ledger,
    control,
    identities,
    plan,
    planSha256: 'plan-1',
    transform: { version: 'v1', sha256: 'sha-1' },
  };
  return {
    ledger,
    control,
    identities,
    ports,
    begin: (event: BeginEvent = { run: 'run-1', holder: 'e-1' }) => begin(ports, event),
  };
}

const kinds = async ({ ledger }: { ledger: MemoryLedger }) => (await ledger.events()).map(({ kind }) => kind);

test('takes the lease, arms AppConfig, starts counters at zero and records what it begins with', async () => {
  const w = world();
  await w.ledger.count('unadopted', 9);
  expect(await w.begin({ run: 'run-1', holder: 'e-1', reason: 'because' })).toEqual({ run: 'run-1', generation: 1 });
  expect(w.control.armed).toBe(true);
  expect((await w.ledger.counter('unadopted')).count).toBe(0);
  expect((await w.ledger.events())[0]).toMatchObject({
    kind: 'begun',
    data: { generation: 1, transform: { version: 'v1', sha256: 'sha-1' }, planSha256: 'plan-1', reason: 'because' },
  });
  expect(await w.ledger.note('plan')).toEqual({ run: 'run-1', sha256: 'plan-1' });
});

test('twice is once, even late: counters and alarms of the run stay as they are', async () => {
  const w = world();
  await w.begin();
  await w.control.disarm();
  await w.ledger.count('divergence', 1);
  w.control.deployments.push({
    ...w.control.deployments[0],
    table: { ...initialTable('run-1', 30, 5), scout: 'shadow' },
  } as never);
  expect(await w.begin()).toEqual({ run: 'run-1', generation: 1 });
  expect(w.control.armed).toBe(false);
  expect((await w.ledger.counter('divergence')).count).toBe(1);
  expect(await kinds(w)).toEqual(['begun']);
});

test('a second run is refused with the holder’s name', async () => {
  const w = world();
  await w.begin();
  await expect(w.begin({ run: 'run-2', holder: 'e-2' })).rejects.toMatchObject({
    name: 'AlreadyRunning',
    message: expect.stringContaining('e-1'),
  });
});

test('keys that are not in legacy are refused, and the lease is not taken', async () => {
  const w = world({ ...initialTable('old', 30, 5), ranges: [{ below: BUCKETS, position: 'dual-target' }] });
  await expect(w.begin()).rejects.toMatchObject({ name: 'AlreadyRunning', message: expect.stringContaining('dual-target') });
  expect(await w.ledger.lease()).toBeUndefined();
});

test('a changed transform under a version already begun is refused, and the lease given back', async () => {
  const w = world();
  await w.begin();
  await w.ledger.release(1);
  w.ports.transform = { version: 'v1', sha256: 'sha-2' };
  await expect(w.begin({ run: 'run-2', holder: 'e-2' })).rejects.toMatchObject({ name: 'TransformChanged' });
  expect(await w.ledger.lease()).toBeUndefined();
  w.ports.transform = { version: 'v2', sha256: 'sha-2' };
  expect(await w.begin({ run: 'run-3', holder: 'e-3' })).toMatchObject({ run: 'run-3' });
});

test('an execution that gave the lease up does not get it again', async () => {
  const w = world();
  await w.begin();
  await w.ledger.release(1);
  await expect(w.begin()).rejects.toMatchObject({ name: 'LeaseLost' });
});

test('stopped before it was recorded, it does everything again', async () => {
  const w = world();
  w.control.arm = () => Promise.reject(new Error('throttled'));
  await expect(w.begin()).rejects.toThrow('throttled');
  w.control.arm = MemoryControl.prototype.arm;
  expect(await w.begin()).toEqual({ run: 'run-1', generation: 1 });
  expect(w.control.armed).toBe(true);
});

test('what was counted since a first try that stopped in the middle stays counted', async () => {
  const w = world();
  w.control.arm = () => Promise.reject(new Error('throttled'));
  await expect(w.begin()).rejects.toThrow('throttled');
  await w.ledger.count('unadopted', 2);
  w.control.arm = async () => {};
  await w.begin();
  expect((await w.ledger.counter('unadopted')).count).toBe(2);
});

test('an immediate rollback that still merges is no place to begin', async () => {
  const w = world({ ...initialTable('old', 30, 5), salvage: true, scout: 'target' });
  await expect(w.begin()).rejects.toMatchObject({ message: expect.stringContaining('still merges late writes') });
});

test('keeps the lease when the transform could not be registered just now: the next try has it again', async () => {
  const w = world();
  const register = w.ledger.registerTransform.bind(w.ledger);
  w.ledger.registerTransform = () => Promise.reject(new Error('timed out'));
  await expect(w.begin()).rejects.toThrow('timed out');
  w.ledger.registerTransform = register;
  expect(await w.begin()).toEqual({ run: 'run-1', generation: 1 });
});

const PROVED: BeginEvent = { run: 'run-1', holder: 'e-1', by: 'Ada', proof: 'ada for start' };

test('writes down who started it, as proved and as said', async () => {
  const w = world();
  await w.begin(PROVED);
  expect((await w.ledger.events())[0]).toMatchObject({ kind: 'begun', who: session('ada'), data: { by: 'Ada' } });
});

test('what was proved stays so: a later try of the same execution does not need the proof', async () => {
  const w = world();
  const arm = w.control.arm.bind(w.control);
  w.control.arm = () => Promise.reject(new Error('throttled'));
  await expect(w.begin(PROVED)).rejects.toThrow('throttled');
  w.control.arm = arm;
  w.identities.trouble = notProved('it was signed 7200 seconds ago');
  expect(await w.begin(PROVED)).toMatchObject({ generation: 1 });
  expect((await w.ledger.events())[0]?.who).toBe(session('ada'));
  expect(w.identities.asked).toBe(1);
});

test('a proof that says nothing starts nothing', async () => {
  const w = world();
  await expect(w.begin({ ...PROVED, proof: 'ada for pause' })).rejects.toMatchObject({ name: 'IdentityNotProved' });
  await expect(w.begin({ ...PROVED, proof: '' })).rejects.toMatchObject({ name: 'InvalidDecision' });
  expect(await w.ledger.lease()).toBeUndefined();
  expect(await kinds(w)).toEqual([]);
});

test('a plan whose stages others approve is started by somebody who is known', async () => {
  const w = world();
  const separate = { ...w.ports, plan: { ...w.ports.plan, separate: true } };
  await expect(begin(separate, { run: 'run-1', holder: 'e-1', by: 'Ada' })).rejects.toMatchObject({
    name: 'IdentityNotProved',
    message: expect.stringContaining('Start it with a proof'),
  });
  expect(await w.ledger.lease()).toBeUndefined();
  expect(await begin(separate, PROVED)).toMatchObject({ generation: 1 });
});
