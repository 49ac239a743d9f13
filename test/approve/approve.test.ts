import type { ApproveInput } from '../../lambda/approve/approve';
import { type Decision, standingOf } from '../../lambda/core/approval';
import { session } from '../memory/memory-identities';
import { takenOver } from '../memory/taken-over';
import { asked, SPEC } from './asked';

const approved = (approver: string) => ({ stage: 'full', approver, decision: 'approve', reason: 'seen it' });

describe('a stage that needs two of three', () => {
  it('goes on with the second one, and says before who is missing', async () => {
    const { ledger, callbacks, ask, decide } = await asked();
    await ask();
    expect(await decide('dba', { by: 'Ada' })).toEqual({ stage: 'full', outcome: 'open', approved: ['dba'], missing: 1 });
    expect(callbacks.answers).toEqual([]);
    const both = { outcome: 'approved', approved: ['dba', 'security'], missing: 0 };
    expect(await decide('security', { proof: 'grace for approve' })).toMatchObject(both);
    expect(callbacks.answers).toEqual(['token-1 goes on: {"approved":["dba","security"]}']);
    const told = (await ledger.events()).map(({ kind, who, data }) => ({ kind, who, data }));
    expect(told).toEqual([
      { kind: 'approval-asked', who: undefined, data: { stage: 'full', ...SPEC } },
      { kind: 'approval-decided', who: undefined, data: { ...approved('dba'), by: 'Ada' } },
      { kind: 'approval-decided', who: session('grace'), data: approved('security') },
    ]);
  });

  it('fails with the first rejection, whoever has approved', async () => {
    const { callbacks, ask, decide } = await asked();
    await ask();
    await decide('dba');
    expect(await decide('owner', { decision: 'reject', reason: 'sale on Friday' })).toMatchObject({ outcome: 'rejected' });
    expect(callbacks.answers).toEqual([
      'token-1 fails: GateFailed: Gate approval of stage full: it was rejected by owner: sale on Friday',
    ]);
  });

  it('counts one approver once, however often the same is said, and writes it down once', async () => {
    const { ledger, callbacks, ask, decide } = await asked();
    await ask();
    await decide('dba');
    expect(await decide('dba')).toMatchObject({ outcome: 'open', missing: 1 });
    expect(callbacks.answers).toEqual([]);
    expect((await ledger.events()).filter(({ kind }) => kind === 'approval-decided')).toHaveLength(1);
  });

  it('asked again with another token, because the first task broke off, knows what was decided', async () => {
    const { callbacks, ask, decide } = await asked(['token-2']);
    await ask('token-1');
    await decide('dba');
    await expect(decide('owner')).rejects.toThrow(/^Stage full no longer waits: it was decided meanwhile, or its time is over/);
    expect(callbacks.answers).toEqual([]);
    await ask('token-2', 'full', SPEC, 1);
    await ask('token-1', 'full', SPEC, 0);
    expect(callbacks.answers).toEqual(['token-2 goes on: {"approved":["dba","owner"]}']);
  });

  it('says so when a rejection comes after others have let it go on', async () => {
    const { callbacks, ask, decide } = await asked();
    await ask();
    await decide('dba');
    await decide('owner');
    await expect(decide('security', { decision: 'reject', reason: 'wait' })).rejects.toThrow(
      /changes nothing; to take traffic back, start/,
    );
    expect(callbacks.answers).toHaveLength(1);
  });

  it('says so when a decision comes after others have let it go on', async () => {
    const { ledger, ask, decide } = await asked(['token-1', 'token-2']);
    await ask();
    const append = ledger.append.bind(ledger);
    ledger.append = async (...event) => {
      ledger.append = append;
      await ask('token-2', 'next');
      await append(...event);
    };
    await expect(decide('dba')).rejects.toThrow(/^Stage full no longer waits/);
  });
});

describe('a decision is refused', () => {
  const CASES: readonly [what: string, approver: string, more: Record<string, unknown>, told: RegExp][] = [
    ['on another stage', 'dba', { stage: 'half' }, /^Stage half does not wait for an approval; stage full does/],
    ['by somebody who is not asked', 'intern', {}, /^Stage full is not for intern to decide. It is for dba, owner, security/],
    ['that is neither', 'dba', { decision: 'maybe' }, /decision must be one of approve, reject/],
    ['without a reason', 'dba', { reason: ' ' }, /reason must say why, in 1 to 1000 characters/],
    ['of an endless reason', 'dba', { reason: 'x'.repeat(1001) }, /reason must say why/],
    ['of nobody', 'dba', { by: '' }, /by must be a name/],
    ['with a proof that is none', 'dba', { proof: 7 }, /proof must be a signed URL of 1 to 8192 characters/],
    ['without a stage', 'dba', { stage: undefined }, /stage must be the name of a stage/],
  ];

  it.each(CASES)('%s', async (_, approver, more, told) => {
    const { callbacks, ask, decide } = await asked();
    await ask();
    const refused = decide(approver, more as Partial<ApproveInput>);
    await expect(refused).rejects.toMatchObject({ name: 'InvalidDecision' });
    await expect(refused).rejects.toThrow(told);
    expect(callbacks.answers).toEqual([]);
  });

  it('before anybody asks, and once a rollback has taken over', async () => {
    const { ledger, ask, decide } = await asked();
    await expect(decide('dba')).rejects.toThrow(/^No rollout waits for an approval now/);
    await ask();
    await takenOver(ledger, 'soft');
    await expect(decide('dba')).rejects.toThrow(/^No rollout waits for an approval now/);
    await expect(ask()).rejects.toMatchObject({ name: 'LeaseLost' });
  });
});

test('decisions on another stage, in another run, or of others say nothing', () => {
  const question = { ...SPEC, run: 'run-2', stage: 'full', token: 't', attempt: 0 };
  const say = (more: Partial<Decision>): Decision => ({
    ...{ run: 'run-2', stage: 'full', approver: 'dba', decision: 'approve', reason: 'x', ...more },
  });
  const strangers = [
    say({ run: 'run-1', decision: 'reject' }),
    say({ stage: 'half' }),
    say({ approver: 'intern', decision: 'reject' }),
  ];
  expect(standingOf(question, strangers)).toMatchObject({ outcome: 'open', approved: [] });
  expect(standingOf({ ...question, atLeast: 1 }, [...strangers, say({})])).toMatchObject({ outcome: 'approved' });
});
