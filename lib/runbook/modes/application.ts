import { command } from '../command';
import { ALL, BETWEEN_TABLES, COMPARING, type FailureMode, WRITING } from '../failure-mode';
import { LOOK, RECONCILE, REPORT, RESUME, SOFT, START, TRACE, WATCH } from './steps';

/** What users of the application notice. */
export const APPLICATION: readonly FailureMode[] = [
  {
    id: 'application-slower',
    title: 'The application gets slower',
    kinds: ALL,
    symptom: 'A latency of the application rises with the share of keys that have moved.',
    cause:
      'The new model needs more or larger reads, a hot partition, an index that lags, transactions while both tables are written.',
    detection: {
      by: 'Nothing, unless the plan has a metric of the application.',
      errors: ['AlarmRaised', 'GateFailed'],
      triggers: ['metric', 'anomaly', 'alarm'],
      gates: ['latency', 'metric', 'alarm'],
    },
    response:
      'A trigger reverts a release that spreads and takes traffic back softly, or pauses, as it says. A gate fails its stage, which does the same.',
    remedy: [
      WATCH,
      'Compare `ShadowLatencyLegacy` with `ShadowLatencyTarget` on the dashboard, and look at consumed capacity and the keys that are read most.',
      REPORT,
    ],
    proof: [
      'rehearse:latency',
      'test:checks/every-check.test.ts: reads that are half as slow again',
      'test:checks/every-check.test.ts: a step',
    ],
  },
  {
    id: 'application-fails',
    title: 'Requests of the application fail',
    kinds: ALL,
    symptom: 'Errors of the application rise with the share of keys that have moved.',
    cause: 'A new version of the application that is wrong, missing permissions on the new table or index, a table in trouble.',
    detection: {
      by: 'Nothing, unless the plan has a metric or an alarm of the application.',
      errors: ['AlarmRaised', 'GateFailed'],
      triggers: ['errorRate', 'burnRate', 'metric', 'anomaly', 'alarm'],
      gates: ['alarm', 'metric', 'probe'],
    },
    response: 'The same: traffic goes back softly, or the run is paused, as the trigger says.',
    remedy: [WATCH, 'Look at the errors of the application, and at whether its role has `grants.client()`.', REPORT],
    proof: [
      'rehearse:errors',
      'test:checks/every-check.test.ts: an alarm that went off',
      'test:checks/every-check.test.ts: a probe that is not',
      'test:observe/observe.test.ts: an alarm fails the stage under its own name',
    ],
  },
  {
    id: 'answers-differ',
    title: 'Both sides give different answers',
    kinds: COMPARING,
    symptom: 'The metric `ShadowMismatch` is not zero, or `Gate queries` names a pattern, an item and attributes.',
    cause:
      'A client with another version of the transform, a query that means something else on the new side, an index that projects too little.',
    detection: {
      by: 'Clients, which compare a sample of their reads while keys are in `shadow` or `dual-target`.',
      errors: ['GateFailed'],
      triggers: ['shadowMismatch'],
      gates: ['shadowReads', 'queries'],
    },
    response:
      'The user gets the answer of the side in authority. Beyond its bound the gate or the trigger takes traffic back softly.',
    remedy: [
      'See that every instance of the application has the same transform: its version is in the report.',
      TRACE,
      'Mend the query or the transform under a new version, and deploy.',
      START,
    ],
    proof: [
      'rehearse:mismatch',
      'test:queries/queries.test.ts: fails the gate, by pattern, params and attributes, without values',
      'test:client/query.test.ts: a partition that moves while it is read is read again',
    ],
  },
  {
    id: 'query-refused',
    title: 'A query of the application cannot be asked',
    kinds: COMPARING,
    onlyWith: ['queries'],
    symptom: 'A stage ends with `QueryFailed`, with the query and what DynamoDB says.',
    cause: 'An index that is not there, a sort condition that it does not have, or an answer of more items than are compared.',
    detection: { by: 'The gate after the bake.', errors: ['QueryFailed'], gates: ['queries'] },
    response: 'The stage ends, and traffic goes back softly, unless the gate only observes.',
    remedy: ['Give the table the index, or mend the query under a new version of the transform, and deploy.', START],
    proof: ['test:queries/queries.test.ts: an index that is not there is an error of its own, and a function that throws'],
  },
  {
    id: 'index-incomplete',
    title: 'An index does not hold what its table says',
    kinds: WRITING,
    onlyWith: ['indexCoherence'],
    symptom: '`Gate indexCoherence` names entries that are missing, stale or too many.',
    cause:
      'Items whose key has another type than the index declares, which DynamoDB leaves out silently; or an index that does not follow.',
    detection: {
      by: 'A comparison of index and table in full.',
      errors: ['GateFailed', 'NotMeasured'],
      gates: ['indexCoherence'],
    },
    response: 'The stage ends, and traffic goes back softly, unless the gate only observes.',
    remedy: [TRACE, 'Mend items whose key has the wrong type. Where the index is behind, wait.', START],
    proof: [
      'test:scenario/index-coherence.test.ts: what only one of them has is told: a missing entry, one too much, and another content',
      'test:index-coherence/index-coherence.test.ts: what the index has not heard of yet is no difference once it has',
    ],
  },
  {
    id: 'new-index-incomplete',
    title: 'The new index does not hold what its table says',
    kinds: ['reindex'],
    symptom: 'The run ends before the first stage: `Gate indexCoherence` names entries that are missing, stale or too many.',
    cause:
      'Items whose key has another type than the index declares, which DynamoDB leaves out silently; or an index that lost entries.',
    detection: {
      by: 'A comparison of index and table in full, before any query moves.',
      errors: ['GateFailed', 'NotMeasured'],
      gates: ['indexCoherence'],
    },
    response: 'No query moves. The old index answers as ever.',
    remedy: [
      TRACE,
      'Mend items whose key has the wrong type. An index that lost entries is made anew, under another name.',
      START,
    ],
    proof: [
      'rehearse:index',
      'test:index-coherence/index-coherence.test.ts: an item whose key has another type than the index declares is silently missing, and told',
    ],
  },
  {
    id: 'index-not-filled',
    title: 'The new index is not filled yet',
    kinds: ['reindex'],
    symptom:
      'The run stands in `Wait for the index` for hours, or ends with `PreflightFailed`: the index is not there, or has other keys.',
    cause: 'DynamoDB fills the index of a large table, another change of the table is under way, or the index was not deployed.',
    detection: { by: 'The state that looks for it.', errors: ['PreflightFailed'] },
    response: 'It waits, less and less often, as long as it takes. No query moves.',
    remedy: [
      LOOK,
      'Watch `OnlineIndexPercentageProgress` of the index in CloudWatch. Where it is missing, add it to the construct of the table, and deploy.',
      START,
    ],
    proof: [
      'test:build-index/build-index.test.ts: one that is being filled is waited for, less and less often',
      'test:build-index/build-index.test.ts: one that is being deleted is waited for, and not taken for the new one',
    ],
  },
  {
    id: 'gate-fails',
    title: 'A gate of a stage fails',
    kinds: ALL,
    symptom: 'The stage ends with `GateFailed`; the ledger has what the gate measured.',
    cause: 'What the gate says: a metric beyond its bound, an alarm, a probe, a comparison.',
    detection: {
      by: 'The gate.',
      errors: ['GateFailed'],
      gates: ['alarm', 'metric', 'probe', 'shadowReads', 'latency', 'queries', 'indexCoherence', 'reconciliation'],
    },
    response: 'Traffic goes back softly. A gate with `observeOnly` records what it would have done.',
    remedy: [WATCH, REPORT, START],
    proof: [
      'test:observe/observe.test.ts: a gate that fails ends the stage under its own name, with its evidence',
      'test:observe/observe.test.ts: a gate that only observes ends nothing, and its evidence is kept',
    ],
  },
  {
    id: 'not-measured',
    title: 'A stage cannot be measured',
    kinds: ALL,
    symptom: 'Observations are inconclusive; in the end `NotMeasured`. The bake does not get any further.',
    cause:
      'A metric without data, an alarm that is gone, no traffic to compare, an index that is not active, groups that change too fast.',
    detection: {
      by: 'The observation: no data is inconclusive, never good.',
      errors: ['NotMeasured'],
      gates: ['alarm', 'metric', 'probe', 'shadowReads', 'latency', 'queries', 'indexCoherence', 'reconciliation'],
    },
    response:
      'An inconclusive observation does not count for the bake. Five in a row, or a budget of a gate that is used up, end the stage, and traffic goes back softly.',
    remedy: [
      LOOK,
      'See that the metric has data: that clients report compared reads, that the alarm exists and its actions are enabled, that there is traffic.',
      START,
    ],
    proof: [
      'test:observe/observe.test.ts: what cannot be measured is inconclusive, five times in a row an error',
      'test:observe/observe.test.ts: a bake that can be measured only now and then is given up',
      'test:core/verdict.test.ts: not being able to measure has a budget of its own, which one good observation restores',
    ],
  },
  {
    id: 'hypothesis-broken',
    title: 'What the change was expected not to do happens',
    kinds: ALL,
    symptom: 'The alarm of a hypothesis goes off; its description has the statement and whose it is.',
    cause: 'The expectation was wrong, or the change is.',
    detection: {
      by: 'Nothing, unless the plan has `risks`: each is a trigger and a gate.',
      errors: ['AlarmRaised', 'GateFailed'],
      triggers: ['metric'],
    },
    response:
      'Traffic goes back, or the run is paused, as the hypothesis says. At the end of the run the ledger says of each whether it held.',
    remedy: ['Call whoever answers for the hypothesis.', LOOK, RESUME, SOFT],
    proof: [
      'test:lib/safety/risk.test.ts: is a trigger, after those that are given, which says whose it is',
      'test:finish/hypotheses.test.ts: a hypothesis whose alarm paused the run was broken, however the run ended',
    ],
  },
  {
    id: 'write-not-representable',
    title: 'The application writes what the old model cannot hold',
    kinds: WRITING,
    symptom: 'The application gets `NotRepresentable`, or `InvalidItem`, from the client.',
    cause: 'A feature of the new model is used before the change is complete, or an item or key that cannot be one.',
    detection: { by: 'The client, before it writes.', errors: ['NotRepresentable', 'InvalidItem'] },
    response:
      'The write is refused, not cut down: the way back must stay open. In `target` it is written, and reverse replication sets it aside as poison.',
    remedy: ['Switch the feature off until the rollout is complete, or teach `down` to keep it, under a new version.', LOOK],
    proof: [
      'test:client/amendment.test.ts: what the old form cannot keep is not written, in either position',
      'test:replicate/replicate.test.ts: a target key that leads nowhere is poison in reverse, and its image is kept: a rollback will overwrite it',
    ],
  },
  {
    id: 'half-a-group',
    title: 'A reader sees half of a change, or an older partition',
    kinds: BETWEEN_TABLES,
    symptom: 'A page shows one of two items that were written together; or a list is a second old.',
    cause:
      'A query over several groups is no snapshot, as on DynamoDB itself. A partition read in `legacy` positions is as consistent as the legacy query behind it; through an index it is eventually consistent.',
    detection: { by: 'Nothing: this is not promised.' },
    response: 'None. Comparisons look twice, so that it does not count as a mismatch.',
    remedy: ['Read single items with `get`, which is consistent, where that matters.'],
    proof: [
      'test:client/query.test.ts: each item comes from the side that answers for it',
      'test:client/comparison.test.ts: lag is not: the second look finds both sides equal',
    ],
  },
  {
    id: 'writes-fenced',
    title: 'Writes are refused for a while',
    kinds: BETWEEN_TABLES,
    onlyFrom: 'dual-target',
    symptom: 'The application gets `WritesFenced` for keys whose truth is the target, for a barrier and a drain; reads work.',
    cause: 'A fenced rollback: somebody asked for it, or `Trigger.divergence()` went off.',
    detection: { by: 'The client, which tries again for five seconds.', errors: ['WritesFenced'], triggers: ['divergence'] },
    response:
      'The fence opens when reverse replication has drained and every client has heard; then traffic goes on softly to legacy.',
    remedy: [
      WATCH,
      'If it does not drain, look at the reverse replication function. The lag says how far it is.',
      {
        say: 'Only if writers cannot wait, and the target may stay as it is: straight to legacy. Reads may be behind until every client has heard, and late writes are merged or kept in the ledger.',
        command: command('rollback', { mode: 'immediate', reason: '<why writers cannot wait>' }),
      },
      RECONCILE,
    ],
    proof: [
      'rehearse:hard',
      'test:client/trouble.test.ts: waits for the fence to open, as long as it may',
      'test:traffic/traffic.test.ts: fenced: the drain right after the fence, then position by position',
    ],
  },
  {
    id: 'target-down',
    title: 'The target table is down',
    kinds: BETWEEN_TABLES,
    onlyFrom: 'dual-target',
    symptom: 'Reads and writes of keys in `dual-target` and `target` fail; the drain of a soft or fenced rollback does not end.',
    cause: 'The table is deleted, its key is disabled, it is throttled without end, or its Region’s DynamoDB is in trouble.',
    detection: {
      by: 'The application, and heartbeats that do not come through.',
      triggers: ['errorRate', 'burnRate', 'replicationLag', 'alarm'],
    },
    response: 'A soft or fenced rollback is tried for hours and never becomes an immediate one by itself.',
    remedy: [
      {
        say: 'Go straight to legacy. Reads may be behind until every client has heard.',
        command: command('rollback', { mode: 'immediate', reason: '<the target is down>' }),
      },
      WATCH,
      {
        say: 'When the target is up again, end the merging of late writes.',
        command: command('rollback', { mode: 'soft', reason: '<the target is up again>' }),
      },
      RECONCILE,
    ],
    proof: [
      'rehearse:immediate',
      'test:lib/workflow/workflows.test.ts: ends the merging of late writes before it reconciles, and says so where the target is down',
      'test:finish/finish.test.ts: a rollback ends where the target is down, and names what is left; a completion does not',
    ],
  },
  {
    id: 'late-writes-kept',
    title: 'Writes of the moment of an immediate rollback are not in legacy',
    kinds: BETWEEN_TABLES,
    onlyFrom: 'dual-target',
    symptom: 'The ledger has events `salvaged`, each with a key and an image; the report lists them.',
    cause:
      'Clients that had not heard yet wrote to the target, and legacy had moved on by then. One who has not heard may also put a legacy item back over a newer write; that is not promised.',
    detection: { by: 'Replication, which keeps what it cannot merge.' },
    response:
      'Where legacy still stands at what the writer saw, the write is merged. Where it has moved on, legacy wins and the other image is kept. Late deletions are kept, never merged.',
    remedy: [REPORT, TRACE, 'Decide key by key which version is right, and write it through the application.'],
    proof: [
      'rehearse:immediate',
      'test:replicate/replicate.test.ts: salvage merges where legacy stands still, and keeps the image where it has moved on',
    ],
  },
];
