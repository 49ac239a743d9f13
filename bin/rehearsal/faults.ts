import { readdirSync, readFileSync } from 'node:fs';
import type { LocalAws } from '../local-aws';
import type { Disturbance } from './disturbance';
import type { Migration, Snapshot } from './migration';
import { RehearsalError } from './shell';

/** Faults that a rehearsal can inject. */
export const FAULTS = [
  'none',
  'divergence',
  'hard',
  'immediate',
  'soft',
  'return',
  'worker',
  'stop',
  'poison',
  'reject',
  'lag',
  'latency',
  'errors',
  'mismatch',
  'index',
  'throttle',
] as const;
export type Fault = (typeof FAULTS)[number];

/** What a fault has at hand. */
export interface Scene {
  readonly migration: Migration;
  readonly aws: LocalAws;
  /** Overwrites that many target items with raw puts, of cities that the traffic leaves alone. Answers how many. */
  readonly damage: (count: number) => Promise<number>;
  /** What goes wrong between the application and its target table. */
  readonly disturbance: Disturbance;
  readonly targetTable: string;
  /** Starts a client of another version, which takes the cities for something else. Answers what ends it. */
  readonly stray: () => Promise<() => void>;
  /** Writes a city that the transform throws on into the legacy table, leaves it there for some seconds, and takes it away. */
  readonly poison: () => Promise<void>;
}

/** A fault: when it is time for it, what it does, and where the rollout must end. */
export interface Injection {
  /** Where every key must stand at the end. */
  readonly expected: 'target' | 'legacy';
  /** True where reads may be behind until all clients have heard: only an immediate rollback says so (docs/protocol.md). */
  readonly readsMayLag?: boolean;
  readonly ready: (snapshot: Snapshot) => boolean;
  /** Does it and says what was done. */
  readonly inject: (scene: Scene) => Promise<string>;
  /** True where it takes minutes to be seen: then one stage bakes for as long. */
  readonly watched?: boolean;
  /** What must notice it, as the reason of the rollback names it, and within how many seconds by its own definition. */
  readonly caught?: { readonly by: RegExp; readonly within: number };
  /** Ends it, once the way back has begun. */
  readonly lift?: (scene: Scene) => Promise<void>;
}

/** Target items that the divergence fault damages. */
const DAMAGED = 40;

const share = ({ shares }: Snapshot, position: string) => shares.get(position as never) ?? 0;
const baking = ({ phase }: Snapshot) => /bake/i.test(phase);

const quarterBakes = ({ phase }: Snapshot) => phase === '25 percent: bake';
/** Two windows of a minute out of three, and one until the last of them is over. */
const TWO_OF_THREE = 3 * 60 + 60;

