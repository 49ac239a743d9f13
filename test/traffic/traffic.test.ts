import type { RollbackMode } from '../../lambda/core/ledger';
import { markCounts } from '../../lambda/core/marks';
import type { Plan } from '../../lambda/core/plan';
import { initialTable, isAllLegacy, positionsOf } from '../../lambda/core/routing-table';
import type { Goal } from '../../lambda/core/traffic';
import type { NextResult } from '../../lambda/traffic/next';
import { type TrafficEvent, traffic } from '../../lambda/traffic/traffic';
import { brakeSeen } from '../memory/brake-seen';
import { MemoryLedger } from '../memory/memory-ledger';
import { takenOver } from '../memory/taken-over';
import { MemoryControl } from './memory-control';

const PLAN: Plan = {
  stages: [
    { name: 'shadow', cohort: { kind: 'all' }, goal: 'shadow', sample: 1, bake: 60, strategy: 'slow' },
    { name: 'full', cohort: { kind: 'all' }, goal: 'target', sample: 1, bake: 60, strategy: 'slow' },
  ],
  lease: 30,
  poll: 5,
  inFlight: 10,
};

class Rollout {
  time = 1_000_000;
  readonly ledger = new MemoryLedger(() => this.time);
  readonly control = new MemoryControl(() => this.time, initialTable('seed', 30, 5));
  generation = 1;
  plan = PLAN;
  planSha256 = 'plan-1';
  readonly proved: string[] = [];

  async begin(): Promise<this> {
    await this.ledger.acquire('run-1', 'execution-1');
    await brakeSeen(this.ledger);
    await this.ledger.saveNote('plan', { run: 'run-1', sha256: 'plan-1' });
    return this;
  }

  get ports() {
    const { ledger, control, plan, planSha256 } = this;
    const sleep = async (milliseconds: number) => {
      this.time += milliseconds;
    };
    return { ledger, control, plan, planSha256, clock: { now: () => this.time, sleep } };
  }

  // biome-ignore lint/suspicious/noExplicitAny: the answers of the four actions differ
  call(event: Record<string, unknown>): Promise<any> {
    return traffic(this.ports, { run: 'run-1', generation: this.generation, ...event } as unknown as TrafficEvent);
  }

  /** From now on the rollback acts. */
  async takeOver(mode: RollbackMode): Promise<void> {
    this.generation = (await takenOver(this.ledger, mode)).generation;
  }

  /** The shift workflow. */
  async shift(to: Goal): Promise<void> {
    for (let turns = 0; turns < 200; turns++) {
      const next: NextResult = await this.call({ action: 'next', to });
      if (next.done) return;
      if (next.prove !== 'none') this.proved.push(next.prove);
      const { deployment } =
        next.deployment === undefined ? await this.call({ action: 'release', to, revision: next.revision }) : next;
      this.control.set(deployment, 'complete');
      const { barrier } = await this.call({ action: 'check', deployment });
      this.time += barrier * 1000;
    }
    throw new Error('no end');
  }
}

const rollout = () => new Rollout().begin();

describe('keys move only while the brake looks', () => {
  const seen = async (at: number | undefined) => {
    const r = await rollout();
    if (at === undefined) await r.ledger.saveNote('brake', {});
    else await r.ledger.saveNote('brake', { at });
    return r;
  };

  test.each<[string, (now: number) => number | undefined]>([
    ['never', () => undefined],
    ['not for more than five minutes', (now) => now - 301_000],
  ])('%s: canaries may go, keys of the user may not', async (_, at) => {
    const r = await seen(at(1_000_000));
    await expect(r.shift({ kind: 'stage', stage: 0 })).rejects.toMatchObject({ name: 'BrakeNotSeen' });
    expect(positionsOf(r.control.table)).toEqual(['legacy']);
  });

  test('an alarm that the brake cannot go by holds them back, too', async () => {
    const r = await rollout();
    await r.ledger.saveNote('brake', { at: 1_000_000, blind: ['divergence'] });
    await expect(r.shift({ kind: 'stage', stage: 0 })).rejects.toThrow('The brake cannot go by divergence');
  });

  test('the way back asks for no brake', async () => {
    const r = await rollout();
    await r.shift({ kind: 'stage', stage: 1 });
    await r.ledger.saveNote('brake', {});
    await r.takeOver('soft');
    await r.shift({ kind: 'back' });
    expect(isAllLegacy(r.control.table)).toBe(true);
  });
});

