import { GetEnvironmentCommand } from '@aws-sdk/client-appconfig';
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import type { Plan } from '../../lambda/core/plan';
import { initialTable, isAllLegacy, positionsOf } from '../../lambda/core/routing-table';
import { type Goal, labelOf } from '../../lambda/core/traffic';
import { seed } from '../../lambda/seed/seed';
import type { NextResult } from '../../lambda/traffic/next';
import { type TrafficEvent, traffic } from '../../lambda/traffic/traffic';
import { type LocalAwsFixture, localAwsFixture } from '../local-aws-fixture';
import { brakeSeen } from '../memory/brake-seen';
import { takenOver } from '../memory/taken-over';
import { appConfigFixture, ledgerFixture } from './control-plane-fixture';

let aws: LocalAwsFixture;
let endpoint: string;

beforeAll(async () => {
  aws = await localAwsFixture();
  endpoint = aws.aws.environment.AWS_ENDPOINT_URL as string;
}, 120_000);

afterAll(() => aws.stop());

/** An hour ahead of AppConfig, so that barriers have passed. */
const clock = {
  now: () => Date.now() + 3_600_000,
  sleep: (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds)),
};

async function rollout(alarms: string[] = []) {
  const { ledger, another, remove } = await ledgerFixture(aws.client);
  const { client, place, slow, control } = await appConfigFixture(endpoint, ledger, alarms);
  const plan: Plan = {
    stages: [
      { name: 'shadow', cohort: { kind: 'all' }, goal: 'shadow', sample: 1, bake: 60, strategy: place.immediate },
      {
        name: 'half',
        cohort: { kind: 'percent', percent: 50 },
        goal: 'dual-target',
        sample: 1,
        bake: 60,
        strategy: place.immediate,
      },
      { name: 'full', cohort: { kind: 'all' }, goal: 'target', sample: 1, bake: 60, strategy: place.immediate },
    ],
    lease: 30,
    poll: 5,
    inFlight: 10,
  };
  await brakeSeen(ledger);
  await ledger.saveNote('plan', { run: 'run-1', sha256: 'plan-1' });
  const ports = { ledger, control, plan, planSha256: 'plan-1', clock };
  // biome-ignore lint/suspicious/noExplicitAny: the answers of the four actions differ
  const call = (event: Record<string, unknown>): Promise<any> =>
    traffic(ports, { run: 'run-1', ...event } as unknown as TrafficEvent);
  const shift = async (generation: number, to: Goal) => {
    for (let releases = 0; ; ) {
      const next: NextResult = await call({ action: 'next', generation, to });
      if (next.done) return releases;
      const { deployment } = await call({ action: 'release', generation, to, revision: next.revision });
      expect(await call({ action: 'check', generation, deployment })).toEqual({ state: 'complete', barrier: 0 });
      releases++;
    }
  };
  return { ledger, another, remove, client, place, slow, control, plan, call, shift };
}

test('a whole plan forward and all the way back, through AppConfig', async () => {
  const r = await rollout();
  expect(await r.control.deployed()).toBeUndefined();
  expect(await seed({ control: r.control, plan: r.plan, clock })).toEqual({ seeded: true });
  expect(await seed({ control: r.control, plan: r.plan, clock })).toEqual({ seeded: false });
  const { generation } = await r.ledger.acquire('run-1', 'rollout');
  for (const stage of [0, 1, 2]) await r.shift(generation, { kind: 'stage', stage });
  const reached = await r.control.deployed();
  expect(reached && positionsOf(reached.table)).toEqual(['target']);
  expect(reached?.deployment).toBe(reached?.table.revision);
  const lease = await takenOver(r.ledger, 'soft', 'rollback');
  expect(await r.call({ action: 'halt', generation: lease.generation })).toEqual({ halted: false, barrier: 40 });
  expect(await r.shift(lease.generation, { kind: 'back' })).toBe(4);
  const back = await r.control.deployed();
  expect(back && isAllLegacy(back.table)).toBe(true);
  await expect(r.call({ action: 'next', generation, to: { kind: 'stage', stage: 2 } })).rejects.toMatchObject({
    name: 'LeaseLost',
  });
  await r.remove();
}, 60_000);

