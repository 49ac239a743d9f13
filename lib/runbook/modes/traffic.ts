import { command } from '../command';
import { ALL, BETWEEN_TABLES, type FailureMode, WRITING } from '../failure-mode';
import { LOOK, RECONCILE, REPORT, RESUME, SOFT, START, TRACE, WATCH } from './steps';

/** While keys move, and whoever moves them. */
export const TRAFFIC: readonly FailureMode[] = [
  {
    id: 'divergence',
    title: 'The tables differ though nothing is under way',
    kinds: BETWEEN_TABLES,
    symptom: 'The metric `Divergence` is not zero. The ledger names up to twenty keys. Clients may get `Diverged`.',
    cause:
      'Something wrote to the target without the client, a writer on legacy is not seen, `up` gives something else each time, or this software is wrong.',
    detection: {
      by: 'A sample of both tables each minute, and each observation of a stage: what differs for half a minute, with replication prompt before and after.',
      errors: ['Diverged', 'GateFailed'],
      triggers: ['divergence'],
      gates: ['reconciliation'],
    },
    response:
      'The stage fails. With `Trigger.divergence()` AppConfig reverts a release that spreads, and traffic goes back behind a fence, so that nothing more is built on what is wrong. At the end the target is made equal to legacy.',
    remedy: [
      WATCH,
      TRACE,
      'Find who wrote: the stamp of the item says `client`, `forward`, `reverse` or `backfill`; without a stamp it was none of us.',
      RECONCILE,
      REPORT,
    ],
    proof: [
      'rehearse:divergence',
      'test:observe/observe.test.ts: divergence counts, is published, fails the stage, and is told once in the ledger',
      'test:replicate/replicate.test.ts: reverse: a write without the client is foreign, once a batch, with its keys',
      'test:client/trouble.test.ts: nothing is built on one version with two contents',
      'bad:two-positions',
      'bad:no-barrier',
    ],
  },
  {
    id: 'client-cut-off',
    title: 'A client cannot reach AppConfig',
    kinds: ALL,
    symptom: 'That part of the application fails with `LeaseExpired`.',
    cause: 'Network, permissions, or an outage of AppConfig.',
    detection: { by: 'The client, before each read and right before each write.', errors: ['LeaseExpired'] },
    response:
      'It stops rather than guess, and goes on as soon as AppConfig answers. Replicators do the same: they deliver again later.',
    remedy: [
      'Look at whether the role of the application may call `appconfig:StartConfigurationSession` and `GetLatestConfiguration`, and whether its subnet reaches AppConfig.',
      {
        say: 'While AppConfig is in trouble, let nothing move further.',
        command: command('pause', { reason: '<AppConfig is in trouble>' }),
      },
      RESUME,
    ],
    proof: [
      'scenario:a client that cannot reach AppConfig for longer than its lease stops, and nothing of it lands',
      'bad:no-lease',
      'test:client/rollout.test.ts: fails with LeaseExpired when AppConfig does not answer',
    ],
  },
  {
    id: 'client-freezes',
    title: 'A client stands still in the middle of a write, or its request lands late',
    kinds: WRITING,
    symptom: 'None, or one failed request that is made again.',
    cause: 'A frozen Lambda environment, a long garbage collection, a lost connection.',
    detection: { by: 'The lease, asked again right before each write, and the condition of each write.' },
    response:
      'A write on the strength of an old table is not sent, and one that was sent loses to the version that stands by then.',
    remedy: [],
    proof: [
      'scenario:a client that pauses for a minute in the middle of a write sends nothing on the strength of an old table',
      'scenario:a write in flight that lands after its client was given up loses to the version that stands by then',
    ],
  },
  {
    id: 'outcome-unknown',
    title: 'A client does not know whether it has written, or loses every race',
    kinds: WRITING,
    symptom: 'The application gets `OutcomeUnknown`, or `TooMuchContention` after many tries.',
    cause: 'An answer was lost and somebody else wrote meanwhile; or many writers change one item at once.',
    detection: { by: 'The condition of the write.', errors: ['OutcomeUnknown', 'TooMuchContention'] },
    response: 'It is told rather than hidden. In workflows both are tried again.',
    remedy: ['In the application: read the item before it writes again. Spread writes to one item over time, or over items.'],
    proof: ['bad:hidden-doubt', 'test:client/trouble.test.ts: waits longer and longer, and at last says so'],
  },
  {
    id: 'late-put-in-target',
    title: 'A put or delete that was sent twice lands over a later write',
    kinds: BETWEEN_TABLES,
    onlyFrom: 'target',
    symptom: 'An older version of an item of a key in `target`.',
    cause:
      'A client’s `put` and `delete` in `target` have no condition. The SDK sends again when an answer was lost. This is as without a rollout, and is not promised otherwise.',
    detection: { by: 'Nothing. `trace` shows which write came last.' },
    response: 'None.',
    remedy: ['Use `update` where that matters: it is conditional.', TRACE],
    proof: ['test:client/trouble.test.ts: at %s is not made twice when only its answer was lost'],
  },
  {
    id: 'release-reverted',
    title: 'AppConfig takes a release back by itself',
    kinds: ALL,
    symptom: 'A deployment in AppConfig is `ROLLED_BACK`, and the run fails with `DeploymentReverted`.',
    cause: 'A trigger’s alarm went off while the release spread, or somebody stopped it by hand.',
    detection: {
      by: 'AppConfig by its monitors, and each look of the run at its deployment.',
      errors: ['DeploymentReverted'],
      triggers: ['divergence', 'alarm', 'metric'],
    },
    response:
      'Clients are one position back, which is legal at any moment. The brake and the run take the rest back; which of them is first does not matter.',
    remedy: [WATCH, REPORT],
    proof: [
      'scenario:AppConfig’s own revert wins the race against the brake',
      'scenario:AppConfig’s own revert comes between the brake and the takeover',
      'scenario:AppConfig’s own revert comes between the takeover and the halt',
      'scenario:the release completes although the rollback has begun',
      'test:traffic/traffic.test.ts: check says so, and the rollout does not try it again',
    ],
  },
  {
    id: 'barrier-not-reached',
    title: 'A step waits longer than its barrier',
    kinds: ALL,
    symptom: 'The run repeats `Release`, `Halt` or `Finish` with `BarrierNotReached` for minutes.',
    cause:
      'A deployment of somebody else is under way in the AppConfig environment, AppConfig is slow to take one back, or canaries are still on their way.',
    detection: { by: 'The task that would release.', errors: ['BarrierNotReached'] },
    response: 'It is tried again: half an hour forwards, five hours on the way back. What is not of this run is left alone.',
    remedy: [LOOK, 'Stop a deployment in that AppConfig environment that is not of this change. Only this change deploys there.'],
    proof: [
      'test:traffic/traffic.test.ts: somebody else’s deployment is not touched',
      'test:traffic/traffic.test.ts: until it has passed, next points back at the deployment, and release refuses',
    ],
  },
  {
    id: 'brake-blind',
    title: 'Nobody would take traffic back',
    kinds: ALL,
    symptom: 'Keys do not move: `BrakeNotSeen` says how long nobody has looked, or which alarm it cannot go by.',
    cause: 'The EventBridge rule of the brake is disabled, its function fails, or an alarm is gone or has its actions disabled.',
    detection: { by: 'Each release that moves keys forward.', errors: ['BrakeNotSeen'] },
    response: 'No key moves forward. It is tried for half an hour, then traffic goes back softly.',
    remedy: ['Enable the actions of the alarm that it names, or the rule of the brake; deploy what is gone.', LOOK, START],
    proof: [
      'test:traffic/traffic.test.ts: an alarm that the brake cannot go by holds them back, too',
      'test:brake/brake.test.ts: does not act on an alarm whose actions somebody has disabled',
    ],
  },
  {
    id: 'paused',
    title: 'The run is paused',
    kinds: ALL,
    symptom: '`status` says paused, by whom and why. A shift stands in `Wait for resume`.',
    cause: 'An operator paused it, or an alarm whose trigger says `Rollback.pause()`.',
    detection: { by: 'The ledger.', errors: ['Paused'], triggers: ['metric', 'alarm'] },
    response:
      'No key moves further forward. Bakes, replication and the other triggers go on; one that takes back still does, and ends the pause.',
    remedy: [LOOK, RESUME, SOFT],
    proof: [
      'bad:pause-not-asked',
      'test:pause/pause.test.ts: a paused shift waits until somebody resumes it, and the ledger says who and why',
      'test:brake/brake.test.ts: pauses the rollout, says which it was and why, and starts nothing',
    ],
  },
  {
    id: 'rollout-stopped',
    title: 'Somebody stops the execution of the rollout',
    kinds: ALL,
    symptom: 'The execution is `ABORTED`, or its history is full, and the lease is still taken.',
    cause: 'A person in the console, a script, or a limit of Step Functions.',
    detection: { by: 'The brake, which looks every minute.', errors: ['LeaseLost'] },
    response: 'Traffic goes back softly, within a minute. What the old execution still tries is refused by its generation.',
    remedy: [WATCH, 'To stop a rollout, pause it or roll it back; do not stop the execution.', START],
    proof: [
      'rehearse:stop',
      'test:brake/brake.test.ts: takes a rollout back that ended without giving the lease up',
      'test:traffic/traffic.test.ts: after a takeover nothing of the old generation acts',
    ],
  },
  {
    id: 'two-hands',
    title: 'Two rollbacks, or two alarms, at once',
    kinds: ALL,
    symptom: 'A second rollback ends with `Nothing to take back`, `AlreadyRunning` or `LeaseLost`.',
    cause: 'Several alarms go off together, a notification comes twice, an operator and the brake act in the same minute.',
    detection: { by: 'The lease, of which there is one.', errors: ['AlreadyRunning', 'LeaseLost', 'TooMuchContention'] },
    response: 'One of them works. As mild a one changes nothing; a harder one takes over.',
    remedy: [WATCH],
    proof: [
      'scenario:a brake delivered twice starts one rollback',
      'scenario:a rollback started during a rollback: as mild changes nothing, a harder one takes over',
      'scenario:a rollback asked for a run that has ended changes nothing',
    ],
  },
];