describe('a paused run', () => {
  const paused = async () => {
    const r = await rollout();
    await r.ledger.append('run-1', 'paused', { generation: 1, reason: 'orders look odd' });
    return r;
  };

  test('moves our canaries, and no key of the user, until it is resumed', async () => {
    const r = await paused();
    await expect(r.shift({ kind: 'stage', stage: 0 })).rejects.toMatchObject({
      name: 'Paused',
      message: expect.stringMatching(/^Run run-1 is paused. Since .*, by somebody: orders look odd. Look at .* resume function/),
    });
    expect(r.control.table).toMatchObject({ trial: 'back', step: 0 });
    expect(positionsOf(r.control.table)).toEqual(['legacy']);
    await r.ledger.append('run-1', 'resumed', { generation: 1, reason: 'fine', until: 1 });
    await r.shift({ kind: 'stage', stage: 0 });
    expect(positionsOf(r.control.table)).toEqual(['shadow']);
  });

  test('is told of a release that it has started before', async () => {
    const r = await rollout();
    await r.ledger.append('run-1', 'paused', { generation: 2, reason: 'of another generation' });
    await r.shift({ kind: 'stage', stage: 0 });
    const { revision } = r.control.table;
    await r.ledger.append('run-1', 'paused', { generation: 1, reason: 'too late for this one' });
    expect(await r.call({ action: 'release', to: { kind: 'stage', stage: 0 }, revision })).toEqual({
      deployment: r.control.deployments.length,
    });
  });

  test('goes back as any other', async () => {
    const r = await rollout();
    await r.shift({ kind: 'stage', stage: 1 });
    await r.ledger.append('run-1', 'paused', { generation: 1, reason: 'orders look odd' });
    await r.takeOver('soft');
    await r.shift({ kind: 'back' });
    expect(isAllLegacy(r.control.table)).toBe(true);
  });
});

describe('the shift workflow', () => {
  test('goes through the whole plan and all the way back', async () => {
    const r = await rollout();
    await r.shift({ kind: 'stage', stage: 0 });
    expect(positionsOf(r.control.table)).toEqual(['shadow']);
    await r.shift({ kind: 'stage', stage: 1 });
    expect(positionsOf(r.control.table)).toEqual(['target']);
    expect(r.proved.every((lane) => lane === 'scout')).toBe(true);
    r.proved.length = 0;
    await r.shift({ kind: 'back' });
    expect(isAllLegacy(r.control.table)).toBe(true);
    expect(r.proved).toEqual(['lead']);
  });

  test('fenced: the drain right after the fence, then position by position', async () => {
    const r = await rollout();
    await r.shift({ kind: 'stage', stage: 1 });
    r.proved.length = 0;
    const before = r.control.deployments.length;
    await r.shift({ kind: 'fence' });
    expect(positionsOf(r.control.table)).toEqual(['fenced']);
    expect(r.proved).toEqual([]);
    await r.shift({ kind: 'legacy', salvage: false });
    expect(isAllLegacy(r.control.table)).toBe(true);
    expect(r.proved).toEqual(['lead']);
    expect(r.control.deployments.length - before).toBe(4);
  });

  test('user keys take the strategy of the stage, everything else is immediate', async () => {
    const r = await rollout();
    await r.shift({ kind: 'stage', stage: 0 });
    expect(r.control.deployments.map(({ strategy }) => strategy)).toEqual([
      'immediate',
      'immediate',
      'immediate',
      { id: 'slow' },
    ]);
  });
});