test('a release asked for twice, also at the same time, is one deployment', async () => {
  const r = await rollout();
  await seed({ control: r.control, plan: r.plan, clock });
  const table = { ...initialTable('run-1', 30, 5), revision: 2 };
  const label = labelOf(table, 1);
  const strategy = { id: r.slow };
  const numbers = await Promise.all([1, 2, 3].map(() => r.control.release(table, label, strategy, 1)));
  expect(numbers).toEqual([2, 2, 2]);
  expect(await r.control.release(table, label, strategy, 1)).toBe(2);
  await expect(r.control.release({ ...table, revision: 3 }, 'other', strategy, 1)).rejects.toMatchObject({
    name: 'BarrierNotReached',
  });
  expect(await r.control.deployed()).toMatchObject({ deployment: 1, inProgress: { number: 2, state: 'progress', label } });
  await r.remove();
}, 60_000);

test('a release that was decided on before another one is refused when it arrives', async () => {
  const r = await rollout();
  await seed({ control: r.control, plan: r.plan, clock });
  const after = (await r.control.deployed())?.newest as number;
  const wayBack = { ...initialTable('run-1', 30, 5), revision: 2, salvage: true };
  expect(await r.control.release(wayBack, labelOf(wayBack, 2), 'immediate', after)).toBe(2);
  const late = { ...initialTable('run-1', 30, 5), revision: 2, scout: 'shadow' as const };
  await expect(r.control.release(late, labelOf(late, 1), { id: r.slow }, after)).rejects.toMatchObject({
    name: 'BarrierNotReached',
  });
  expect(await r.control.deployed()).toMatchObject({ newest: 2, table: { salvage: true } });
  await r.remove();
}, 60_000);

test('a deployment is stopped while it spreads, and what was deployed stands', async () => {
  const r = await rollout();
  await seed({ control: r.control, plan: r.plan, clock });
  const { generation } = await r.ledger.acquire('run-1', 'rollout');
  await r.control.release({ ...initialTable('run-1', 30, 5), revision: 2, scout: 'shadow' }, 'run-1-1-2-x', { id: r.slow }, 1);
  expect(await r.call({ action: 'halt', generation })).toEqual({ halted: true, barrier: 40 });
  expect(await r.control.deployed()).toMatchObject({
    deployment: 1,
    table: { revision: 1 },
    recent: [{ state: 'reverted' }, { state: 'complete' }],
  });
  await r.control.stop(2);
  await r.remove();
}, 60_000);

test('an armed environment reverts on alarm, check says why, and a disarmed one lets the way back through', async () => {
  const cloudWatch = new CloudWatchClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const AlarmName = `divergence-${Math.random().toString(36).slice(2)}`;
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      ...{ AlarmName, Namespace: 'Test', MetricName: 'Divergence', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1 },
      ...{ Threshold: 0, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' },
    }),
  );
  const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
  const r = await rollout([MetricAlarms?.[0]?.AlarmArn as string]);
  await seed({ control: r.control, plan: r.plan, clock });
  const { generation } = await r.ledger.acquire('run-1', 'rollout');
  await r.control.arm();
  const table = { ...initialTable('run-1', 30, 5), revision: 2, scout: 'shadow' as const };
  const deployment = await r.control.release(table, labelOf(table, 1), { id: r.slow }, 1);
  await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'test' }));
  await clock.sleep(1100);
  await expect(r.call({ action: 'check', generation, deployment })).rejects.toMatchObject({
    name: 'DeploymentReverted',
    message: expect.stringContaining(AlarmName),
  });
  const lease = await takenOver(r.ledger, 'immediate', 'rollback');
  await r.call({ action: 'halt', generation: lease.generation });
  const environment = await r.client.send(
    new GetEnvironmentCommand({ ApplicationId: r.place.application, EnvironmentId: r.place.environment }),
  );
  expect(environment.Monitors).toEqual([]);
  expect(await r.shift(lease.generation, { kind: 'legacy', salvage: true })).toBe(1);
  expect((await r.control.deployed())?.table).toMatchObject({ revision: 2, salvage: true });
  await r.remove();
}, 60_000);

test('the newest deployment is found from any remembered number', async () => {
  const r = await rollout();
  await seed({ control: r.control, plan: r.plan, clock });
  for (let revision = 2; revision <= 5; revision++) {
    const table = { ...initialTable('run-1', 30, 5), revision };
    await r.control.release(table, labelOf(table, 1), 'immediate', revision - 1);
  }
  for (const note of [{}, { environment: 'another', deployment: 40 }, { environment: r.place.environment, deployment: 3 }]) {
    await r.ledger.saveNote('routing', note);
    expect(await r.control.deployed()).toMatchObject({ deployment: 5, table: { revision: 5 } });
    expect(await r.ledger.note('routing')).toEqual({ environment: r.place.environment, deployment: 5 });
  }
  await r.remove();
}, 60_000);
