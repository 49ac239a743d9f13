import { awaitResume } from '../../lambda/await-resume/await-resume';
import { RolloutError } from '../../lambda/core/errors';
import { firstBroken } from '../../lambda/core/ledger';
import type { Statement } from '../../lambda/core/statement';
import { pause } from '../../lambda/pause/pause';
import { resume } from '../../lambda/resume/resume';
import { MemoryIdentities, session } from '../memory/memory-identities';
import { MemoryLedger } from '../memory/memory-ledger';
import { takenOver } from '../memory/taken-over';
import { WaitingTasks } from '../memory/waiting-tasks';

const WHY = { reason: 'orders look odd', by: 'Ada' };
const FINE = { reason: 'it was the holiday', by: 'Grace' };

/** A rollout with tasks that wait under these tokens. */
async function rollout(...tokens: string[]) {
  const ledger = new MemoryLedger(() => 0);
  const { generation } = await ledger.acquire('run-1', 'execution-1');
  const callbacks = new WaitingTasks(new Set(tokens));
  const ports = { ledger, callbacks, identities: new MemoryIdentities() };
  return {
    ...ports,
    pause: (said: Statement = WHY) => pause(ports, said),
    resume: (said: Statement = FINE) => resume(ports, said),
    wait: (token: string, entered = '2026-11-24T03:00:00Z', attempt = 0) =>
      awaitResume(ports, { run: 'run-1', generation, token, entered, attempt }),
    told: async () => (await ledger.events()).map(({ kind, data }) => ({ kind, ...data })),
  };
}

const PAUSE = 'Since 1970-01-01T00:00:00.000Z, by Ada: orders look odd';
const GOES_ON = (token: string) => `${token} goes on: {}`;

test('a paused shift waits until somebody resumes it, and the ledger says who and why', async () => {
  const r = await rollout('a');
  expect(await r.pause()).toEqual({ run: 'run-1', pauses: [PAUSE] });
  await r.wait('a');
  expect(r.callbacks.answers).toEqual([]);
  expect(await r.resume()).toEqual({ run: 'run-1', pauses: [] });
  expect(r.callbacks.answers).toEqual([GOES_ON('a')]);
  expect(await r.told()).toEqual([
    { kind: 'paused', generation: 1, ...WHY },
    { kind: 'resumed', generation: 1, ...FINE, until: 1 },
  ]);
  expect(firstBroken(await r.ledger.events())).toBeUndefined();
});

test('a resume before the shift has reached its wait counts', async () => {
  const r = await rollout('a');
  await r.pause();
  await r.resume();
  await r.wait('a');
  expect(r.callbacks.answers).toEqual([GOES_ON('a')]);
});

test('a pause that comes when the shift already waits needs a resume of its own', async () => {
  const r = await rollout('a');
  await r.pause();
  await r.wait('a');
  await r.pause({ reason: 'and refunds, too' });
  const append = r.ledger.append.bind(r.ledger);
  r.ledger.append = async (...event) => {
    r.ledger.append = append;
    await r.pause({ reason: 'a third one, meanwhile' });
    await append(...event);
  };
  expect(await r.resume()).toEqual({
    run: 'run-1',
    pauses: ['Since 1970-01-01T00:00:00.000Z, by somebody: a third one, meanwhile'],
  });
  expect(r.callbacks.answers).toEqual([]);
  expect((await r.resume()).pauses).toEqual([]);
  expect(r.callbacks.answers).toEqual([GOES_ON('a')]);
});

test('pause, resume and pause in quick succession leave it paused, in whichever wait the shift is', async () => {
  const r = await rollout('a', 'b');
  await r.pause();
  await r.wait('a');
  await r.resume();
  await r.pause();
  await r.wait('b', '2026-11-24T03:00:01Z');
  expect(r.callbacks.answers).toEqual([GOES_ON('a')]);
  await r.resume();
  expect(r.callbacks.answers).toEqual([GOES_ON('a'), GOES_ON('b')]);
});

test('a stale token is no failure: the try that took its place knows what was resumed', async () => {
  const r = await rollout('b');
  await r.pause();
  await r.wait('a');
  expect(await r.resume()).toEqual({ run: 'run-1', pauses: [] });
  await r.wait('b', '2026-11-24T03:00:00Z', 1);
  expect(r.callbacks.answers).toEqual([GOES_ON('b')]);
});

