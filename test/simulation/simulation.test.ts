import { BAD_VARIANTS } from './bad-variants';
import { simulate } from './run';
import { hunt } from './simulate';

beforeAll(() => {
  jest.spyOn(console, 'error').mockImplementation(() => {});
  jest.spyOn(console, 'warn').mockImplementation(() => {});
});

afterAll(() => jest.restoreAllMocks());

test('no schedule breaks an invariant', async () => {
  const broken: string[] = [];
  for (let seed = 1; seed <= 150; seed++) {
    const { violations } = await simulate(seed);
    broken.push(...violations.map(({ invariant, what }) => `seed ${seed}: ${invariant}: ${what}`));
  }
  expect(broken).toEqual([]);
}, 120_000);

test('one seed is one schedule', async () => {
  const [first, second] = [await simulate(7, { trace: 'digest' }), await simulate(7, { trace: 'digest' })];
  expect(second.trace.digest).toBe(first.trace.digest);
  expect(second.steps).toBe(first.steps);
  expect((await simulate(8, { trace: 'digest' })).trace.digest).not.toBe(first.trace.digest);
});

test.each(Object.entries(BAD_VARIANTS))(
  '%s is noticed',
  async (_, variant) => {
    expect(await hunt(variant, variant.within)).toBeDefined();
  },
  60_000,
);
