import type { Deployed, Deployment, DeploymentState, RoutingControl } from '../../lambda/core/control';
import { RolloutError } from '../../lambda/core/errors';
import type { PollRouting } from '../../lambda/core/routing-source';
import { encodeFlag, type RoutingTable } from '../../lambda/core/routing-table';
import type { Process, Surroundings } from './process';
import type { Random } from './random';

interface Stored {
  readonly number: number;
  readonly label: string;
  readonly table: RoutingTable;
  readonly text: string;
  state: DeploymentState;
  readonly startedAt: number;
  /** Milliseconds in which it reaches everybody. */
  readonly spread: number;
  changedAt: number;
  reason?: string;
}

/** Milliseconds: the client has its requests over in about three seconds, the control plane's in ten. */
const POLL = { limit: 3000, inFlight: 4000 };
const CONTROL = { limit: 10_000, inFlight: 14_500 };

/** AppConfig: one deployment at a time, which spreads unevenly and may be taken back. */
export class AppConfig {
  readonly deployments: Stored[] = [];
  /** True while it watches alarms: only then does it take deployments back by itself. */
  armed = false;
  /** Hears of every change of a deployment. */
  changed: (deployment: Stored) => void = () => {};
  private readonly labels = new Map<string, RoutingTable>();
  private readonly random: Random;

  constructor(private readonly around: Surroundings) {
    this.random = around.dice.stream('appconfig');
  }

  /** A complete first deployment. */
  seed(table: RoutingTable): void {
    const { now } = this.around.scheduler;
    this.deployments.push({
      number: 1,
      label: 'seed',
      table,
      text: encodeFlag(table),
      state: 'complete',
      startedAt: now,
      spread: 0,
      changedAt: now - 600_000,
    });
  }

  /** The table that everybody has, or will have when what is in progress is taken back. */
  get delivered(): Stored {
    return this.deployments.findLast(({ state }) => state === 'complete') as Stored;
  }

  /** Questions of one process: "nothing has changed" after an answer that it has received. */
  pollOf(process: Process, reachable: () => boolean): PollRouting {
    let received: string | undefined;
    return async () => {
      const known = received;
      received = undefined;
      const text = await process.call(
        'poll',
        async () => {
          if (!reachable()) throw new Error('AppConfig is out of reach');
          return this.answer();
        },
        POLL,
      );
      received = text;
      return text === known ? undefined : text;
    };
  }

  /** The control plane as a process sees it. */
  controlOf(process: Process): RoutingControl {
    const ask = <T>(what: string, land: () => T) => process.call(what, async () => land(), CONTROL);
    return {
      deployed: () => ask('deployed', () => this.deployed()),
      deployment: (number) => ask(`deployment ${number}`, () => viewOf(this.found(number))),
      release: async (table, label, strategy, after) => {
        await ask(`version ${label}`, () => this.version(label, table));
        return ask(`deploy ${label}`, () => this.start(label, after, strategy));
      },
      stop: (number) => ask(`stop ${number}`, () => this.stop(this.found(number), 'stopped')),
      arm: () => ask('arm', () => this.watch(true)),
      disarm: () => ask('disarm', () => this.watch(false)),
    };
  }

  private answer(): string {
    const underWay = this.underWay();
    if (!underWay) return this.delivered.text;
    const { now } = this.around.scheduler;
    const share = underWay.state === 'progress' ? (now - underWay.startedAt) / underWay.spread : 0.5;
    return this.random.chance(share) ? underWay.text : this.delivered.text;
  }

  private deployed(): Deployed | undefined {
    const at = this.deployments.findLastIndex(({ state }) => state === 'complete');
    const found = this.deployments[at];
    if (!found) return undefined;
    const recent = this.deployments.slice(at).map(viewOf).reverse();
    const inProgress = recent.find(({ state }) => state === 'progress' || state === 'rolling-back');
    return {
      table: found.table,
      deployment: found.number,
      recent,
      newest: this.deployments.length,
      ...(inProgress ? { inProgress } : {}),
    };
  }

  private version(label: string, table: RoutingTable): void {
    if (!this.labels.has(label)) this.labels.set(label, table);
  }

  private start(label: string, latest: number, strategy: 'immediate' | { readonly id: string }): number {
    const underWay = this.underWay();
    if (underWay?.label === label) return underWay.number;
    const newest = this.deployments.at(-1);
    if (newest?.label === label && newest.number > latest) return newest.number;
    if (underWay || this.deployments.length !== latest) throw new RolloutError('BarrierNotReached', 'another one is in the way');
    const { scheduler, dice } = this.around;
    const table = this.labels.get(label) as RoutingTable;
    const spread = strategy === 'immediate' ? this.random.between(500, 20_000) : this.random.between(20_000, 120_000);
    const started: Stored = {
      number: latest + 1,
      label,
      table,
      text: encodeFlag(table),
      state: 'progress',
      startedAt: scheduler.now,
      spread,
      changedAt: scheduler.now,
    };
    this.deployments.push(started);
    this.around.tell('AppConfig', `deployment ${started.number} begins`, () => `${label}: ${summary(table)}`);
    this.changed(started);
    const baking = this.random.chance(0.3) ? this.random.between(0, 30_000) : 0;
    scheduler.after(spread + baking, () => this.complete(started));
    if (this.armed && dice.happens('revert', 0.03, this.random, 'AppConfig')) {
      scheduler.after(this.random.between(0, spread + baking), () => this.armed && this.stop(started, 'an alarm'));
    }
    return started.number;
  }

  private complete(deployment: Stored): void {
    if (deployment.state === 'progress') this.change(deployment, 'complete');
  }

  /** One in progress is rolled back; one that is complete and the newest is reverted, too. */
  private stop(deployment: Stored, reason: string): void {
    const isNewest = deployment.number === this.deployments.length;
    if (deployment.state !== 'progress' && !(deployment.state === 'complete' && isNewest)) return;
    deployment.reason = reason;
    this.change(deployment, 'rolling-back');
    this.around.scheduler.after(this.random.between(100, 6000), () => this.change(deployment, 'reverted'));
  }

  private change(deployment: Stored, state: DeploymentState): void {
    deployment.state = state;
    deployment.changedAt = this.around.scheduler.now;
    this.around.tell('AppConfig', `deployment ${deployment.number} is ${state}`);
    this.changed(deployment);
  }

  private watch(armed: boolean): void {
    this.armed = armed;
  }

  private underWay(): Stored | undefined {
    const newest = this.deployments.at(-1);
    return newest?.state === 'progress' || newest?.state === 'rolling-back' ? newest : undefined;
  }

  private found(number: number): Stored {
    const found = this.deployments[number - 1];
    if (!found) throw new RolloutError('InvalidConfiguration', `no deployment ${number}`);
    return found;
  }
}

function viewOf({ number, state, label, changedAt, reason }: Stored): Deployment {
  return { number, state, label, changedAt, ...(reason ? { reason } : {}) };
}

/** The generation that a label names; 0 for the first table. */
export function generationOf(label: string): number {
  return Number(label.split('-').at(-3) ?? 0);
}

/** A table in one line. */
export function summary(table: RoutingTable): string {
  const ranges = table.ranges.map(({ below, position }) => `<${below} ${position}`).join(', ');
  const pins = table.pins.map(({ key, position }) => `; ${key} ${position}`).join('');
  return `revision ${table.revision}, ${ranges}${pins}; scout ${table.scout}${table.salvage ? '; salvage' : ''}`;
}
