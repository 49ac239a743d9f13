import type { Deployed, Deployment, RoutingControl } from '../../lambda/core/control';
import { RolloutError } from '../../lambda/core/errors';
import type { RoutingTable } from '../../lambda/core/routing-table';

interface Stored {
  table: RoutingTable;
  label: string;
  state: Deployment['state'];
  strategy: 'immediate' | { id: string };
  changedAt: number;
}

/** AppConfig in memory: immediate releases complete at once, the others when the test says so. */
export class MemoryControl implements RoutingControl {
  readonly deployments: Stored[] = [];
  armed = false;

  constructor(
    readonly now: () => number,
    first?: RoutingTable,
  ) {
    if (first) this.deployments.push({ table: first, label: 'first', state: 'complete', strategy: 'immediate', changedAt: 0 });
  }

  async deployed(): Promise<Deployed | undefined> {
    const at = this.deployments.findLastIndex(({ state }) => state === 'complete');
    const found = this.deployments[at];
    if (!found) return undefined;
    const recent = this.deployments
      .map((_, index) => this.view(index + 1))
      .slice(at)
      .reverse();
    return {
      table: found.table,
      deployment: at + 1,
      recent,
      newest: this.deployments.length,
      inProgress: recent.find(({ state }) => state === 'progress' || state === 'rolling-back'),
    };
  }

  async deployment(number: number): Promise<Deployment> {
    return this.view(number);
  }

  async release(
    table: RoutingTable,
    label: string,
    strategy: 'immediate' | { id: string },
    after = this.deployments.length,
  ): Promise<number> {
    if (after !== this.deployments.length) throw new RolloutError('BarrierNotReached', 'there was another one since');
    if ((await this.deployed())?.inProgress) throw new RolloutError('BarrierNotReached', 'another one is in progress');
    const state = strategy === 'immediate' ? 'complete' : 'progress';
    return this.deployments.push({ table, label, state, strategy, changedAt: this.now() });
  }

  async stop(deployment: number): Promise<void> {
    this.set(deployment, 'reverted');
  }

  async arm(): Promise<void> {
    this.armed = true;
  }

  async disarm(): Promise<void> {
    this.armed = false;
  }

  /** What AppConfig does by itself. */
  set(deployment: number, state: Deployment['state']): void {
    Object.assign(this.deployments[deployment - 1] as Stored, { state, changedAt: this.now() });
  }

  /** The newest complete table. */
  get table(): RoutingTable {
    return this.deployments.findLast(({ state }) => state === 'complete')?.table as RoutingTable;
  }

  private view(number: number): Deployment {
    const { state, label, changedAt } = this.deployments[number - 1] as Stored;
    return { number, state, label, changedAt };
  }
}
