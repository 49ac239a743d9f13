import type { Event } from '../../lambda/core/ledger';
import type { Plan } from '../../lambda/core/plan';
import { initialTable } from '../../lambda/core/routing-table';
import type { Goal } from '../../lambda/core/traffic';
import { type TrafficEvent, traffic } from '../../lambda/traffic/traffic';
import { brakeSeen } from '../memory/brake-seen';
import { MemoryLedger } from '../memory/memory-ledger';
import { takenOver } from '../memory/taken-over';
import { MemoryControl } from './memory-control';

const PLAN: Plan = {
  stages: [
    { name: 'pilot', cohort: { kind: 'keys', keys: ['a', 'b'] }, goal: 'dual-target', sample: 1, bake: 60, strategy: 'slow' },
    { name: 'quarter', cohort: { kind: 'percent', percent: 25 }, goal: 'shadow', sample: 1, bake: 60, strategy: 'slow' },
  ],
  lease: 30,
  poll: 5,
  inFlight: 10,
};

const PILOT: Goal = { kind: 'stage', stage: 0 };
const QUARTER: Goal = { kind: 'stage', stage: 1 };

async function world() {
  let time = 1_000_000;
  const ledger = new MemoryLedger(() => time);
  const control = new MemoryControl(() => time, initialTable('seed', 30, 5));
  await ledger.acquire('run-1', 'execution-1');
  await brakeSeen(ledger);
  await ledger.saveNote('plan', { run: 'run-1', sha256: 'p' });
  const sleep = async (milliseconds: number) => {
    time += milliseconds;
  };
  const ports = { ledger, control, plan: PLAN, planSha256: 'p', clock: { now: () => time, sleep } };
  const call = (event: object) =>
    // biome-ignore lint/suspicious/noExplicitAny: the answers of the four actions differ
    traffic(ports, { run: 'run-1', generation: 1, ...event } as unknown as TrafficEvent) as Promise<any>;
  return { ledger, control, call, wait: (seconds: number) => sleep(seconds * 1000) };
}

type World = Awaited<ReturnType<typeof world>>;

/** Releases until the keys of the user move; gives the last deployment, which still spreads. */
async function releaseStep(w: World, to: Goal, generation = 1): Promise<number> {
  const moved = (await told(w)).length;
  for (;;) {
    const { revision } = await w.call({ action: 'next', to, generation });
    const { deployment } = await w.call({ action: 'release', to, revision, generation });
    if ((await told(w)).length > moved) return deployment;
    await arrive(w, deployment, generation);
  }
}

async function arrive(w: World, deployment: number, generation = 1): Promise<void> {
  w.control.set(deployment, 'complete');
  await w.wait((await w.call({ action: 'check', deployment, generation })).barrier);
}

async function told({ ledger }: World): Promise<Event[]> {
  return (await ledger.events()).filter(({ kind }) => ['released', 'arrived', 'reverted'].includes(kind));
}

test('a release that moves keys of the user is on record, one that only canaries see is not', async () => {
  const w = await world();
  const deployment = await releaseStep(w, PILOT);
  expect(deployment).toBeGreaterThan(2);
  const [event, ...more] = await told(w);
  expect(more).toEqual([]);
  expect(event).toMatchObject({ kind: 'released', run: 'run-1', data: { generation: 1, deployment } });
  expect(event?.data.from).toEqual({ shares: { legacy: 1 }, pinned: {} });
  expect(event?.data.to).toEqual({ shares: { legacy: 1, shadow: 0 }, pinned: { shadow: 2 } });
});

test('it is on record once, however often the release and the look at it are repeated', async () => {
  const w = await world();
  const deployment = await releaseStep(w, QUARTER);
  const { revision } = w.control.deployments.at(-1)?.table ?? {};
  await w.call({ action: 'release', to: QUARTER, revision });
  await arrive(w, deployment);
  await w.call({ action: 'release', to: QUARTER, revision });
  await w.call({ action: 'check', deployment });
  expect((await told(w)).map(({ kind }) => kind)).toEqual(['released', 'arrived']);
});

test('a release that could not be put on record goes on, and is put there by the next try', async () => {
  const w = await world();
  const append = jest.spyOn(w.ledger, 'append').mockRejectedValueOnce(new Error('the ledger is busy'));
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
  await releaseStep(w, PILOT);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('the ledger is busy'));
  append.mockRestore();
  warn.mockRestore();
  w.control.set(w.control.deployments.length, 'complete');
  const { revision } = w.control.table;
  await w.call({ action: 'release', to: PILOT, revision });
  expect((await told(w)).map(({ kind }) => kind)).toEqual(['released']);
});

test('what AppConfig took back says why, and the way back is on record with where it began', async () => {
  const w = await world();
  await arrive(w, await releaseStep(w, QUARTER));
  const deployment = await releaseStep(w, QUARTER);
  w.control.set(deployment, 'reverted');
  await expect(w.call({ action: 'check', deployment })).rejects.toMatchObject({ name: 'DeploymentReverted' });
  const { generation } = await takenOver(w.ledger, 'soft');
  await w.wait(60);
  await releaseStep(w, { kind: 'back' }, generation);
  const events = await told(w);
  expect(events.map(({ kind }) => kind)).toEqual(['released', 'arrived', 'released', 'reverted', 'released']);
  expect(events.at(-1)?.data).toMatchObject({ generation, from: events[0]?.data.to, to: { shares: { legacy: 1 } } });
});

test('looking at the spread of what is not on record writes nothing', async () => {
  const w = await world();
  await w.call({ action: 'check', deployment: 1 });
  expect(await told(w)).toEqual([]);
});
