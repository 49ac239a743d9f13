import { readdirSync, readFileSync } from 'node:fs';
import type { LocalAws } from '../local-aws';
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
] as const;
export type Fault = (typeof FAULTS)[number];

/** What a fault has at hand. */
export interface Scene {
  readonly migration: Migration;
  readonly aws: LocalAws;
  /** Overwrites that many target items with raw puts, of cities that the traffic leaves alone. Answers how many. */
  readonly damage: (count: number) => Promise<number>;
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
}

/** Target items that the divergence fault damages. */
const DAMAGED = 40;

const share = ({ shares }: Snapshot, position: string) => shares.get(position as never) ?? 0;
const baking = ({ phase }: Snapshot) => /bake/i.test(phase);

/** The faults by name. */
export const INJECTIONS: Record<Fault, Injection> = {
  none: { expected: 'target', ready: () => false, inject: async () => '' },

  divergence: {
    expected: 'legacy',
    ready: (snapshot) => baking(snapshot) && share(snapshot, 'dual-target') > 0.2,
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
    inject: async ({ poison }) => {
      await poison();
      return 'a city that cannot be transformed was in the legacy table for five seconds';
    },
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
