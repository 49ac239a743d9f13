import { BUCKETS, initialTable } from '../../lambda/core/routing-table';
import { heartbeat } from '../../lambda/observe/heartbeat';
import { removeCanary } from '../../lambda/prove/canaries';
import { sweep } from '../../lambda/prove/sweep';
import { ReplicatedWorld } from '../prove/replicated-world';

const beat = async (w: ReplicatedWorld, quiet = true) => {
  const deployed = await w.control.deployed();
  if (!deployed) throw new Error('nothing deployed');
  return heartbeat(w.ports, deployed, quiet, 'sample');
};

const isEmpty = (w: ReplicatedWorld) => w.database.items('legacy').length + w.database.items('target').length === 0;

test('measures how long a canary takes, and removes it', async () => {
  const w = new ReplicatedWorld();
  expect(await beat(w)).toBe(0.25);
  await w.pass(100);
  expect(isEmpty(w)).toBe(true);
});

test('a heartbeat that does not arrive grows old, and no second one is sent', async () => {
  const w = new ReplicatedWorld();
  w.running.clear();
  expect(await beat(w)).toBe(5);
  await w.pass(55_000);
  expect(await beat(w)).toBe(60);
  expect(w.database.items('legacy').length).toBe(1);
  w.running.add('legacy').add('target');
  await w.pass(1000);
  expect(await beat(w)).toBe(0.25);
  await w.pass(100);
  expect(isEmpty(w)).toBe(true);
});

test('while a table spreads none is sent, and the last one is taken back: whoever has the other table ignores it', async () => {
  const w = new ReplicatedWorld();
  w.running.clear();
  await beat(w);
  expect(await beat(w, false)).toBeUndefined();
  expect(isEmpty(w)).toBe(true);
});

test('one from before the last release does not count, nor one of the other direction', async () => {
  const w = new ReplicatedWorld();
  w.running.clear();
  await beat(w);
  await w.control.release(
    { ...initialTable('run-1', 30, 5), ranges: [{ below: BUCKETS, position: 'target' }], revision: 2 },
    'x',
    'immediate',
  );
  w.running.add('legacy').add('target');
  await w.pass(60_000);
  expect(await beat(w)).toBe(0.25);
  await w.pass(100);
  expect(isEmpty(w)).toBe(true);
});

test('the ledger remembers it until it is gone, whoever ends in the middle', async () => {
  const w = new ReplicatedWorld();
  w.running.clear();
  await beat(w);
  expect(w.database.items('legacy').length).toBe(1);
  // A second observer of the same kind, beside the first: its note takes the place of the other's.
  await w.ledger.saveNote('heartbeat#forward#sample', { n: -1, at: 0, deployment: -1 });
  await w.pass(60_000);
  expect(await sweep(w.ports, 'legacy')).toBe(0);
  expect([await w.ledger.canaries(), isEmpty(w)]).toEqual([[], true]);
});

test('one that was swept away before it arrived leaves its age to the next one', async () => {
  const w = new ReplicatedWorld();
  w.running.clear();
  await beat(w);
  await w.pass(60_000);
  await sweep(w.ports, 'legacy');
  expect(await beat(w)).toBe(65);
  w.running.add('legacy').add('target');
  await w.pass(1000);
  expect(await beat(w)).toBe(0.25);
  await w.pass(100);
  expect(isEmpty(w)).toBe(true);
});

test('one that cannot be written, or that somebody takes away at once, does not pass for a prompt one', async () => {
  const w = new ReplicatedWorld();
  const write = w.database.write.bind(w.database);
  w.database.write = async () => false;
  expect(await beat(w)).toBe(5);
  w.database.write = async (writes) => {
    const done = await write(writes);
    w.database.write = write;
    for (const item of w.database.items('legacy'))
      await removeCanary(w.ports, 'legacy', Number((item.id as { S: string }).S.slice(7)));
    return done;
  };
  w.running.clear();
  expect(await beat(w)).toBe(5);
});
