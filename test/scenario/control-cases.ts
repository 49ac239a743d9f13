import { type BrakeResult, brake } from '../../lambda/brake/brake';
import type { BrakeEvent } from '../../lambda/brake/demand';
import type { RoutingControl } from '../../lambda/core/control';
import type { Ledger } from '../../lambda/core/ledger';
import type { Plan } from '../../lambda/core/plan';
import { isAllLegacy } from '../../lambda/core/routing-table';
import type { Goal } from '../../lambda/core/traffic';
import { finish } from '../../lambda/finish/finish';
import { seed } from '../../lambda/seed/seed';
import { takeover } from '../../lambda/takeover/takeover';
import type { NextResult } from '../../lambda/traffic/next';
import { type TrafficEvent, traffic } from '../../lambda/traffic/traffic';
import { brakeSeen } from '../memory/brake-seen';
import { MemoryDatabase } from '../memory/memory-database';
import { MemoryIdentities } from '../memory/memory-identities';
import { people } from '../memory/people';
import { MemoryExecutions } from '../takeover/memory-executions';

const STATE_MACHINE = 'arn:aws:states:eu-west-1:1:stateMachine:rollback';
export const rollbackArn = (name: string) => `${STATE_MACHINE.replace('stateMachine', 'execution')}:${name}`;

/** A ledger and AppConfig, wherever they are. */
export interface Plane {
  readonly ledger: Ledger;
  readonly control: RoutingControl;
  /** Ids of strategies: one that deploys at once, one that takes a while. */
  readonly immediate: string;
  readonly slow: string;
  /** Milliseconds, so far ahead that barriers have passed. */
  readonly now: () => number;
  /** AppConfig finishes, or takes back by itself, whatever is under way. */
  settleDeployment(deployment: number, state: 'complete' | 'reverted'): Promise<void>;
}

/** The workflows' tasks over a plane, one at a time, as the scenario calls them. */
export class ControlWorld {
  readonly executions = new MemoryExecutions();
  readonly plan: Plan;
  private readonly clock;

  constructor(readonly plane: Plane) {
    const stage = { cohort: { kind: 'all' }, sample: 1, bake: 60 } as const;
    this.plan = {
      stages: [
        { ...stage, name: 'shadow', goal: 'shadow', strategy: plane.immediate },
        { ...stage, name: 'full', goal: 'target', strategy: plane.slow },
      ],
      ...{ lease: 30, poll: 5, inFlight: 10 },
    };
    this.clock = { now: plane.now, sleep: async () => {} };
  }

  private get ports() {
    const { ledger, control } = this.plane;
    const { executions, plan, clock } = this;
    return { ledger, control, executions, plan, clock, planSha256: 'plan-1' };
  }

  /** A rollout that stands in `shadow`, with the first step of the next stage spreading. Answers the deployment. */
  async spreading(): Promise<number> {
    await seed({ control: this.plane.control, plan: this.plan, clock: this.clock });
    const { ledger } = this.plane;
    await brakeSeen(ledger);
    await ledger.saveNote('plan', { run: 'run-1', sha256: 'plan-1' });
    const { generation } = await ledger.acquire('run-1', 'rollout');
    this.executions.alive.set('rollout', '');
    await this.shift(generation, { kind: 'stage', stage: 0 });
    const to = { kind: 'stage', stage: 1 } as const;
    for (;;) {
      const next: NextResult = await this.call({ action: 'next', generation, to });
      const { deployment } = await this.call({ action: 'release', generation, to, revision: next.revision });
      const { state } = await this.plane.control.deployment(deployment);
      if (state === 'progress') return deployment;
    }
  }

  // biome-ignore lint/suspicious/noExplicitAny: the answers of the four actions differ
  call(event: Record<string, unknown>): Promise<any> {
    return traffic(this.ports, { run: 'run-1', ...event } as unknown as TrafficEvent);
  }

  async shift(generation: number, to: Goal): Promise<void> {
    for (;;) {
      const next: NextResult = await this.call({ action: 'next', generation, to });
      if (next.done) return;
      const { deployment } = next.deployment
        ? { deployment: next.deployment }
        : await this.call({ action: 'release', generation, to, revision: next.revision });
      await this.plane.settleDeployment(deployment, 'complete');
      await this.call({ action: 'check', generation, deployment });
    }
  }

