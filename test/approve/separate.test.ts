import { RolloutError } from '../../lambda/core/errors';
import { BEGUN } from '../memory/begun';
import { session } from '../memory/memory-identities';
import { asked, SPEC } from './asked';

const SEPARATE = { ...SPEC, separate: true };

/** A stage that others approve than whoever started the run. */
async function separated() {
  const scene = await asked();
  await scene.ledger.append('run-1', 'begun', BEGUN, session('ada'));
  await scene.ask('token-1', 'full', SEPARATE);
  const approve = (approver: string, name?: string) =>
    scene.decide(approver, name === undefined ? {} : { proof: `${name} for approve` });
  const decided = async () => (await scene.ledger.events()).filter(({ kind }) => kind === 'approval-decided');
  return { ...scene, approve, decided };
}

test('two others approve it, and the ledger says who they are', async () => {
  const { approve, decided, callbacks } = await separated();
  expect(await approve('dba', 'grace')).toMatchObject({ outcome: 'open', missing: 1 });
  expect(await approve('owner', 'barbara')).toMatchObject({ outcome: 'approved' });
  expect((await decided()).map(({ who, data }) => [who, data.approver])).toEqual([
    [session('grace'), 'dba'],
    [session('barbara'), 'owner'],
  ]);
  expect(callbacks.answers).toEqual(['token-1 goes on: {"approved":["dba","owner"]}']);
});

test.each([
  [
    'whoever started the run',
    'ada',
    'DutiesNotSeparate',
    /assumed-role\/Operators\/ada is ada, like .*Have somebody else approve/,
  ],
  ['whoever does not prove who they are', undefined, 'IdentityNotProved', /has to prove who they are\..* a rejection needs none/],
])('%s does not', async (_, name, error, told) => {
  const { approve, decided, ledger } = await separated();
  const refused = approve('dba', name);
  await expect(refused).rejects.toMatchObject({ name: error });
  await expect(refused).rejects.toThrow(told);
  expect(await decided()).toEqual([]);
  expect(await ledger.note('approval#dba')).toBeUndefined();
});

test('the same person under another name does not, while another may', async () => {
  const { approve, decided, callbacks } = await separated();
  await approve('dba', 'grace');
  const refused = approve('owner', 'Grace');
  await expect(refused).rejects.toMatchObject({ name: 'DutiesNotSeparate' });
  await expect(refused).rejects.toThrow(/has approved as dba already/);
  expect(await decided()).toHaveLength(1);
  expect(callbacks.answers).toEqual([]);
  expect(await approve('owner', 'barbara')).toMatchObject({ outcome: 'approved' });
});

test('the same approval twice is one, and no objection to itself', async () => {
  const { approve, decided } = await separated();
  await approve('dba', 'grace');
  expect(await approve('dba', 'grace')).toMatchObject({ outcome: 'open', missing: 1 });
  expect(await decided()).toHaveLength(1);
});

test('whoever started the run may reject it, and needs no proof for that', async () => {
  const { decide, callbacks } = await separated();
  expect(await decide('dba', { decision: 'reject', reason: 'too early' })).toMatchObject({ outcome: 'rejected' });
  expect(callbacks.answers).toHaveLength(1);
});

test('a rejection does not wait for AWS STS, an approval does', async () => {
  const { decide, decided, identities } = await separated();
  identities.trouble = new RolloutError('IdentityUnavailable', 'AWS STS does not answer.');
  await expect(decide('dba', { proof: 'grace for approve' })).rejects.toMatchObject({ name: 'IdentityUnavailable' });
  const no = { decision: 'reject', reason: 'too early', proof: 'grace for reject' } as const;
  expect(await decide('dba', no)).toMatchObject({ outcome: 'rejected' });
  expect((await decided()).map(({ data }) => data.unproved)).toEqual(['AWS STS does not answer.']);
});

test('a run that nobody proved to have started is approved by nobody', async () => {
  const scene = await asked();
  await scene.ledger.append('run-1', 'begun', BEGUN);
  await scene.ask('token-1', 'full', SEPARATE);
  await expect(scene.decide('dba', { proof: 'grace for approve' })).rejects.toMatchObject({
    name: 'IdentityNotProved',
    message: expect.stringContaining('start it again with a proof'),
  });
});

test('an approval from before, without a proof or of the same person, does not count when the question is asked again', async () => {
  const { ledger, ask, callbacks } = await asked();
  await ledger.append('run-1', 'begun', BEGUN, session('ada'));
  const note = { run: 'run-1', stage: 'full', decision: 'approve', reason: 'x' };
  await ledger.saveNote('approval#dba', { ...note, approver: 'dba' });
  await ledger.saveNote('approval#owner', { ...note, approver: 'owner', who: session('grace') });
  await ledger.saveNote('approval#security', { ...note, approver: 'security', who: session('grace', 'Others') });
  await ask('token-1', 'full', SEPARATE);
  expect(callbacks.answers).toEqual([]);
});

test('a proof that is for something else is refused, and nothing is written down', async () => {
  const { decide, decided } = await separated();
  await expect(decide('dba', { proof: 'grace for reject' })).rejects.toMatchObject({ name: 'IdentityNotProved' });
  expect(await decided()).toEqual([]);
});