describe('barrier', () => {
  test('is the lease and what is in flight, from the moment that the deployment completed', async () => {
    const r = await rollout();
    const to = { kind: 'stage', stage: 0 };
    const { revision } = await r.call({ action: 'next', to });
    const { deployment } = await r.call({ action: 'release', to, revision });
    expect(await r.call({ action: 'check', deployment })).toEqual({ state: 'complete', barrier: 41 });
    r.time += 11_000;
    expect(await r.call({ action: 'check', deployment })).toEqual({ state: 'complete', barrier: 30 });
  });

  test('until it has passed, next points back at the deployment, and release refuses', async () => {
    const r = await rollout();
    const to = { kind: 'stage', stage: 0 };
    const { revision } = await r.call({ action: 'next', to });
    const { deployment } = await r.call({ action: 'release', to, revision });
    r.time += 40_000;
    expect(await r.call({ action: 'next', to })).toEqual({ done: false, prove: 'none', deployment });
    await expect(r.call({ action: 'release', to, revision: revision + 1 })).rejects.toMatchObject({ name: 'BarrierNotReached' });
    r.time += 1000;
    expect(await r.call({ action: 'next', to })).toMatchObject({ prove: 'scout', revision: revision + 1 });
  });

  test('covers a longer lease that the table before had', async () => {
    const r = await rollout();
    Object.assign(r.control.deployments[0] as object, { table: initialTable('seed', 300, 5) });
    const to = { kind: 'stage', stage: 0 };
    const { revision } = await r.call({ action: 'next', to });
    const { deployment } = await r.call({ action: 'release', to, revision });
    expect(r.control.table.lease).toBe(30);
    expect(await r.call({ action: 'check', deployment })).toEqual({ state: 'complete', barrier: 311 });
  });

  test('an immediate rollback waits for nobody before its release, and for everybody after it', async () => {
    const r = await rollout();
    await r.shift({ kind: 'stage', stage: 1 });
    r.control.set(r.control.deployments.length, 'complete');
    const to = { kind: 'legacy', salvage: true };
    const { revision } = await r.call({ action: 'next', to });
    await r.call({ action: 'release', to, revision });
    expect(r.control.table).toMatchObject({ salvage: true });
    expect(await r.call({ action: 'next', to })).toMatchObject({ done: false, deployment: r.control.deployments.length });
    r.time += 41_000;
    expect(await r.call({ action: 'next', to })).toEqual({ done: true, prove: 'none' });
    expect(await r.call({ action: 'next', to: { kind: 'legacy', salvage: false } })).toMatchObject({ prove: 'scout' });
    await r.shift({ kind: 'legacy', salvage: false });
    expect(r.control.table.salvage).toBe(false);
    expect(isAllLegacy(r.control.table)).toBe(true);
  });

  test('a soft rollback ends an immediate one that was left in the middle', async () => {
    const r = await rollout();
    await r.shift({ kind: 'stage', stage: 1 });
    await r.shift({ kind: 'legacy', salvage: true });
    await r.shift({ kind: 'back' });
    expect(r.control.table.salvage).toBe(false);
    expect(isAllLegacy(r.control.table)).toBe(true);
  });
});