  brake(event: BrakeEvent): Promise<BrakeResult> {
    const quiet = { alarms: { describe: async () => [] }, publish: async () => {} };
    return brake({ ...this.ports, ...quiet, stateMachine: STATE_MACHINE, modes: { wrong: 'fenced' } }, event);
  }

  takeover(holder: string, mode: 'soft' | 'fenced' | 'immediate') {
    return takeover({ ...this.ports, identities: new MemoryIdentities() }, { run: 'run-1', holder, mode, reason: 'scenario' });
  }

  /** The rest of the rollback workflow, after the takeover. */
  async goBack(generation: number): Promise<void> {
    await this.call({ action: 'halt', generation });
    await this.shift(generation, { kind: 'back' });
    const database = new MemoryDatabase(people.schemas);
    const ports = { ...this.ports, database, model: people, tokens: () => 't', random: () => 0.5, reverseWindow: 0 };
    await finish(ports, { run: 'run-1', generation, outcome: 'rolled-back' });
  }

  async isBack(): Promise<boolean> {
    const deployed = await this.plane.control.deployed();
    return deployed !== undefined && !deployed.inProgress && isAllLegacy(deployed.table) && !(await this.plane.ledger.lease());
  }
}

function alarm(AlarmName: string): BrakeEvent {
  return { Records: [{ Sns: { Message: JSON.stringify({ AlarmName, NewStateValue: 'ALARM', NewStateReason: 'over 0' }) } }] };
}

/** AppConfig takes the spreading release back by itself at one moment of the rollback. */
const revertedAt = (moment: 'before the brake' | 'before the takeover' | 'before the halt') => async (w: ControlWorld) => {
  const deployment = await w.spreading();
  const at = async (now: string) => {
    if (now === moment) await w.plane.settleDeployment(deployment, 'reverted');
  };
  await at('before the brake');
  const { started } = await w.brake(alarm('lag'));
  await at('before the takeover');
  const { generation } = await w.takeover(rollbackArn(started[0] as string), 'soft');
  await at('before the halt');
  await w.goBack(generation);
};

/** Hard cases of the control plane by name. Each ends with every key in legacy and nobody holding the lease. */
export const CONTROL_CASES: Record<string, (w: ControlWorld) => Promise<void>> = {
  'AppConfig’s own revert wins the race against the brake': revertedAt('before the brake'),
  'AppConfig’s own revert comes between the brake and the takeover': revertedAt('before the takeover'),
  'AppConfig’s own revert comes between the takeover and the halt': revertedAt('before the halt'),

  'the release completes although the rollback has begun': async (w) => {
    const deployment = await w.spreading();
    const { generation } = await w.takeover('rollback', 'soft');
    await w.plane.settleDeployment(deployment, 'complete');
    await w.goBack(generation);
  },

  'a brake delivered twice starts one rollback': async (w) => {
    await w.spreading();
    const first = await w.brake(alarm('lag'));
    expect(await w.brake(alarm('lag'))).toEqual(first);
    const holder = rollbackArn(first.started[0] as string);
    expect([...w.executions.alive.keys()]).toEqual(['rollout', holder]);
    const { generation } = await w.takeover(holder, 'soft');
    expect((await w.brake(alarm('lag'))).ignored).toHaveLength(1);
    await w.goBack(generation);
    expect((await w.brake(alarm('lag'))).ignored).toEqual(['Alarm lag: over 0: no run has the lease.']);
  },

  'a rollback started during a rollback: as mild changes nothing, a harder one takes over': async (w) => {
    await w.spreading();
    const soft = await w.takeover('soft', 'soft');
    w.executions.alive.set('soft', '');
    await w.call({ action: 'halt', generation: soft.generation });
    await expect(w.takeover('another', 'soft')).rejects.toMatchObject({ name: 'AlreadyRunning' });
    const harder = await w.takeover('harder', 'fenced');
    expect(w.executions.alive.has('soft')).toBe(false);
    const late = w.call({ action: 'next', generation: soft.generation, to: { kind: 'back' } });
    await expect(late).rejects.toMatchObject({ name: 'LeaseLost' });
    await w.goBack(harder.generation);
  },

  'a rollback asked for a run that has ended changes nothing': async (w) => {
    await w.spreading();
    const { generation } = await w.takeover('rollback', 'soft');
    await w.goBack(generation);
    await expect(w.takeover('late', 'immediate')).rejects.toMatchObject({ name: 'LeaseLost' });
  },
};
