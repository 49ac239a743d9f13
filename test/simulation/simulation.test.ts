import { BAD_VARIANTS } from './bad-variants';
import { quietly } from './quiet';
import { simulate } from './run';
import { hunt } from './simulate';

/** Schedules that must break nothing; more of them for a measurement of coverage. */
const SEEDS = Number(process.env.SEEDS ?? 150);

quietly();

test(
  'no schedule breaks an invariant',
  async () => {
    const broken: string[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { violations } = await simulate(seed);
      broken.push(...violations.map(({ invariant, what }) => `seed ${seed}: ${invariant}: ${what}`));
    }
    expect(broken).toEqual([]);
  },
  SEEDS * 1000,
);

test('one seed is one schedule', async () => {
  const [first, second] = [await simulate(7, { trace: 'digest' }), await simulate(7, { trace: 'digest' })];
  expect(second.trace.digest).toBe(first.trace.digest);
  expect(second.steps).toBe(first.steps);
  expect((await simulate(8, { trace: 'digest' })).trace.digest).not.toBe(first.trace.digest);
});

test.each(Object.entries(BAD_VARIANTS))(
  '%s is noticed, and the same schedule is good with that rule',
  async (_, variant) => {
    const seed = (await hunt(variant, variant.within)) as number;
    expect(seed).toBeDefined();
    const { rates, settings } = variant;
    expect((await simulate(seed, { variant: { rates, settings } })).violations).toEqual([]);
  },
  60_000,
);
