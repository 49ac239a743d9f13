import { command } from '../command';
import { ALL, type FailureMode, WRITING } from '../failure-mode';
import { LOOK, RECONCILE, REPORT, TRACE, WATCH } from './steps';

/** The way back, and the end. */
export const ENDING: readonly FailureMode[] = [
  {
    id: 'somebody-wants-back',
    title: 'A person decides to go back',
    kinds: ALL,
    symptom: 'Nothing is broken, or something that no trigger sees.',
    cause: 'A decision.',
    detection: { by: 'A person.' },
    response: 'All keys go back, one position at a time, behind the same barriers. Every acknowledged write is kept.',
    remedy: [
      { say: 'Take traffic back; no reader or writer notices.', command: command('rollback', { mode: 'soft', reason: '<why>' }) },
      WATCH,
      REPORT,
    ],
    proof: [
      'rehearse:soft',
      'rehearse:return',
      'test:simulation/every-state.test.ts: is rolled back %s from every state, entered first, in the middle and last',
    ],
  },
  {
    id: 'rollback-stuck',
    title: 'A rollback ended without having arrived',
    kinds: ALL,
    symptom: 'The alarm `rollbackStuck` is on. The rollback execution has failed and still has the lease.',
    cause: 'Replication does not drain, AppConfig cannot be used, a table is down, or permissions were taken away.',
    detection: {
      by: 'The brake, which looks every minute: metric `RollbackStuck`.',
      errors: ['BarrierNotReached', 'ReplicationNotProved'],
    },
    response:
      'It was tried for five hours. The lease stays taken, so that nobody begins anew. No rollback becomes a harder one by itself.',
    remedy: [
      LOOK,
      'Mend what the last error names.',
      { say: 'Go on with the way back.', command: command('rollback', { mode: 'soft', reason: '<what was mended>' }) },
      {
        say: 'If the target cannot be reached or drained at all: straight to legacy.',
        command: command('rollback', { mode: 'immediate', reason: '<why it cannot wait>' }),
      },
    ],
    proof: [
      'test:brake/brake.test.ts: leaves a rollback alone, and says when it is dead: that is for a person',
      'test:takeover/takeover.test.ts: a rollback that is dead gives way to any',
      'test:finish/finish.test.ts: a rollback that has not arrived does not end',
    ],
  },
  {
    id: 'not-well-after-rollback',
    title: 'All traffic is back, and it is not well yet',
    kinds: ALL,
    symptom: 'The ledger says `health-not-restored` two hours after a rollback.',
    cause: 'The cause was not the change, or the application has not recovered.',
    detection: { by: 'A look each minute after a rollback: alarms OK, and metrics of gates where they were before the run.' },
    response: 'It says so. Nothing more is done: there is nothing left to take back.',
    remedy: [LOOK, 'Look for another cause: deployments of the same hours, capacity, other services.', REPORT],
    proof: [
      'test:sample/health.test.ts: without metrics the alarms decide, and an alarm without data is not well',
      'test:sample/health.test.ts: a relapse begins the five minutes anew',
    ],
  },
  {
    id: 'both-sides-wrong',
    title: 'Both sides are wrong, and it is found late',
    kinds: WRITING,
    symptom:
      'Data is wrong in legacy, too: a transform that loses something which nobody compared, or an application that wrote nonsense.',
    cause: 'A wrong `up` and `down` that agree with each other; a wrong version of the application.',
    detection: {
      by: 'People. Every check compares the two sides with each other, not with what was meant.',
      gates: ['probe', 'queries', 'approval'],
    },
    response:
      'Preflight has taken a backup of the legacy table, and point-in-time recovery covers the last 35 days. Nothing is restored by itself.',
    remedy: [
      { say: 'Let nothing move further.', command: command('pause', { reason: '<data is wrong>' }) },
      TRACE,
      {
        say: 'Restore legacy as it was before the run, into a table of its own, beside the one that lives.',
        command: command('restore', { as: '<new-table>' }),
      },
      'Compare, and carry over what was right. Point the application to the new table only when nobody writes to the old one.',
    ],
    proof: ['test:preflight/preflight.test.ts: says how large the work is, takes a backup and records the facts'],
  },
  {
    id: 'cannot-close',
    title: 'The change cannot be completed',
    kinds: ALL,
    symptom:
      '`complete` is refused, or its workflow ends with `NotCompleted`, `WindowOpen` or `EndingRefused`, which name all that stands in the way.',
    cause: 'The run has not completed, a rollback is under way, keys are not all in `target`, or the window is not over.',
    detection: { by: 'The workflow that ends the change.', errors: ['NotCompleted', 'WindowOpen', 'EndingRefused'] },
    response: 'Nothing was changed. It may be asked for again at any time.',
    remedy: [
      LOOK,
      RECONCILE,
      { say: 'When all is well, end the change for good.', command: command('complete', { reason: '<the window is over>' }) },
    ],
    proof: [
      'test:close/close.test.ts: a look tells what has completed, and changes nothing',
      'test:close/close.test.ts: whoever takes the lease between the look and the close wins',
      'test:close/close.test.ts: it is refused, with the end of the window',
      'test:close/close.test.ts: all of it is told at once',
    ],
  },
  {
    id: 'change-closed',
    title: 'Somebody wants to start, or to take back, what is closed',
    kinds: ALL,
    symptom: 'The command answers with `ChangeClosed`.',
    cause: 'The window of the change is over, and it was completed.',
    detection: { by: 'The lease, which nobody gets any more.', errors: ['ChangeClosed'] },
    response: 'Nothing was changed.',
    remedy: ['What has to change now is another change: deploy one that goes the other way.', REPORT],
    proof: [
      'test:close/close.test.ts: waits for samples under way and for the event sources; then nothing begins or is taken back',
    ],
  },
  {
    id: 'ledger-tampered',
    title: 'The audit trail is not as it was written',
    kinds: ALL,
    symptom: '`verify-ledger` names an entry that was changed, is missing, or stands in another order.',
    cause: 'Somebody with write access to the table changed or deleted entries.',
    detection: { by: 'The chain of hashes, whenever somebody asks.' },
    response: 'None: nobody can write an entry over another one through this software.',
    remedy: [
      { say: 'See which entries.', command: command('verify-ledger', {}) },
      'Restore the ledger table to a point in time before, into a table of its own, and compare. CloudTrail has who wrote.',
    ],
    proof: [
      'test:core/ledger.test.ts: shows every change of an entry, at that entry',
      'test:core/ledger.test.ts: shows a missing entry, one too many, and another order',
      'test:scenario/ledger.test.ts: events of many writers at once are one unbroken chain',
    ],
  },
];
