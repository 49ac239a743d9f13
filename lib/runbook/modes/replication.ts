import { command } from '../command';
import { BETWEEN_TABLES, type FailureMode, WRITING } from '../failure-mode';
import { LOOK, RECONCILE, REDRIVE, REPORT, START, TRACE, WATCH } from './steps';

/** While changes are carried from table to table. */
export const REPLICATION: readonly FailureMode[] = [
  {
    id: 'replication-lags',
    title: 'Changes reach the other table too late',
    kinds: BETWEEN_TABLES,
    symptom:
      'The metric `ReplicationLag` rises, or has no end; a step waits in `Prove replication`; observations are inconclusive. `ReplicationNotProved` says which direction.',
    cause:
      'A disabled event source, a replication function that fails or is throttled, a shard with more writes than one batch at a time carries, a target with too little capacity.',
    detection: {
      by: 'A heartbeat of our own every minute, and canaries before each step that moves authority.',
      errors: ['ReplicationNotProved'],
      triggers: ['replicationLag', 'forwardLag', 'reverseLag'],
    },
    response:
      'No authority moves before the stream has drained. Where a trigger watches the lag, AppConfig reverts a release that spreads, and traffic goes back softly; that waits for the drain, too.',
    remedy: [
      LOOK,
      'Look at errors, throttles and iterator age of the replication function, and whether its event source is enabled. Give the target more capacity where it is throttled.',
      WATCH,
    ],
    proof: [
      'rehearse:lag',
      'scenario:a stream delayed past a stage: nothing is proved, so authority does not move, until it has drained',
      'bad:drained-too-early',
      'bad:replicators-outside-barrier',
      'test:observe/observe.test.ts: differences while replication is far behind are a doubt, not a divergence',
    ],
  },
  {
    id: 'poison',
    title: 'A change can never be carried over',
    kinds: BETWEEN_TABLES,
    symptom: 'The metric `PoisonRecords` is not zero; the poison queue holds a message with key and cause.',
    cause: 'The transform throws on the item, legacy cannot hold what was written, or the result is too large for DynamoDB.',
    detection: {
      by: 'Replication, which sets the change aside, and the observation of the stage.',
      errors: ['TransformFailed', 'NotRepresentable', 'GroupTooLarge'],
      triggers: ['deadLetters', 'divergence'],
    },
    response:
      'The change does not hold up its shard. It counts as divergence: the stage fails and traffic goes back. A target write that legacy cannot hold is kept in the ledger with its image.',
    remedy: [
      TRACE,
      'Mend the item through the application, or the transform under a new version.',
      REDRIVE,
      { say: 'See that nothing is left behind.', command: command('reconcile', {}) },
    ],
    proof: [
      'rehearse:poison',
      'scenario:an item that up makes larger than 400 KB is poison, not lost, and is settled when it is mended',
      'test:replicate/replicate.test.ts: poison goes to the queue with key and cause, counts, and does not hold up what follows',
      'test:redrive/redrive.test.ts: what still fails stays; it comes back and is settled once mended',
    ],
  },
  {
    id: 'batch-given-up',
    title: 'An event source gave a batch up',
    kinds: BETWEEN_TABLES,
    symptom:
      'The queue of batches given up holds a message. Nothing can be proved: `ReplicationNotProved` names the number of batches.',
    cause: 'A replication function failed on the same batch for six hours.',
    detection: {
      by: 'Each proof of replication and each observation look at that queue.',
      errors: ['ReplicationNotProved'],
      triggers: ['deadLetters', 'replicationLag', 'forwardLag', 'reverseLag'],
    },
    response: 'No traffic moves while that queue holds a batch, forwards or softly backwards. The stage fails.',
    remedy: [
      'Look at the log of the replication functions, and mend the cause. The stream keeps the batch for a day after it was written: be done before.',
      REDRIVE,
      RECONCILE,
    ],
    proof: [
      'test:prove/prove.test.ts: nothing is proved while replication has given a batch up',
      'test:redrive/redrive.test.ts: the changes of a batch that was given up are read again and carried over, except those that never are',
    ],
  },
  {
    id: 'stream-out-of-order',
    title: 'Stream records come twice, late, split, or mixed with others',
    kinds: BETWEEN_TABLES,
    symptom: 'None. The metric `ReplicationErrors` may count deliveries that were repeated.',
    cause:
      'Lambda delivers a batch again after an error; records of one transaction are not delivered together; our own writes come back as records.',
    detection: { by: 'Tokens: a record is a hint, and the tables are the truth.' },
    response:
      'A follower is written on the condition that it stands where the record began, or is made equal to the authority in a transaction.',
    remedy: [],
    proof: [
      'scenario:ten updates of one key in one stream batch',
      'scenario:two changes of one key split over two batches, with the first one retried',
      'scenario:records of one transaction interleaved with those of others, in any order',
      'scenario:an echo of a reverse deletion does not delete what was made since',
      'scenario:an echo of a reverse deletion that is read after authority has gone back',
      'bad:blind-images',
      'bad:no-authority',
    ],
  },
  {
    id: 'deleted-item-returns',
    title: 'A deleted item would come back',
    kinds: BETWEEN_TABLES,
    symptom: 'None, once reconciliation has passed. In the ledger the first pass has repaired some groups.',
    cause:
      'An item is deleted between the scan of the backfill and its insert, or made, deleted and made again while a record is late.',
    detection: { by: 'Reconciliation before the first stage, and the check of the authority in each inserting transaction.' },
    response: 'Reconciliation takes such items away until a pass finds nothing. Only then a key may be written in both tables.',
    remedy: [],
    proof: [
      'scenario:an item deleted between scan and insert comes back as a ghost, and reconciliation takes it away',
      'scenario:an item deleted and made again between scan and insert',
      'scenario:an item deleted and made again, with the deletion delivered after the insert',
      'bad:no-reconciliation',
      'bad:unprotected-absence',
      'bad:repeated-inserts',
      'bad:no-in-flight-time',
    ],
  },
  {
    id: 'group-changes-shape',
    title: 'An item gets another target key, or more or fewer target items',
    kinds: BETWEEN_TABLES,
    symptom: 'None.',
    cause: 'An attribute that the target key is made of is updated, or a list that `up` makes several items of grows or shrinks.',
    detection: { by: 'Nothing has to: a group is written whole, in one transaction.' },
    response:
      'What is new is put and what is left over is deleted, together. A group of more than 99 items, or of 4 MB, is refused.',
    remedy: [],
    proof: [
      'scenario:an item whose target key changes on update',
      'scenario:one legacy item that becomes three, then two, each time in one transaction',
    ],
  },
  {
    id: 'item-expires',
    title: 'DynamoDB deletes items by time-to-live while the migration runs',
    kinds: BETWEEN_TABLES,
    symptom: 'Preflight refuses time-to-live. Switched on later, items of legacy go, and with them their target items.',
    cause: 'Somebody switched time-to-live on for one of the tables.',
    detection: {
      by: 'Preflight; later nothing but the stream, which says that the service deleted the item.',
      errors: ['PreflightFailed'],
    },
    response: 'An expiry on legacy is followed. One on the target is never carried back: legacy keeps the item.',
    remedy: ['Switch time-to-live off on both tables until the rollout is complete.', RECONCILE],
    proof: [
      'scenario:a deletion by time-to-live of the legacy table is followed',
      'scenario:a deletion by time-to-live of the target table is never carried back',
      'test:replicate/replicate.test.ts: reverse: deletions by time-to-live are never carried back',
    ],
  },
  {
    id: 'value-at-the-limit',
    title: 'A value is at the limit of what DynamoDB holds',
    kinds: WRITING,
    symptom: 'None.',
    cause: 'Numbers of 38 digits, empty texts, binary, sets, nested nulls, an item of 399 KB.',
    detection: { by: 'Nothing has to: values are carried in the form that DynamoDB gives them.', gates: ['compatibility'] },
    response:
      'They keep their value both ways. The stamp takes 60 to 75 bytes of an item. `Gate.compatibility()` tells which items are near the limit.',
    remedy: [],
    proof: [
      'scenario:numbers of 38 digits, empty texts and binary, sets, nested nulls keep their value both ways',
      'scenario:an item of 399 KB',
    ],
  },
  {
    id: 'tables-throttled',
    title: 'DynamoDB throttles a table',
    kinds: WRITING,
    symptom: 'Throttled requests in CloudWatch, a backfill that slows down, lag that rises, an application that waits.',
    cause: 'Provisioned capacity that is too small, a hot partition, or an on-demand table that has not grown yet.',
    detection: {
      by: 'The backfill by being throttled itself; lag, where replication is.',
      triggers: ['throttling', 'replicationLag'],
    },
    response:
      'The backfill halves what it has in flight at each wave of throttling, and is never wrong by it. Replication tries again. A trigger on throttling takes traffic back softly.',
    remedy: [
      {
        say: 'While a backfill runs, slow it down.',
        command: command('set', { writeUnits: 200, concurrency: 2, reason: '<why>' }),
      },
      'Give the table that is throttled more capacity.',
      LOOK,
    ],
    proof: [
      'rehearse:throttle',
      'scenario:a throttle of ten seconds',
      'test:backfill/backfill.test.ts: throttling makes it slower, not wrong',
    ],
  },
  {
    id: 'worker-dies',
    title: 'A worker dies in the middle',
    kinds: WRITING,
    symptom: 'An error in the log of a backfill or comparison function. The run goes on.',
    cause: 'A crash, a time-out, a Lambda host that goes away.',
    detection: { by: 'Step Functions, which starts the slice again.' },
    response: 'The next worker goes on at the checkpoint. Two on one slice leave one result.',
    remedy: ['Only if the run fails: look at the log of that function.', LOOK],
    proof: [
      'rehearse:worker',
      'test:backfill/backfill.test.ts: a worker killed in the middle is followed by one that goes on at the checkpoint',
      'test:reconcile/reconcile.test.ts: a repair pass killed at any write and run again ends equal',
    ],
  },
  {
    id: 'never-clean',
    title: 'No pass finds the data equal',
    kinds: WRITING,
    symptom: 'The run ends before a stage, or at the end of an amendment, with `ReconciliationFailed` after five passes.',
    cause:
      'A writer on the target table, or one without the client, undoes what a pass has made; or more changes than passes can follow.',
    detection: { by: 'The passes themselves.', errors: ['ReconciliationFailed'] },
    response: 'No key moves further. Traffic goes back softly. In a rollback it is noted, and the way back stands.',
    remedy: [
      REPORT,
      'Find the writer: the text has how many groups differed, and the archive of the ledger their keys.',
      TRACE,
      START,
    ],
    proof: [
      'test:lib/workflow/workflows.test.ts: stands even when the reconciliation after it fails',
      'test:differences/differences.test.ts: a try that repairs again what an earlier one has repaired is not a clean pass',
    ],
  },
];
