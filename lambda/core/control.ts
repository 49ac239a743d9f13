import type { IndexDefinition } from './index-definition';
import type { Item } from './item';
import type { MetricName } from './names';
import type { StreamRecord } from './replicate';
import type { RoutingTable } from './routing-table';
import type { CalendarState } from './window';

/** Time and chance from outside, so that decisions can be tested. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** What AppConfig says of one deployment; `rolling-back` still spreads, `reverted` is over. */
export type DeploymentState = 'progress' | 'complete' | 'rolling-back' | 'reverted';

/** One release on its way, or arrived, or taken back. */
export interface Deployment {
  readonly number: number;
  readonly state: DeploymentState;
  /** The label of the hosted configuration version: names the release. */
  readonly label?: string;
  /** The newest thing that AppConfig wrote about it, such as which alarm took it back. */
  readonly reason?: string;
  /** Milliseconds since 1970 of the last change of its state that AppConfig tells of. */
  readonly changedAt: number;
}

/** What everybody has, or will have when the deployment in progress is taken back. */
export interface Deployed {
  readonly table: RoutingTable;
  /** Number of the newest complete deployment: the one that delivers `table`. */
  readonly deployment: number;
  /** Deployments since then and that one itself, newest first. */
  readonly recent: readonly Deployment[];
  /** Number of the newest deployment of the environment, whatever became of it. */
  readonly newest: number;
  readonly inProgress?: Deployment;
}

/** The control plane of the routing table. */
export interface RoutingControl {
  /** Undefined while the environment has no complete deployment. */
  deployed(): Promise<Deployed | undefined>;
  /** @throws InvalidConfiguration when there is no such deployment */
  deployment(number: number): Promise<Deployment>;
  /**
   * Deploys a table under a label, if nothing was deployed after the deployment `after` (0: nothing was yet): what was decided on
   * an older state, and arrives late, is refused. Asked again with the same label while that deployment is in progress, answers with it.
   * @throws BarrierNotReached while another deployment is in progress, or when there was one since
   */
  release(table: RoutingTable, label: string, strategy: 'immediate' | { id: string }, after: number): Promise<number>;
  /** Takes a deployment back. One that is already over stays as it is. */
  stop(deployment: number): Promise<void>;
  /** Has AppConfig watch the trigger alarms during deployments. */
  arm(): Promise<void>;
  /** Has AppConfig watch nothing: a standing alarm would take the way back, too. */
  disarm(): Promise<void>;
}

/** An alarm as CloudWatch tells it. */
export interface Alarm {
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly actionsEnabled: boolean;
  /** Why it is in this state. */
  readonly reason?: string;
  /** What it is about, and why it matters. */
  readonly description?: string;
  /** When it came into this state: milliseconds since 1970. */
  readonly since?: number;
}

/** The alarms that trigger a rollback. */
export interface Alarms {
  /** Those of the names that exist. */
  describe(names: readonly string[]): Promise<Alarm[]>;
}

/** Change calendars: whether changes are welcome at this moment. */
export interface Calendars {
  /** @throws CalendarUnavailable with the name of one that cannot be read */
  states(calendars: readonly string[]): Promise<CalendarState[]>;
}

/** Values of a metric by the beginning of their window, from one moment to another: milliseconds since 1970. */
export interface MetricValues {
  /** `queries` as CloudWatch GetMetricData takes them; one of them returns data. */
  values(queries: readonly Record<string, unknown>[], from: number, to: number): Promise<ReadonlyMap<number, number>>;
}

/** Calls a function of the user and gives its answer. Fails when the function does, or takes longer than that, by default 30 seconds. */
export type Probe = (functionName: string, event: Record<string, unknown>, seconds?: number) => Promise<unknown>;

