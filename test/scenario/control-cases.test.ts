import { initialTable } from '../../lambda/core/routing-table';
import { type LocalAwsFixture, localAwsFixture } from '../local-aws-fixture';
import { MemoryLedger } from '../memory/memory-ledger';
import { MemoryControl } from '../traffic/memory-control';
import { CONTROL_CASES, ControlWorld, type Plane } from './control-cases';
import { appConfigFixture, ledgerFixture } from './control-plane-fixture';

const HOUR = 3_600_000;

async function run(plane: Plane, scenario: (w: ControlWorld) => Promise<void>): Promise<void> {
  const world = new ControlWorld(plane);
  await scenario(world);
  expect(await world.isBack()).toBe(true);
}

function memoryPlane(): Plane {
  let time = 0;
  const now = () => {
    time += HOUR;
    return time;
  };
  const control = new MemoryControl(() => 0, initialTable('seed', 30, 5));
  const settleDeployment = async (deployment: number, state: 'complete' | 'reverted') => {
    if ((await control.deployment(deployment)).state === 'progress') control.set(deployment, state);
  };
  const isSlow = ({ strategy }: { strategy: unknown }) => (strategy as { id?: string }).id === 'slow';
  const release = control.release.bind(control);
  control.release = async (table, label, strategy) => {
    const deployment = await release(table, label, strategy);
    if (!isSlow({ strategy })) control.set(deployment, 'complete');
    return deployment;
  };
  return { ledger: new MemoryLedger(() => 0), control, immediate: 'fast', slow: 'slow', now, settleDeployment };
}

describe('hard cases of the control plane in memory', () => {
  it.each(Object.entries(CONTROL_CASES))('%s', (_, scenario) => run(memoryPlane(), scenario));
});

describe('hard cases of the control plane on local AWS', () => {
  let aws: LocalAwsFixture;
  let ledgers: Awaited<ReturnType<typeof ledgerFixture>>[] = [];

  beforeAll(async () => {
    aws = await localAwsFixture();
  }, 120_000);
  afterAll(async () => {
    await Promise.all(ledgers.map(({ remove }) => remove()));
    await aws?.stop();
  });

  async function awsPlane(): Promise<Plane> {
    const fixture = await ledgerFixture(aws.client);
    ledgers = [...ledgers, fixture];
    const { control, place, slow } = await appConfigFixture(aws.aws.environment.AWS_ENDPOINT_URL as string, fixture.ledger);
    const settleDeployment = async (deployment: number, state: 'complete' | 'reverted') => {
      if (state === 'reverted') return control.stop(deployment);
      while ((await control.deployment(deployment)).state === 'progress') await new Promise((done) => setTimeout(done, 500));
    };
    return { ledger: fixture.ledger, control, immediate: place.immediate, slow, now: () => Date.now() + HOUR, settleDeployment };
  }

  it.each(Object.entries(CONTROL_CASES))('%s', async (_, scenario) => run(await awsPlane(), scenario), 120_000);
});