describe('twice, late, beside itself', () => {
  const to = { kind: 'stage', stage: 0 };

  test('a release that is asked for again answers with its deployment, in progress and complete', async () => {
    const r = await rollout();
    await r.shift({ kind: 'stage', stage: 0 });
    const goal = { kind: 'stage', stage: 1 };
    let next = await r.call({ action: 'next', to: goal });
    while (next.prove === 'none') {
      const { deployment } = await r.call({ action: 'release', to: goal, revision: next.revision });
      r.time += 41_000;
      expect(r.control.deployments).toHaveLength(deployment);
      next = await r.call({ action: 'next', to: goal });
    }
    const first = await r.call({ action: 'release', to: goal, revision: next.revision });
    expect(await r.call({ action: 'release', to: goal, revision: next.revision })).toEqual(first);
    r.time += 41_000;
    expect(await r.call({ action: 'release', to: goal, revision: next.revision })).toEqual(first);
    expect(r.control.deployments).toHaveLength(first.deployment);
  });

  test('a deployment of ours in progress is gone on with', async () => {
    const r = await rollout();
    for (const _ of [1, 2]) {
      const { revision } = await r.call({ action: 'next', to });
      await r.call({ action: 'release', to, revision });
      r.time += 41_000;
    }
    const { revision } = await r.call({ action: 'next', to });
    const { deployment } = await r.call({ action: 'release', to, revision });
    expect(await r.call({ action: 'check', deployment })).toEqual({ state: 'progress', barrier: 0 });
    expect(await r.call({ action: 'next', to })).toEqual({ done: false, prove: 'none', deployment });
    expect(await r.call({ action: 'release', to, revision })).toEqual({ deployment });
  });

  test('a revision that is not the next one is not released', async () => {
    const r = await rollout();
    await expect(r.call({ action: 'release', to, revision: 9 })).rejects.toMatchObject({ name: 'BarrierNotReached' });
    expect(r.control.deployments).toHaveLength(1);
  });

  test('after a takeover nothing of the old generation acts', async () => {
    const r = await rollout();
    await takenOver(r.ledger, 'soft');
    for (const event of [
      { action: 'next', to },
      { action: 'release', to, revision: 2 },
      { action: 'check', deployment: 1 },
      { action: 'halt' },
    ]) {
      await expect(r.call(event)).rejects.toMatchObject({ name: 'LeaseLost' });
    }
  });

  test('a release that waited on its way while another holder released is refused', async () => {
    const r = await rollout();
    const { revision } = await r.call({ action: 'next', to });
    const send = r.control.release.bind(r.control);
    r.control.release = async (...late) => {
      const wayBack = { ...r.control.table, revision: r.control.table.revision + 1, salvage: true };
      await send(wayBack, 'of the next generation', 'immediate');
      return send(...late);
    };
    await expect(r.call({ action: 'release', to, revision })).rejects.toMatchObject({ name: 'BarrierNotReached' });
    expect(r.control.table.salvage).toBe(true);
  });

  test('somebody else’s deployment is not touched', async () => {
    const r = await rollout();
    await r.control.release(initialTable('other', 30, 5), 'other-1-1-x', { id: 'slow' });
    await expect(r.call({ action: 'next', to })).rejects.toMatchObject({ name: 'BarrierNotReached' });
    expect(r.control.deployments[1]?.state).toBe('progress');
  });

  test('what the old holder released in its last moment is stopped by the way back, which then goes on', async () => {
    const r = await rollout();
    await r.takeOver('immediate');
    await r.control.release({ ...initialTable('run-1', 30, 5), revision: 2 }, 'run-1-1-2-x', { id: 'slow' });
    const back = { kind: 'legacy', salvage: true };
    await expect(r.call({ action: 'next', to: back })).rejects.toMatchObject({ name: 'BarrierNotReached' });
    expect(r.control.deployments[1]?.state).toBe('reverted');
    expect(await r.call({ action: 'next', to: back })).toMatchObject({ done: false, revision: 2 });
  });

  test('an immediate rollback whose first holder died goes on spreading, and the second one waits for it', async () => {
    const r = await rollout();
    await r.shift({ kind: 'stage', stage: 1 });
    const back = { kind: 'legacy', salvage: true };
    const { revision } = await r.call({ action: 'next', to: back });
    const { deployment } = await r.call({ action: 'release', to: back, revision });
    r.control.set(deployment, 'progress');
    await r.takeOver('immediate');
    expect(await r.call({ action: 'halt' })).toMatchObject({ halted: false });
    expect(await r.call({ action: 'next', to: back })).toEqual({ done: false, prove: 'none', deployment });
    expect(r.control.deployments[deployment - 1]?.state).toBe('progress');
  });

  test('a plan that was changed under way is refused forward and not asked for on the way back', async () => {
    const r = await rollout();
    await r.shift({ kind: 'stage', stage: 0 });
    r.planSha256 = 'plan-2';
    r.plan = { ...PLAN, stages: [] };
    await expect(r.call({ action: 'next', to: { kind: 'stage', stage: 1 } })).rejects.toMatchObject({ name: 'PlanChanged' });
    await r.shift({ kind: 'back' });
    expect(isAllLegacy(r.control.table)).toBe(true);
  });
});

