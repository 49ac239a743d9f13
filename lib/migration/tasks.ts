import { Duration } from 'aws-cdk-lib';

/** What a task may do; each is a set of permissions in `TaskPermissions`. */
export type Allowance =
  | 'read-ledger'
  | 'write-ledger'
  | 'use-archive'
  | 'read-routing'
  | 'inspect-routing'
  | 'release-routing'
  | 'arm-monitors'
  | 'read-alarms'
  | 'describe-tables'
  | 'back-up-source'
  | 'back-up-tables'
  | 'read-tables'
  | 'scan-tables'
  | 'scan-source'
  | 'insert-target'
  | 'write-tables'
  | 'read-streams'
  | 'send-poison'
  | 'drain-queues'
  | 'count-given-up'
  | 'count-poison';

/** What differs from task to task. */
export interface TaskSpec {
  readonly description: string;
  /** MiB. */
  readonly memory: number;
  readonly timeout: Duration;
  readonly allows: Allowance[];
}

/** A task's folder in `lambda/`. `replicate` is deployed twice, once for each direction. */
export type Task =
  | 'begin'
  | 'preflight'
  | 'prove'
  | 'plan-slices'
  | 'backfill'
  | 'amend'
  | 'adoption'
  | 'census'
  | 'sketch'
  | 'differences'
  | 'reconcile'
  | 'sum-slices'
  | 'index-coherence'
  | 'build-index'
  | 'promotion'
  | 'compatibility'
  | 'ask-approval'
  | 'approve'
  | 'window'
  | 'hook'
  | 'pause'
  | 'resume'
  | 'set'
  | 'await-resume'
  | 'traffic'
  | 'observe'
  | 'queries'
  | 'evidence'
  | 'finish'
  | 'certify'
  | 'takeover'
  | 'close'
  | 'seed'
  | 'trace'
  | 'replicate'
  | 'redrive'
  | 'sample'
  | 'brake';

const seconds = (n: number) => Duration.seconds(n);

/** Workers get a whole processor, roughly: Lambda gives one at 1,769 MiB. */
const WORKER = { memory: 1024, timeout: Duration.minutes(15) };

