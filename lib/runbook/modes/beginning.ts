import { command } from '../command';
import { ALL, BETWEEN_TABLES, type FailureMode, WRITING } from '../failure-mode';
import { LOOK, REPORT, START } from './steps';

/** Before any key has moved. */
export const BEGINNING: readonly FailureMode[] = [
  {
    id: 'preflight-refuses',
    title: 'The rollout does not begin',
    kinds: ALL,
    symptom: 'The run ends within minutes. The ledger has `PreflightFailed` with all problems in one text.',
    cause:
      'A table without a stream of both images or with time-to-live, a target that holds items of somebody else, an alarm that is not OK or cannot act, items that the transform loses, an index that is not there or has other keys.',
    detection: { by: 'Preflight, before anything is written.', errors: ['PreflightFailed'] },
    response: 'Nothing was changed. The run gives its lease up.',
    remedy: ['Mend what the text names: each problem says how. What is in the stack is deployed again.', LOOK, START],
    proof: [
      'test:preflight/preflight.test.ts: all problems come in one error, in its text too',
      'test:preflight/preflight.test.ts: a target with items of its own is refused: reconciliation would delete them',
    ],
  },
  {
    id: 'wrong-configuration',
    title: 'A function says that it is not configured',
    kinds: ALL,
    symptom:
      'A task fails at once with `InvalidConfiguration`, and its text names a variable, a query, an AppConfig deployment or a mode.',
    cause:
      'A deployment that broke off, a transform file without the right default export, a gate that names a query which the transform does not have, a window that does not open within a year, an AppConfig environment that was made anew.',
    detection: { by: 'The task itself, before it does anything.', errors: ['InvalidConfiguration'] },
    response: 'It is not tried again. Within a run traffic goes back softly.',
    remedy: [
      'Mend what the text names in the code, and deploy the stack.',
      { say: 'See what the plan comes to, without touching anything.', command: command('plan', {}) },
      START,
    ],
    proof: [
      'test:traffic/traffic.test.ts: without a routing table there is nothing to move',
      'test:preflight/preflight.test.ts: a gate that names queries which the transform does not have is refused before anything is looked at',
    ],
  },
  {
    id: 'transform-changed',
    title: 'The transform is another one under the same version',
    kinds: ALL,
    symptom: 'The run is refused, or gets no certificate, with `TransformChanged` and two SHA-256.',
    cause: 'Somebody changed the transform, or what bundles it, and left its version as it was.',
    detection: {
      by: 'The ledger, which keeps the SHA-256 that each version began with.',
      errors: ['TransformChanged'],
    },
    response: 'The run does not begin. Data that both versions made would not agree.',
    remedy: ['Give the changed transform a new version, and deploy; or deploy the bundle that the ledger knows.', START],
    proof: [
      'test:begin/begin.test.ts: a changed transform under a version already begun is refused, and the lease given back',
      'test:certify/certify.test.ts: a run during which another transform was deployed is not certified',
    ],
  },
  {
    id: 'plan-changed',
    title: 'The stages were changed while a run was under way',
    kinds: ALL,
    symptom: 'The next step forward fails with `PlanChanged`.',
    cause: 'The stack was deployed with other stages during a run.',
    detection: { by: 'Each release of a routing table, before it is made.', errors: ['PlanChanged'] },
    response: 'Traffic goes back softly. The way back needs no plan.',
    remedy: [
      'Wait until traffic is back. To go on with the run in place of that, deploy the former stages before the next step.',
      LOOK,
      START,
    ],
    proof: [
      'test:traffic/traffic.test.ts: a plan that was changed under way is refused forward and not asked for on the way back',
    ],
  },
  {
    id: 'already-running',
    title: 'A second run is refused',
    kinds: ALL,
    symptom: '`start` answers with `AlreadyRunning` and the name of the holder.',
    cause: 'A run or a rollback has the lease, or keys are not in `legacy`: an earlier run is complete, or ended in the middle.',
    detection: { by: 'The lease in the ledger, of which there is one.', errors: ['AlreadyRunning'] },
    response: 'Nothing was changed. Two runs of one change never act at once.',
    remedy: [
      LOOK,
      'If the holder still works, wait. If the run is complete, there is nothing to start.',
      {
        say: 'If the holder ended without giving the lease up, take traffic back: that takes the lease, and gives it back.',
        command: command('rollback', { mode: 'soft', reason: '<why>' }),
      },
    ],
    proof: [
      'test:begin/begin.test.ts: a second run is refused with the holder’s name',
      'scenario:a rollback started during a rollback: as mild changes nothing, a harder one takes over',
    ],
  },
  {
    id: 'item-does-not-fit',
    title: 'An item has no place in the new model',
    kinds: WRITING,
    symptom:
      'The backfill, or the examination of an amendment, stops with the key of an item: `NotRepresentable`, `TransformFailed`, `TransformImpure` or `GroupTooLarge`.',
    cause:
      '`up` throws on it, `down(up(item))` is another item, `up` gives another key, clock or randomness is used inside, or what it makes is over 400 KB, 4 MB or 99 items a group.',
    detection: {
      by: 'Preflight for a hundred items, the backfill for every one.',
      errors: ['NotRepresentable', 'TransformFailed', 'TransformImpure', 'GroupTooLarge'],
      gates: ['compatibility'],
    },
    response: 'Nothing of that item is copied. Traffic, which has not moved yet, stays on legacy, and the run ends.',
    remedy: [
      { say: 'Look at the item that it names.', command: command('trace', { key: '<key>' }) },
      'Mend the item, or give the transform a new version that keeps it whole, and deploy.',
      START,
    ],
    proof: [
      'scenario:an item that the new model cannot keep whole is copied by nobody, and the client builds nothing on it',
      'test:backfill/backfill.test.ts: an item that the new model cannot keep whole ends the slice, and nothing of it is copied',
      'test:preflight/preflight.test.ts: real items that the transform loses, or cannot take, are named',
      'test:client/amendment.test.ts: an item that would not come back as it was is found before anything is stored',
    ],
  },
  {
    id: 'legacy-drifted',
    title: 'Items of the legacy table do not fit the transform any more',
    kinds: WRITING,
    onlyWith: ['compatibility'],
    symptom: 'A stage does not begin: `Gate compatibility` names items, or says that it had no time or no items (`NotMeasured`).',
    cause: 'The application writes items of a form that the transform was not made for.',
    detection: {
      by: 'A sample of the legacy table when the stage begins.',
      errors: ['GateFailed', 'NotMeasured'],
      gates: ['compatibility'],
    },
    response: 'The stage does not begin, and traffic goes back softly, unless the gate only observes.',
    remedy: [REPORT, 'Give the transform a new version that takes such items, deploy, and start again.', START],
    proof: [
      'test:compatibility/compatibility.test.ts: no items are no proof, and a run that was taken over looks at nothing',
      'test:compatibility/compatibility.test.ts: is found where up gives something else each time',
    ],
  },
  {
    id: 'not-promoted',
    title: 'Another environment has no certificate of this transform',
    kinds: ALL,
    onlyWith: ['promotion'],
    symptom:
      'The stage does not begin: `Gate promotion` says what is wrong with the certificate, or `CertificateUnavailable` that it cannot be read.',
    cause: 'This bundle has not completed a run there, or too long ago; or bucket or key cannot be used from here.',
    detection: {
      by: 'The gate of the stage, which verifies the signature here.',
      errors: ['GateFailed', 'CertificateUnavailable'],
      gates: ['promotion'],
    },
    response: 'What cannot be read is tried for half an hour. Then, or on an objection, traffic goes back softly.',
    remedy: [
      'Complete a run with this very bundle in the other environment, or let this one read bucket and key there (`grants.verifyCertificates()`).',
      START,
    ],
    proof: [
      'test:promotion/promotion.test.ts: an objection ends the stage; a second try says what the first one wrote down',
      'test:promotion/promotion.test.ts: what cannot be read is not written down, and the lease is held',
    ],
  },
  {
    id: 'stage-rejected',
    title: 'A stage is rejected, or nobody approves it in time',
    kinds: ALL,
    onlyWith: ['approval'],
    symptom: 'The run waits before a stage, or goes back with `Gate approval` and the reason of whoever rejected it.',
    cause: 'An approver said no, or the time for approvals ran out.',
    detection: {
      by: 'The waiting stage, which `status` shows with who is missing.',
      errors: ['GateFailed'],
      gates: ['approval'],
    },
    response: 'While it waits the triggers stay armed. One rejection, or time that has run out, takes traffic back softly.',
    remedy: [LOOK, 'Ask those who are missing. What was rejected is talked over, mended, and started again.', START],
    proof: [
      'rehearse:reject',
      'test:approve/approve.test.ts: fails with the first rejection, whoever has approved',
      'test:lib/gates/gate.test.ts: comes before the window, waits with a token, and names what ran out of time',
    ],
  },
  {
    id: 'decision-refused',
    title: 'An approval, a pause or a resume is refused',
    kinds: ALL,
    symptom:
      'The command answers with `InvalidDecision`, `DutiesNotSeparate`, `IdentityNotProved` or `IdentityUnavailable`, and why.',
    cause:
      'A stage that does not ask, a name that may not decide, a run that has ended, a rollback that has taken over. Or whoever decides is who ' +
      'started the run, though the plan keeps both apart; or could not be told who it is.',
    detection: {
      by: 'The function that was asked.',
      errors: ['InvalidDecision', 'DutiesNotSeparate', 'IdentityNotProved', 'IdentityUnavailable'],
    },
    response: 'Nothing was changed.',
    remedy: [LOOK, 'Name the stage that waits, as `status` has it.'],
    proof: [
      'test:approve/approve.test.ts: before anybody asks, and once a rollback has taken over',
      'test:pause/pause.test.ts: a run that has ended is neither paused nor resumed, and the next one begins without its pauses',
      'test:approve/separate.test.ts: a run that nobody proved to have started is approved by nobody',
      'test:approve/separate.test.ts: a proof that is for something else is refused, and nothing is written down',
    ],
  },
  {
    id: 'window-shut',
    title: 'A stage waits for its window, or a change calendar cannot be read',
    kinds: ALL,
    onlyWith: ['window'],
    symptom: 'The run stands before a stage for hours or days; or it goes back with `CalendarUnavailable`.',
    cause: 'It is not business hours, a calendar is CLOSED, or it is gone or not shared with this account.',
    detection: { by: 'The waiting stage, which says when it looks again.', errors: ['CalendarUnavailable'], gates: ['window'] },
    response:
      'It waits at no cost, with the triggers armed. A calendar that cannot be read for half an hour takes traffic back softly.',
    remedy: [LOOK, 'Open the calendar, or take it out of `Gate.window()`, deploy, and start again.', START],
    proof: [
      'test:window/window.test.ts: a stage that waits says so once, and holds the lease',
      'test:adapters/change-calendar.test.ts: one that cannot be read is told by its name, with what to do',
    ],
  },
  {
    id: 'hook-refuses',
    title: 'A hook refuses, or gives no answer',
    kinds: ALL,
    symptom:
      'The run goes back with `GateFailed` and the name of the hook, before a stage or before completion. While a hook that gives no answer is asked again, `HookFailed` is in the history of the run.',
    cause: 'The function said no, or it fails, takes too long, or answers in another shape.',
    detection: {
      by: 'The rollout, which asks it last before it moves traffic; the ledger has its reason, or what it failed of.',
      errors: ['GateFailed', 'HookFailed'],
    },
    response:
      'A refusal takes traffic back softly. One that gives no answer is asked seven times over about two minutes; then it refuses, or the rollout goes on without it, as the plan declares.',
    remedy: [LOOK, 'Mend what the hook objects to, or the function itself: its log says why it failed.', START],
    proof: [
      'test:hook/hook.test.ts: one that refuses ends the stage with its reason, which a second try says without asking again',
      'test:hook/hook.test.ts: one that never answers refuses',
      'test:hook/hook.test.ts: one that never answers lets the step be made where that was declared, and the ledger says so',
    ],
  },
  {
    id: 'writers-without-client',
    title: 'Something still writes without the client',
    kinds: WRITING,
    symptom:
      'A migration refuses the first step that writes both tables with `WritersNotAdopted`; an amendment waits before its first stage. The metric `UnadoptedWrites` is not zero.',
    cause: 'A job, a script or an old deployment of the application writes to the table directly.',
    detection: {
      by: 'Replication, or the census of an amendment, counts changes that carry no token of their own.',
      errors: ['WritersNotAdopted'],
    },
    response: 'No key is written in the new model while such writers exist. A migration goes back softly; an amendment waits on.',
    remedy: [
      LOOK,
      'Find the writer: the count has the time of the last one, and CloudTrail data events of the table have its role. Move it to `cdk-dynamodb-rollout/client`, or stop it.',
      START,
    ],
    proof: [
      'test:traffic/traffic.test.ts: writes without the client before the stage before are forgiven, later ones stop keys from being written twice',
      'test:adoption/adoption.test.ts: each such write begins the wait anew, and what came before it ended is forgiven',
      'scenario:ten updates of one key by code without the client, in one stream batch, delivered twice',
    ],
  },
  {
    id: 'unseen-writer',
    title: 'A writer that only deletes, or puts whole old copies back, is not seen',
    kinds: WRITING,
    symptom: 'None before keys are written in both tables. Afterwards its deletions miss the target, and show as divergence.',
    cause:
      'A deletion carries no token, and an old copy carries that of a client. Neither can be told from a write of the client. This is not promised.',
    detection: {
      by: 'The comparison of every minute, once tables differ.',
      errors: ['Diverged'],
      triggers: ['divergence'],
      gates: ['reconciliation'],
    },
    response: 'Divergence takes traffic back, and legacy is the truth again.',
    remedy: [
      'Before the first stage that writes both tables: list every role that may write to the table, and take that right from all but the application and this change.',
      LOOK,
    ],
    proof: [
      'test:census/census.test.ts: counts the writes that carry no token of their own, or come from a client that does not know the amendment, and no deletions',
    ],
  },
  {
    id: 'replication-does-not-start',
    title: 'Replication is not proved before the backfill',
    kinds: BETWEEN_TABLES,
    symptom: 'The run stands in `Prove forward replication`, then ends with `ReplicationNotProved`.',
    cause: 'The event source of a stream is disabled, its function fails, or it starts reading too late to see the first change.',
    detection: {
      by: 'Canaries of our own, which must come out on the other side before the backfill begins.',
      errors: ['ReplicationNotProved'],
    },
    response: 'It is tried for half an hour. Then the run ends; no key has moved.',
    remedy: ['Look at the log and the errors of the replication function, and enable its event source.', LOOK, START],
    proof: [
      'bad:latest-without-proof',
      'test:prove/prove.test.ts: replication that stands still is not proved in time; the next proof removes the canaries left behind',
    ],
  },
];