/** The faults by name. */
export const INJECTIONS: Record<Fault, Injection> = {
  none: { expected: 'target', ready: () => false, inject: async () => '' },

  divergence: {
    expected: 'legacy',
    ready: (snapshot) => baking(snapshot) && share(snapshot, 'dual-target') > 0.2,
    // The measurement of every minute looks for half a minute, and CloudWatch looks at whole minutes.
    caught: { by: /diverge|differ/i, within: 60 + 32 + 60 },
    inject: async ({ damage }) => `${await damage(DAMAGED)} target items damaged behind the system's back`,
  },

  hard: {
    expected: 'legacy',
    ready: (snapshot) => share(snapshot, 'target') > 0.999,
    inject: async ({ migration }) => {
      await migration.startRollback('fenced', 'Rehearsal: hard rollback from target.');
      return 'hard rollback (fenced) started while every key is in target';
    },
  },

  immediate: {
    expected: 'legacy',
    readsMayLag: true,
    ready: (snapshot) => share(snapshot, 'target') > 0.999,
    inject: async ({ migration }) => {
      await migration.startRollback('immediate', 'Rehearsal: immediate rollback from target.');
      return 'hard rollback (immediate) started while every key is in target';
    },
  },

  soft: {
    expected: 'legacy',
    ready: (snapshot) => baking(snapshot) && share(snapshot, 'dual-target') > 0.2,
    inject: async ({ migration }) => {
      await migration.startRollback('soft', 'Rehearsal: soft rollback from dual-target.');
      return 'soft rollback started while a quarter of the keys is in dual-target';
    },
  },

  return: {
    expected: 'legacy',
    ready: (snapshot) => share(snapshot, 'target') > 0.999,
    inject: async ({ migration }) => {
      await migration.startRollback('soft', 'Rehearsal: all the way back.');
      return 'soft rollback started while every key is in target';
    },
  },

  worker: {
    expected: 'target',
    ready: ({ backfilled }) => backfilled > 4000,
    inject: async ({ aws }) => {
      const killed = killWorkers(aws, /\/ministack-lambda-[^/]*Backfill/i);
      return `${killed} backfill workers killed`;
    },
  },

  stop: {
    expected: 'legacy',
    ready: (snapshot) => /shift/i.test(snapshot.phase) && share(snapshot, 'dual-legacy') > 0.2,
    inject: async ({ migration }) => {
      await migration.stopRollout();
      const alarm = await migration.raiseAlarm();
      return `rollout execution stopped by force in the middle of a stage, then alarm ${alarm} raised`;
    },
  },

  poison: {
    expected: 'legacy',
    ready: (snapshot) => baking(snapshot) && share(snapshot, 'shadow') > 0.999,
    // It counts as divergence, too: whichever looks first. One measurement, and one until CloudWatch has it.
    caught: { by: /poison|Divergence/i, within: 60 + 60 },
    inject: async ({ poison }) => {
      await poison();
      return 'a city that cannot be transformed was in the legacy table for five seconds';
    },
  },

  lag: {
    expected: 'legacy',
    ready: quarterBakes,
    watched: true,
    // Sixty seconds of lag, in three windows of a minute, and one until the last of them is over.
    caught: { by: /ReplicationLag/, within: 60 + 3 * 60 + 60 },
    inject: async ({ migration }) =>
      `${await migration.replication('Reverse', false)} event source of reverse replication disabled`,
    lift: async ({ migration }) => void (await migration.replication('Reverse', true)),
  },

  latency: {
    expected: 'legacy',
    ready: quarterBakes,
    watched: true,
    caught: { by: /SlowCities/, within: TWO_OF_THREE },
    inject: async ({ disturbance }) => {
      disturbance.slowness = 1200;
      return 'requests of the application to the target table take more than a second longer';
    },
    lift: async ({ disturbance }) => {
      disturbance.slowness = 0;
    },
  },

  errors: {
    expected: 'legacy',
    ready: quarterBakes,
    watched: true,
    caught: { by: /FailedCities/, within: TWO_OF_THREE },
    inject: async ({ disturbance }) => {
      disturbance.failures = 0.5;
      return 'every other request of the application to the target table fails';
    },
    lift: async ({ disturbance }) => {
      disturbance.failures = 0;
    },
  },

  mismatch: {
    expected: 'legacy',
    ready: quarterBakes,
    watched: true,
    // A whole minute, and one until CloudWatch has it; the next observation is seconds away.
    caught: { by: /Gate shadow reads/, within: 60 + 60 + 60 },
    inject: async ({ stray, disturbance }) => {
      disturbance.endStray = await stray();
      return 'a client with another version of the transform reads, and finds that the tables differ';
    },
    lift: async ({ disturbance }) => disturbance.endStray(),
  },

  throttle: {
    expected: 'legacy',
    ready: quarterBakes,
    watched: true,
    caught: { by: /Throttling/, within: TWO_OF_THREE },
    inject: async ({ aws, targetTable }) => {
      aws.trouble({ throttle: { table: targetTable, share: 0.03 } });
      return 'DynamoDB throttles three of a hundred requests to the target table';
    },
    lift: async ({ aws }) => aws.trouble({}),
  },

  index: {
    expected: 'legacy',
    ready: ({ phase }) => phase === 'Look for the index' || phase === 'Compare index and table',
    // Differences are looked at for half a minute, twice; two scans and the way back's beginning besides.
    caught: { by: /Gate indexCoherence/, within: 2 * 32 + 60 },
    inject: async ({ aws }) => {
      aws.trouble({ hide: { index: 'byCountryName', share: 0.02 } });
      return 'the new index has lost every fiftieth city';
    },
    lift: async ({ aws }) => aws.trouble({}),
  },

  reject: {
    expected: 'legacy',
    ready: ({ phase }) => phase === 'full: approval',
    inject: async ({ migration }) => {
      await migration.decide('full', 'reject');
      return 'the last stage was rejected by its approver';
    },
  },
};

/** Kills the processes that run a function, by the folder of its code, in the local AWS that we started. Reads /proc, so Linux only. */
export function killWorkers({ pid }: LocalAws, name: RegExp): number {
  if (!pid) throw new RehearsalError('Killing workers needs a local AWS started by the rehearsal: unset AWS_ENDPOINT_URL.');
  const workers = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((candidate) => groupOf(candidate) === pid && name.test(commandOf(candidate)));
  for (const worker of workers) process.kill(worker, 'SIGKILL');
  return workers.length;
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`);
}

/** The process group: the third field after the command, which is in parentheses (proc(5), /proc/pid/stat). */
function groupOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