/** Every task. Time-outs are longer than the bounds that the tasks set themselves. */
export const TASKS: Record<Task, TaskSpec> = {
  begin: {
    description: 'Takes the lease and has AppConfig watch the alarms',
    ...{ memory: 512, timeout: seconds(60) },
    allows: ['write-ledger', 'inspect-routing', 'arm-monitors'],
  },
  preflight: {
    description: 'Looks for everything that would stop the rollout later, and takes a backup',
    ...{ memory: 512, timeout: seconds(300) },
    allows: ['write-ledger', 'describe-tables', 'back-up-source', 'read-tables', 'scan-tables', 'read-alarms'],
  },
  prove: {
    description: 'Proves with canaries that replication runs and has drained',
    ...{ memory: 512, timeout: seconds(180) },
    allows: ['write-ledger', 'inspect-routing', 'write-tables', 'read-streams', 'count-given-up'],
  },
  'plan-slices': {
    description: 'Cuts a table into slices',
    ...{ memory: 256, timeout: seconds(30) },
    allows: ['read-ledger'],
  },
  backfill: {
    description: 'Copies a slice of the legacy table, inserting only what is absent',
    ...WORKER,
    allows: ['write-ledger', 'scan-source', 'insert-target'],
  },
  amend: {
    description: 'Stores the items of a slice in one form, or looks whether they could be',
    ...WORKER,
    allows: ['write-ledger', 'scan-source', 'write-tables'],
  },
  adoption: {
    description: 'Looks whether writes without the client have ceased',
    ...{ memory: 256, timeout: seconds(30) },
    allows: ['write-ledger'],
  },
  census: {
    description: 'Counts writes that did not use the client',
    ...{ memory: 512, timeout: seconds(60) },
    allows: ['write-ledger', 'read-streams'],
  },
  sketch: {
    description: 'Sketches a slice of one table, so that the sum shows what differs',
    ...WORKER,
    allows: ['write-ledger', 'use-archive', 'scan-tables'],
  },
  differences: {
    description: 'Lists what differs between the tables, and repairs the target before traffic moves',
    ...WORKER,
    allows: ['write-ledger', 'use-archive', 'read-routing', 'inspect-routing', 'scan-tables', 'write-tables'],
  },
  reconcile: {
    description: 'Compares a slice of both tables item by item, where too much differs to be listed',
    ...WORKER,
    allows: ['write-ledger', 'read-routing', 'inspect-routing', 'scan-tables', 'write-tables'],
  },
  'sum-slices': {
    description: 'Sums up what the slices found',
    ...{ memory: 256, timeout: seconds(60) },
    allows: ['read-ledger'],
  },
  'index-coherence': {
    // Reads of index and table only where some index is compared: `allowIndex`.
    description: 'Compares a slice of an index with its table, and lists what differs',
    ...WORKER,
    allows: ['write-ledger', 'use-archive'],
  },
  'build-index': {
    description: 'Waits until an index is filled, and makes it where the rollout has to',
    ...{ memory: 256, timeout: seconds(60) },
    allows: ['write-ledger', 'describe-tables'],
  },
  promotion: {
    description: 'Looks whether the transform passed in another environment',
    ...{ memory: 256, timeout: seconds(60) },
    allows: ['write-ledger'],
  },
  compatibility: {
    description: 'Looks whether items of the legacy table fit the transform',
    ...WORKER,
    allows: ['write-ledger', 'describe-tables', 'scan-source'],
  },
  'ask-approval': {
    description: 'Asks for the approval of a stage',
    ...{ memory: 256, timeout: seconds(30) },
    allows: ['write-ledger'],
  },
  approve: {
    description: 'Takes the decision of one approver',
    ...{ memory: 256, timeout: seconds(30) },
    allows: ['write-ledger'],
  },
  window: {
    description: 'Looks whether a stage may begin now',
    ...{ memory: 256, timeout: seconds(30) },
    allows: ['write-ledger'],
  },
  hook: {
    // Calls of functions only where there are hooks: `Hook._allow`. Five of them may take a minute each.
    description: 'Asks functions of the user whether a step may be made',
    ...{ memory: 256, timeout: seconds(330) },
    allows: ['write-ledger'],
  },
  pause: {
    description: 'Pauses the rollout for an operator',
    ...{ memory: 256, timeout: seconds(30) },
    allows: ['write-ledger'],
  },
  resume: {
    description: 'Resumes a rollout that is paused',
    ...{ memory: 256, timeout: seconds(30) },
    allows: ['write-ledger'],
  },
  set: {
    // Maps of the rollout's executions, too: `Setting`.
    description: 'Sets write units and workers of a rollout that runs',
    ...{ memory: 256, timeout: seconds(30) },
    allows: ['write-ledger'],
  },
  'await-resume': {
    description: 'Has a release wait while the rollout is paused',
    ...{ memory: 256, timeout: seconds(30) },
    allows: ['write-ledger'],
  },
  // A takeover waits for as long as a release of the old holder may still come: no longer than this.
  traffic: {
    description: 'Releases routing tables, one position at a time',
    ...{ memory: 512, timeout: seconds(15) },
    allows: ['write-ledger', 'release-routing', 'arm-monitors'],
  },
  observe: {
    description: 'Observes a stage while it bakes',
    ...{ memory: 512, timeout: seconds(120) },
    allows: ['write-ledger', 'inspect-routing', 'read-alarms', 'scan-tables', 'write-tables', 'count-given-up'],
  },
  queries: {
    // Queries only where a gate asks some: `allowQueries`.
    description: 'Asks both tables what the application asks',
    ...WORKER,
    allows: ['write-ledger', 'scan-source'],
  },
  evidence: {
    description: 'Records that a stage was passed',
    ...{ memory: 256, timeout: seconds(30) },
    allows: ['write-ledger'],
  },
  finish: {
    description: 'Records the outcome and gives the lease up',
    ...{ memory: 512, timeout: seconds(120) },
    allows: ['write-ledger', 'inspect-routing', 'arm-monitors', 'write-tables'],
  },
  certify: {
    description: 'Signs a certificate of a run that completed',
    ...{ memory: 256, timeout: seconds(60) },
    allows: ['write-ledger'],
  },
  takeover: {
    description: 'Takes the lease for a rollback and stops the old holder',
    ...{ memory: 512, timeout: seconds(60) },
    allows: ['write-ledger', 'inspect-routing', 'arm-monitors'],
  },
  close: {
    description: 'Ends a change for good, when its window is over',
    ...{ memory: 512, timeout: seconds(120) },
    allows: ['write-ledger', 'inspect-routing', 'write-tables', 'back-up-tables', 'count-given-up', 'count-poison'],
  },
  seed: {
    description: 'Releases the first routing table when the stack is deployed',
    ...{ memory: 512, timeout: seconds(110) },
    allows: ['write-ledger', 'release-routing'],
  },
  trace: {
    description: 'Tells the journey of one document',
    ...{ memory: 1024, timeout: seconds(60) },
    allows: ['read-ledger', 'inspect-routing', 'read-tables', 'read-streams'],
  },
  replicate: {
    description: 'Carries changes of one table to the other',
    ...{ memory: 1024, timeout: seconds(60) },
    allows: ['write-ledger', 'read-routing', 'write-tables', 'read-streams', 'send-poison'],
  },
  redrive: {
    description: 'Settles again what replication set aside or gave up',
    ...{ memory: 512, timeout: Duration.minutes(15) },
    allows: ['write-ledger', 'read-routing', 'write-tables', 'read-streams', 'drain-queues'],
  },
  sample: {
    description: 'Compares samples of both tables and measures replication, every minute',
    ...{ memory: 512, timeout: seconds(55) },
    allows: ['write-ledger', 'inspect-routing', 'read-alarms', 'scan-tables', 'write-tables', 'count-given-up'],
  },
  brake: {
    description: 'Starts the rollback, or pauses the rollout, when an alarm goes off or stands, or the rollout died',
    ...{ memory: 512, timeout: seconds(30) },
    allows: ['write-ledger', 'read-alarms'],
  },
};