test('a try that was given up and comes late takes no token away', async () => {
  const r = await rollout('a', 'b');
  await r.pause();
  await r.wait('b', '2026-11-24T03:00:00Z', 1);
  await r.wait('a');
  await r.resume();
  expect(r.callbacks.answers).toEqual([GOES_ON('b')]);
});

test('the same pause again changes nothing, nor does a resume where nothing is paused', async () => {
  const r = await rollout();
  await r.pause();
  await r.pause();
  await r.resume();
  await r.resume();
  expect((await r.told()).map(({ kind }) => kind)).toEqual(['paused', 'resumed']);
});

test('a resume that ended between what it wrote and the answer is finished by the next one', async () => {
  const r = await rollout('a');
  await r.pause();
  await r.wait('a');
  const { succeed } = r.callbacks;
  r.callbacks.succeed = () => Promise.reject(new Error('throttled'));
  await expect(r.resume()).rejects.toThrow('throttled');
  r.callbacks.succeed = succeed.bind(r.callbacks);
  await r.resume();
  expect(r.callbacks.answers).toEqual([GOES_ON('a')]);
  expect((await r.told()).map(({ kind }) => kind)).toEqual(['paused', 'resumed']);
});

test('a rollback ends the pause, and leaves its token to nobody', async () => {
  const r = await rollout('a');
  await r.pause();
  await r.wait('a');
  await takenOver(r.ledger, 'soft');
  await expect(r.wait('b')).rejects.toMatchObject({ name: 'LeaseLost' });
  for (const decide of [r.pause, r.resume]) {
    await expect(decide()).rejects.toMatchObject({
      name: 'InvalidDecision',
      message: expect.stringContaining('run run-1 is being rolled back'),
    });
  }
  expect(r.callbacks.answers).toEqual([]);
});

test('a run that has ended is neither paused nor resumed, and the next one begins without its pauses', async () => {
  const r = await rollout('a');
  await r.pause();
  await r.wait('a');
  await r.ledger.release(1);
  await expect(r.resume()).rejects.toThrow(/^There is no rollout to pause or to resume: nobody has the lease/);
  await r.ledger.acquire('run-2', 'execution-2');
  expect(await r.resume()).toEqual({ run: 'run-2', pauses: [] });
  expect(r.callbacks.answers).toEqual([]);
});

test.each([
  ['nothing said why', { reason: ' ' }, /reason must say why, in 1 to 1000 characters/],
  ['by nobody', { reason: 'x', by: '' }, /by must be a name/],
])('%s: it is refused and changes nothing', async (_, said, told) => {
  const r = await rollout();
  for (const decide of [r.pause, r.resume]) {
    await expect(decide(said)).rejects.toMatchObject({ name: 'InvalidDecision' });
    await expect(decide(said)).rejects.toThrow(told);
  }
  expect(await r.told()).toEqual([]);
});

test('a pause does not wait for AWS STS, a resume does', async () => {
  const r = await rollout();
  r.identities.trouble = new RolloutError('IdentityUnavailable', 'AWS STS does not answer.');
  expect((await r.pause({ ...WHY, proof: 'ada for pause' })).pauses).toHaveLength(1);
  await expect(r.resume({ ...FINE, proof: 'grace for resume' })).rejects.toMatchObject({ name: 'IdentityUnavailable' });
  expect(await r.told()).toEqual([{ kind: 'paused', generation: 1, ...WHY, unproved: 'AWS STS does not answer.' }]);
});

test('the ledger has who pauses and who resumes, where it is proved', async () => {
  const r = await rollout();
  const { pauses } = await r.pause({ reason: WHY.reason, proof: 'ada for pause' });
  expect(pauses).toEqual(['Since 1970-01-01T00:00:00.000Z, by ada: orders look odd']);
  await r.resume({ ...FINE, proof: 'grace for resume' });
  expect((await r.ledger.events()).map(({ who }) => who)).toEqual([session('ada'), session('grace')]);
  for (const decide of [r.pause, r.resume]) {
    await expect(decide({ reason: 'x', proof: 'ada for start' })).rejects.toMatchObject({ name: 'IdentityNotProved' });
  }
  expect(await r.told()).toHaveLength(2);
});
