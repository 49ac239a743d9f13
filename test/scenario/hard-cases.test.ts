import { type LocalAwsFixture, localAwsFixture } from '../local-aws-fixture';
import { HARD_CASES, SCHEMAS } from './hard-cases';
import { OrdersWorld } from './orders-world';
import { awsStore, memoryStore, type Store } from './stores';

// What has to come again is logged, and that is what some of these cases are about.
beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => jest.restoreAllMocks());

async function run(store: Store, scenario: (w: OrdersWorld) => Promise<void>): Promise<void> {
  const world = await new OrdersWorld(store).begin();
  await scenario(world);
  expect(await world.contents('target')).toEqual(await world.expected());
}

describe('hard cases in memory', () => {
  it.each(Object.entries(HARD_CASES))('%s', (_, scenario) => run(memoryStore(SCHEMAS), scenario));
});

describe('hard cases on local AWS', () => {
  let fixture: LocalAwsFixture;

  beforeAll(async () => {
    fixture = await localAwsFixture();
  }, 120_000);
  afterAll(() => fixture?.stop());

  it.each(Object.entries(HARD_CASES))('%s', async (_, scenario) => run(await awsStore(fixture, SCHEMAS), scenario), 30_000);
});
