import { amount, type Fields, flag, inLedgerOnly, object, objects, oneOf, optional, text, texts, whole } from './event-field';

/** One kind of entry of the audit trail, as EventBridge tells of it. */
export interface EventKindSpec {
  /** The `detail-type` of the event. */
  readonly name: string;
  /** When there is one. */
  readonly about: string;
  /** What `detail.data` holds. */
  readonly data: Fields;
}

const generation = whole('Of the lease: a higher one has taken over from a lower one.', 1);
const stage = whole('Index of the stage, from 0.');
const reason = text('Why.');
const by = optional(text('Who, as they say.'));
const unproved = optional(text('Why it could not be found out who it is.'));
const phase = text('Which comparison.');
const key = text('Key of the item.');
const observeOnly = flag('True where the gate says what it would have done, and does nothing.');
const direction = oneOf(['forward', 'reverse'], 'Of the replication.');
const revision = whole('Of the routing table.');
const side = oneOf(['legacy', 'target'], 'The table.');
const error = text('Name of the error.');
const more = whole('How many there are besides.');
const counts = object('Since the run began.', {
  divergence: whole('Differences for good, and writes that damage the target.'),
  unadopted: whole('Writes without the client.'),
  poison: whole('Changes that can never be carried over.'),
});
const deployment = whole('Number of the deployment in AppConfig.', 1);
const places = (about: string) =>
  object(about, { shares: object('Share of all keys by position, 0 to 1.'), pinned: object('Pinned keys by position.') });
const speed = {
  maxWriteUnits: whole('Write units a second of all workers together; 0 for no limit.'),
  maxConcurrency: whole('Workers at a time.', 1),
};
const hook = text('Name of the hook.');
const before = oneOf(['stage', 'completion'], 'What it was asked before.');
const ended: Fields = {
  generation,
  reason: optional(reason),
  furthest: text('The position of the keys that are furthest.'),
  revision,
  counts,
  left: optional(text('What could not be cleared away.')),
};
const health: Fields = {
  generation,
  seconds: whole('Since the rollback ended.'),
  complaints: texts('What was not as before.'),
};
const findings = { stage, observeOnly };

/**
 * Every kind of entry that is written. Kinds, names and attributes are contract: docs/events.md and its JSON Schema are made of this
 * table, and an attribute may be added, but never changes its meaning.
 */