/** Executions of the workflows. */
export interface Executions {
  /** Starts one; the same name and input twice is one execution. False when the name was used before by an execution that has ended. */
  start(stateMachine: string, name: string, input: Record<string, unknown>): Promise<boolean>;
  /** Stops one; one that has ended stays as it is. */
  stop(execution: string, error: string, cause: string): Promise<void>;
  running(execution: string): Promise<boolean>;
}

/** The Distributed Maps of an execution. */
export interface MapRuns {
  /** Has those at work run so many children at a time. Children that run already go on. Answers how many maps there were. */
  limit(execution: string, maxConcurrency: number): Promise<number>;
}

/** Tasks of a workflow that wait for an answer, by token. False when nobody waits with that token any more. */
export interface Callbacks {
  succeed(token: string, output: Record<string, unknown>): Promise<boolean>;
  fail(token: string, error: string, cause: string): Promise<boolean>;
}

/** The facts about a table that a rollout depends on. */
export interface TableFacts {
  readonly name: string;
  readonly active: boolean;
  /** Key attributes, partition key first. */
  readonly keys: readonly string[];
  /** Types of the key attributes of the table and its indexes. */
  readonly types: Readonly<Record<string, 'S' | 'N' | 'B'>>;
  readonly items: number;
  readonly bytes: number;
  readonly streamArn?: string;
  /** Only while the stream is enabled. */
  readonly streamView?: string;
  readonly pointInTimeRecovery: boolean;
  /** The attribute of an enabled time-to-live. */
  readonly timeToLive?: string;
  /** Write units a second; undefined for on-demand capacity. */
  readonly writeCapacity?: number;
}

/** The control plane of the tables. */
export interface Tables {
  describe(name: string): Promise<TableFacts>;
  /** ARN of an on-demand backup with that name, if there is one. */
  findBackup(table: string, backup: string): Promise<string | undefined>;
  /** Takes one; accepted, not yet finished. */
  createBackup(table: string, backup: string): Promise<string>;
}

/** The open end of a stream: which shards are written to, and what arrives in them. */
export interface StreamTail {
  /** Shards that are open, or that came later, and have not yet shown a record that `cover` was asked about. */
  uncovered(): number;
  /** Reads once from each shard that is not covered; a shard that holds a record with one of the keys is covered. */
  read(isOurs: (key: Item) => boolean): Promise<void>;
}

/** Opens the tail of a stream at its end: only what is written from now on is seen. */
export type OpenTail = (streamArn: string) => Promise<StreamTail>;

/** What a stream still has, oldest first, as far as it was read. */
export interface StreamHistory {
  readonly records: readonly StreamRecord[];
  /** Wanted records that are older than these, and were counted only. */
  readonly older: number;
  readonly shards: number;
  /** Shards that were not read to their end. */
  readonly unread: number;
  /** Milliseconds since 1970: how far those were read at least that were begun and not finished. */
  readonly reached?: number;
}

/** Reads the records of a stream that are wanted, from the oldest that it has, for no longer than `milliseconds`. */
export type ReadHistory = (
  streamArn: string,
  isOurs: (record: StreamRecord) => boolean,
  milliseconds: number,
) => Promise<StreamHistory>;

/** What a change leaves behind that goes when it is closed. */
export interface Remains {
  /** Has it go; false while it is on its way. Asked again it goes on. */
  remove(): Promise<boolean>;
}

/** A global secondary index as DynamoDB tells it. */
export interface IndexState {
  readonly name: string;
  /** `CREATING`, `UPDATING`, `DELETING` or `ACTIVE`. */
  readonly status: string;
  /** Key attributes, what partitions it first. */
  readonly keys: readonly string[];
}

/** The control plane of the indexes of one table. */
export interface Indexes {
  list(): Promise<IndexState[]>;
  /** Begins to make one. */
  create(name: string, definition: IndexDefinition): Promise<void>;
  /** Begins to delete one. */
  drop(name: string): Promise<void>;
}

/** Publishes metrics of the migration. */
export type Publish = (metrics: Partial<Record<MetricName, number>>) => Promise<void>;