describe('AppConfig takes a deployment back', () => {
  async function reverted() {
    const r = await rollout();
    const to = { kind: 'stage', stage: 0 };
    const { revision } = await r.call({ action: 'next', to });
    const { deployment } = await r.call({ action: 'release', to, revision });
    r.control.set(deployment, 'reverted');
    return { r, to, revision, deployment };
  }

  test('check says so, and the rollout does not try it again', async () => {
    const { r, to, revision, deployment } = await reverted();
    await expect(r.call({ action: 'check', deployment })).rejects.toMatchObject({ name: 'DeploymentReverted' });
    expect(await r.call({ action: 'release', to, revision })).toEqual({ deployment });
  });

  test('the way back uses the same revision under another label, after a full barrier', async () => {
    const { r, revision } = await reverted();
    await r.takeOver('immediate');
    expect(await r.call({ action: 'halt' })).toEqual({ halted: false, barrier: 40 });
    const to = { kind: 'legacy', salvage: true };
    const next = await r.call({ action: 'next', to });
    expect(next.revision).toBe(revision);
    await r.call({ action: 'release', to, revision });
    expect(r.control.table).toMatchObject({ revision, salvage: true });
  });

  test('a way back that was stopped by hand is tried again', async () => {
    const { r } = await reverted();
    await r.takeOver('immediate');
    const to = { kind: 'legacy', salvage: true };
    const { revision } = await r.call({ action: 'next', to });
    const first = await r.call({ action: 'release', to, revision });
    r.control.set(first.deployment, 'reverted');
    const second = await r.call({ action: 'release', to, revision });
    expect(second.deployment).toBe(first.deployment + 1);
  });
});

describe('halt', () => {
  test('stops what spreads, disarms, and asks for the full barrier', async () => {
    const r = await rollout();
    await r.control.arm();
    await r.control.release({ ...initialTable('run-1', 30, 5), revision: 2 }, 'x', { id: 'slow' });
    expect(await r.call({ action: 'halt' })).toEqual({ halted: true, barrier: 40 });
    expect(r.control.deployments[1]?.state).toBe('reverted');
    expect(r.control.armed).toBe(false);
    expect(await r.call({ action: 'halt' })).toEqual({ halted: false, barrier: 40 });
  });

  test('waits while AppConfig takes it back, not for ever', async () => {
    const r = await rollout();
    await r.control.release({ ...initialTable('run-1', 30, 5), revision: 2 }, 'x', { id: 'slow' });
    r.control.set(2, 'rolling-back');
    await expect(r.call({ action: 'halt' })).rejects.toMatchObject({ name: 'BarrierNotReached' });
  });
});

describe('adoption', () => {
  test('in place nobody else may write from the first stage on', async () => {
    const r = await rollout();
    const [, full] = PLAN.stages as [unknown, Plan['stages'][number]];
    r.plan = { ...PLAN, kind: 'amend', stages: [full] };
    await markCounts(r.ledger, 'run-1', 'begin');
    await r.ledger.count('unadopted', 1);
    await expect(r.shift({ kind: 'stage', stage: 0 })).rejects.toMatchObject({ name: 'WritersNotAdopted' });
    expect(positionsOf(r.control.table)).toEqual(['legacy']);
  });

  test('writes without the client before the stage before are forgiven, later ones stop keys from being written twice', async () => {
    const r = await rollout();
    await r.ledger.count('unadopted', 5);
    await r.shift({ kind: 'stage', stage: 0 });
    await r.ledger.count('unadopted', 2);
    await expect(r.shift({ kind: 'stage', stage: 1 })).rejects.toMatchObject({
      name: 'WritersNotAdopted',
      message: expect.stringContaining('2 writes'),
    });
    expect(positionsOf(r.control.table)).toEqual(['shadow']);
  });

  test('a quiet window lets them pass', async () => {
    const r = await rollout();
    await r.ledger.count('unadopted', 5);
    await r.shift({ kind: 'stage', stage: 0 });
    await r.shift({ kind: 'stage', stage: 1 });
    expect(positionsOf(r.control.table)).toEqual(['target']);
  });
});

test('an unknown action is named', async () => {
  const r = await rollout();
  await expect(r.call({ action: 'fly' })).rejects.toMatchObject({
    name: 'InvalidConfiguration',
    message: expect.stringContaining('fly'),
  });
});

test('without a routing table there is nothing to move', async () => {
  const r = await rollout();
  r.control.deployments.length = 0;
  await expect(r.call({ action: 'next', to: { kind: 'back' } })).rejects.toMatchObject({ name: 'InvalidConfiguration' });
});