export const EVENT_KINDS = {
  begun: {
    name: 'Rollout Begun',
    about: 'A run has the lease and begins.',
    data: {
      generation,
      transform: object('The transform.', { version: text('As it says.'), sha256: text('Of its bundle.') }),
      planSha256: text('Of the plan.'),
      stages: texts('Names of the stages, in order.'),
      reason: optional(reason),
      by,
    },
  },
  preflight: {
    name: 'Preflight Passed',
    about: 'Nothing was found that would stop the rollout later.',
    data: {
      items: whole('Items of the legacy table, about.'),
      bytes: whole('Their size, about.'),
      slices: whole('Slices in which whole tables are read.', 1),
      backup: optional(text('ARN of the backup.')),
      writeCapacity: object('Of each table: units a second, or `on-demand`.'),
      timeToLive: optional(text('Attribute by which items expire.')),
    },
  },
  'adoption-awaited': {
    name: 'Adoption Awaited',
    about: 'An amendment waits until writes without the client have ceased.',
    data: { count: whole('Such writes.'), lastAt: optional(text('ISO time of the last one.')) },
  },
  adopted: {
    name: 'Adoption Reached',
    about: 'Writes without the client have ceased.',
    data: { count: whole('Such writes before.'), quiet: whole('Seconds without one.') },
  },
  'index-awaited': {
    name: 'Index Awaited',
    about: 'A reindex waits until DynamoDB has filled the index.',
    data: { index: text('Its name.'), status: text('As DynamoDB says.') },
  },
  'index-built': {
    name: 'Index Built',
    about: 'The index is there, and filled.',
    data: { index: text('Its name.'), keys: texts('Its key attributes.') },
  },
  promotion: {
    name: 'Promotion Examined',
    about: 'The certificate of another environment was looked for.',
    data: {
      stage,
      wanted: object('What was looked for.'),
      found: object('What was found.'),
      objection: optional(text('Why it does not do; then the stage is refused.')),
    },
  },
  compatibility: {
    name: 'Compatibility Examined',
    about: 'Items of the legacy table were tried with the transform.',
    data: { ...findings, findings: object('What was found.') },
  },
  'approval-asked': {
    name: 'Approval Asked',
    about: 'A stage waits for an approval.',
    data: {
      stage: text('Name of the stage.'),
      approvers: texts('Who may decide.'),
      atLeast: whole('So many have to approve.', 1),
      separate: optional(flag('True where who starts, and who approves, have to be different people.')),
    },
  },
  'approval-decided': {
    name: 'Approval Decided',
    about: 'One approver has decided.',
    data: {
      stage: text('Name of the stage.'),
      approver: text('Name under which it was decided.'),
      decision: oneOf(['approve', 'reject'], 'What was decided.'),
      ...{ reason, by, unproved },
    },
  },
  'window-awaited': {
    name: 'Window Awaited',
    about: 'A stage waits for its window, or for a change calendar.',
    data: {
      stage,
      opensAt: text('ISO time at which the window opens.'),
      calendars: optional(texts('Calendars that are shut.')),
      until: optional(texts('When each changes: ISO time, or `unknown`.')),
    },
  },
  'hook-allowed': {
    name: 'Hook Allowed',
    about: 'A hook lets the stage begin, or the rollout complete.',
    data: { before, stage: optional(stage), hook, reason: optional(reason) },
  },
  'hook-refused': {
    name: 'Hook Refused',
    about: 'A hook refuses: traffic is taken back.',
    data: { before, stage: optional(stage), hook, reason: optional(reason) },
  },
  'hook-failed': {
    name: 'Hook Failed',
    about: 'A hook gave no answer, at the last try. What that means is declared with the hook.',
    data: {
      before,
      stage: optional(stage),
      hook,
      error: text('What failed.'),
      onFailure: oneOf(['refuse', 'proceed'], 'What it means: refused, or gone on without an answer.'),
    },
  },
  released: {
    name: 'Traffic Released',
    about: 'A routing table that moves keys of the user is on its way to everybody.',
    data: { generation, deployment, revision, from: optional(places('Where keys stood.')), to: places('Where they will stand.') },
  },
  arrived: { name: 'Traffic Arrived', about: 'Everybody has it.', data: { generation, deployment } },
  reverted: {
    name: 'Traffic Reverted',
    about: 'AppConfig took it back.',
    data: { generation, deployment, reason: optional(reason) },
  },
  'stage-passed': {
    name: 'Stage Passed',
    about: 'A stage has baked, and its gates have passed.',
    data: {
      stage,
      generation,
      observed: object('What its observations add up to.'),
      result: optional(object('Its last observation.')),
    },
  },
  'stage-failed': {
    name: 'Stage Failed',
    about: 'An observation of a stage ends it: traffic is taken back.',
    data: {
      stage,
      verdict: oneOf(['failed', 'error'], 'Whether it is wrong, or could not be measured.'),
      reasons: texts('Why.'),
      lag: optional(amount('Seconds of replication lag.')),
      checked: whole('Groups of the sample.'),
      diverged: whole('Those that differ.'),
      alarms: objects('The alarms that are watched.'),
      gates: objects('What each gate came to.'),
    },
  },
  queries: {
    name: 'Queries Compared',
    about: 'Queries of the application were asked of both sides.',
    data: { ...findings, findings: objects('What was found, by pattern.') },
  },
  compared: {
    name: 'Comparison Completed',
    about: 'Two tables, or an index with its table, were compared in full.',
    data: {
      phase,
      checked: whole('Items of both sides.'),
      failed: whole('Slices that were not done.'),
      repaired: whole('Groups that were made equal.'),
      diverged: whole('Groups that differ for good.'),
      lagging: whole('Groups that change too fast to be looked at.'),
      unseen: whole('Groups that there was no time to look at.'),
      list: text('Name in the archive of the list of what differs; empty where nothing does.'),
    },
  },
  'comparison-failed': {
    name: 'Comparison Failed',
    about: 'A comparison met an item that the transform fails on.',
    data: { phase, error, message: inLedgerOnly(text('What it says.')), key: optional(key) },
  },
  divergence: {
    name: 'Divergence Found',
    about: 'A comparison found groups that differ for good.',
    data: {
      phase,
      groups: objects('The first of them: keys, tokens and names of attributes, no values.'),
      more,
      side: optional(side),
      slice: optional(whole('Slice of the table.')),
      portion: optional(whole('Part of the list of suspects.')),
    },
  },
  'divergence-sampled': {
    name: 'Divergence Sampled',
    about: 'A sample of the tables differs though nothing is under way.',
    data: {
      side,
      segment: whole('Segment of the table.'),
      segments: whole('Segments in all.', 1),
      checked: whole('Groups of the sample.'),
      diverged: whole('Those that differ.'),
      groups: objects('The first of them, without values.'),
    },
  },
  'foreign-write': {
    name: 'Foreign Write Found',
    about: 'Something wrote to the target without the client.',
    data: { direction, revision, keys: texts('The first keys.'), more },
  },
  poison: {
    name: 'Poison Found',
    about: 'A change can never be carried over as it is, and waits in the poison queue.',
    data: { direction, revision, key, side, error, cause: inLedgerOnly(text('What it says.')) },
  },
  salvaged: {
    name: 'Image Salvaged',
    about: 'An image is kept that would be nowhere else. It stays in the ledger.',
    data: {
      direction,
      revision,
      key,
      deleted: optional(flag('True where the item was deleted.')),
      image: inLedgerOnly(text('The item, or a part of it, as JSON.')),
      part: optional(whole('Which part.', 1)),
      parts: optional(whole('How many there are.', 1)),
    },
  },
  'slice-failed': {
    name: 'Slice Failed',
    about: 'A worker met an item that the transform fails on.',
    data: {
      phase,
      side,
      slice: whole('Slice of the table.'),
      error,
      message: inLedgerOnly(text('What it says.')),
      key: optional(key),
      cause: inLedgerOnly(optional(text('What caused it.'))),
    },
  },
  'reconciliation-needed': {
    name: 'Reconciliation Needed',
    about: 'A redrive could not carry a change, or a batch of them, over.',
    data: {
      side: optional(side),
      direction: optional(direction),
      error: optional(error),
      key: optional(key),
      streamArn: optional(text('Stream of the batch.')),
      shardId: optional(text('Shard of the batch.')),
      startSequenceNumber: optional(text('Where the batch begins.')),
      endSequenceNumber: optional(text('Where it ends.')),
      batchSize: optional(whole('Changes in it.')),
    },
  },
  redriven: {
    name: 'Changes Redriven',
    about: 'Somebody has had what was set aside settled again.',
    data: {
      settled: whole('Keys that are equal on both sides now.'),
      remaining: whole('Messages that still wait.'),
      reported: whole('Messages without a key to settle.'),
      reason: optional(reason),
      by,
    },
  },
  paused: {
    name: 'Rollout Paused',
    about: 'An alarm, or somebody, has paused the rollout.',
    data: { generation, reason, by, unproved, alarm: optional(text('Name of the alarm.')) },
  },
  resumed: {
    name: 'Rollout Resumed',
    about: 'Somebody has resumed it.',
    data: { generation, reason, by, until: whole('Sequence number of the last pause that this ends.', 1) },
  },
  'settings-changed': {
    name: 'Settings Changed',
    about: 'Somebody has set how hard the workers of a rollout work.',
    data: { generation, reason, by, ...speed, before: object('How it was.', speed) },
  },
  'rollback-begun': {
    name: 'Rollback Begun',
    about: 'A rollback has taken the lease.',
    data: {
      generation,
      mode: oneOf(['soft', 'fenced', 'immediate'], 'How it goes back.'),
      ...{ reason, by, unproved },
      from: optional(object('The lease that it took, if anybody had it.')),
    },
  },
  completed: {
    name: 'Rollout Completed',
    about: 'The run is complete, and has given the lease up.',
    data: { ...ended, windowEnds: optional(text('ISO time until which it can be taken back.')) },
  },
  failed: { name: 'Rollout Failed', about: 'The run cannot go on; a rollback follows.', data: ended },
  'rolled-back': { name: 'Rollback Completed', about: 'Every key is back in legacy.', data: ended },
  hypotheses: {
    name: 'Hypotheses Concluded',
    about: 'What became of what the run was expected not to do.',
    data: { generation, outcomes: objects('One for each hypothesis.') },
  },
  'health-restored': { name: 'Health Restored', about: 'After a rollback, all is well again.', data: health },
  'health-not-restored': { name: 'Health Not Restored', about: 'Two hours after a rollback all is not well.', data: health },
  certified: {
    name: 'Run Certified',
    about: 'A certificate of the run was signed.',
    data: { name: text('Of the certificate in the archive.') },
  },
  closed: {
    name: 'Change Closed',
    about: 'The change is over for good.',
    data: {
      reason,
      by,
      early: optional(flag('True where its window was still open.')),
      pointInTime: object('What is kept of the tables.', {
        at: text('ISO time.'),
        backups: objects('Table and ARN of each backup.'),
      }),
      transform: text('Version of the transform.'),
      reversible: flag('True where `Transform.reversed` makes the migration back.'),
    },
  },
} as const satisfies Readonly<Record<string, EventKindSpec>>;

/** A kind of entry of the audit trail. */
export type EventKind = keyof typeof EVENT_KINDS;

/** The `source` of every event. */
export const EVENT_SOURCE = 'cdk-dynamodb-rollout';

/** The `detail-type` of a kind that is not in the table, such as one of another version. */
export const OTHER_EVENT = 'Rollout Entry Recorded';

/** What the table says of a kind, if it has it: a ledger may hold kinds of another version. */
export function eventKindOf(kind: string): EventKindSpec | undefined {
  return Object.hasOwn(EVENT_KINDS, kind) ? EVENT_KINDS[kind as EventKind] : undefined;
}

/** The `detail-type` of a kind. */
export function detailTypeOf(kind: string): string {
  return eventKindOf(kind)?.name ?? OTHER_EVENT;
}
