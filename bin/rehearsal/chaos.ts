import { setTimeout as wait } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { INJECTIONS, type Injection, killWorkers, type Scene } from './faults';
import type { Snapshot } from './migration';

/** Functions whose processes are killed in the middle of their work. */
const VICTIMS = ['Backfill', 'Forward', 'Reverse', 'Reconcile', 'Traffic', 'Prove', 'Observe', 'Takeover'];

/** Seconds between two kills, at least and at most. */
const KILLS = [10, 30] as const;

/** How long a client pauses in the middle of an operation, in milliseconds: far longer than its lease. */
const PAUSE = 60_000;

/** How the rollout is disturbed as a whole: not at all, by a brake that hears its alarm twice, or by somebody who stops it. */
const ENDINGS = ['none', 'brake', 'stop'] as const;

/** Everything that one seed does to a rehearsal, besides what local AWS does by itself under the same seed. */
export class Chaos {
  readonly name: string;
  readonly injection: Injection;
  private readonly draw: () => number;
  private readonly pausesAt: number;
  private isDisturbed = false;
  private nextKill = Number.POSITIVE_INFINITY;

  constructor(readonly seed: number) {
    this.name = `chaos ${seed}`;
    this.draw = mulberry32(seed);
    this.injection = this.injectionOf(ENDINGS[seed % ENDINGS.length] as (typeof ENDINGS)[number]);
    this.pausesAt = Math.floor(this.between(100, 1500));
  }

  /** Kills a function now and then. Answers what was done. */
  tick(scene: Scene, seconds: number): string | undefined {
    if (this.nextKill === Number.POSITIVE_INFINITY) this.nextKill = seconds + this.between(...KILLS);
    if (seconds < this.nextKill) return undefined;
    this.nextKill = seconds + this.between(...KILLS);
    const victim = VICTIMS[Math.floor(this.draw() * VICTIMS.length)] as string;
    const killed = killWorkers(scene.aws, new RegExp(`/ministack-lambda-[^/]*${victim}`, 'i'));
    return killed > 0 ? `${killed} processes of ${victim} killed` : undefined;
  }

  /** Has the first client pause once, after an answer of the database that it then acts upon. */
  disturb(database: DynamoDBClient): void {
    if (this.isDisturbed) return;
    this.isDisturbed = true;
    let answers = 0;
    database.middlewareStack.add(
      (next) => async (given) => {
        const answer = await next(given);
        answers++;
        if (answers === this.pausesAt) await wait(PAUSE);
        return answer;
      },
      { step: 'initialize', name: 'chaosPause' },
    );
  }

  private injectionOf(ending: (typeof ENDINGS)[number]): Injection {
    const after = this.between(20, 150);
    let began: number | undefined;
    const ready = ({ phase }: Snapshot) => {
      if (phase === 'starting') return false;
      began ??= performance.now();
      return performance.now() - began > after * 1000;
    };
    if (ending === 'none') return INJECTIONS.none;
    if (ending === 'stop') {
      return {
        expected: 'legacy',
        ready,
        inject: async ({ migration }) => {
          await migration.stopRollout();
          return 'rollout execution stopped by force, and nobody told the brake';
        },
      };
    }
    return {
      expected: 'legacy',
      ready,
      inject: async ({ migration }) => {
        const alarm = await migration.raiseAlarm();
        await migration.raiseAlarm();
        return `alarm ${alarm} raised, and heard twice`;
      },
    };
  }

  private between(least: number, most: number): number {
    return least + this.draw() * (most - least);
  }
}

/** Random numbers from a seed: at least 0, less than 1. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
