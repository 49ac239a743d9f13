import { judgeLatency, type LatencyCount, type LatencySpec, samplesFor } from '../../lambda/core/latency';

const GATE: LatencySpec = { percentiles: [99], maxPercentAbove: 10, minSamples: samplesFor(99) };

/** Random numbers from a seed, at least 0, less than 1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/** Milliseconds of a read: most are quick, few take long. */
function latency(random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return 5 * Math.exp(0.6 * normal);
}

/** The verdict over two samples, as CloudWatch would count them. */
function verdictOf(gate: LatencySpec, old: number[], now: number[]) {
  const sorted = [...old].sort((a, b) => a - b);
  const counts = gate.percentiles.map((percentile): LatencyCount => {
    const at = sorted[Math.floor((sorted.length * percentile) / 100)] as number;
    const allowed = at * (1 + gate.maxPercentAbove / 100);
    const above = (values: number[], limit: number) => values.filter((value) => value > limit).length;
    return { percentile, old: at, oldAbove: above(old, at), newAbove: above(now, allowed) };
  });
  return judgeLatency(gate, { old: old.length, new: now.length, failed: 0 }, counts).verdict;
}

function share(trials: number, trial: (seed: number) => boolean): number {
  return Array.from({ length: trials }, (_, seed) => trial(seed + 1)).filter(Boolean).length / trials;
}

const sample = (random: () => number, n: number, factor = 1) => Array.from({ length: n }, () => factor * latency(random));

test('as many reads as are needed: more for what is rarer', () => {
  expect([50, 95, 99].map(samplesFor)).toEqual([222, 538, 2942]);
});

test('a path that is as quick fails hardly ever, also where nothing is allowed on top', () => {
  const gate = { ...GATE, percentiles: [50, 95, 99], maxPercentAbove: 0 };
  const failed = share(200, (seed) => {
    const random = seeded(seed);
    return verdictOf(gate, sample(random, 2942), sample(random, 2942)) === 'failed';
  });
  expect(failed).toBe(0);
}, 60_000);

test('three times as many slow reads are noticed nine times of ten', () => {
  const noticed = share(100, (seed) => {
    const random = seeded(seed);
    const old = sample(random, 2942);
    // Two reads in a hundred more take as long as none of the old path's.
    const now = sample(random, 2942).map((value) => (random() < 0.0202 ? 1000 : value));
    return verdictOf({ ...GATE, maxPercentAbove: 0 }, old, now) === 'failed';
  });
  expect(noticed).toBeGreaterThanOrEqual(0.85);
}, 60_000);

test('a path that is half as slow again fails, and one within the margin does not', () => {
  const random = seeded(7);
  const old = sample(random, 6000);
  expect(verdictOf({ ...GATE, percentiles: [50] }, old, sample(random, 6000, 1.5))).toBe('failed');
  expect(verdictOf({ ...GATE, percentiles: [50], maxPercentAbove: 20 }, old, sample(random, 6000, 1.1))).toBe('successful');
});

test('says what it saw; too few reads say nothing', () => {
  const counts = [{ percentile: 99, old: 20, oldAbove: 50, newAbove: 150 }];
  expect(judgeLatency(GATE, { old: 5000, new: 5000, failed: 50 }, counts)).toEqual({
    verdict: 'failed',
    reason:
      "p99: 3.00 percent of the reads of the new path take more than 22.0 ms, 10 percent above what 1.00 percent of the old path's exceed.",
    measured: { reads: { old: 5000, new: 5000, failed: 50 }, maxPercentAbove: 10, counts },
  });
  expect(judgeLatency(GATE, { old: 5000, new: 2941, failed: 0 }, counts)).toMatchObject({
    verdict: 'inconclusive',
    reason: '2941 reads were timed on both paths; 2942 are asked for.',
  });
  expect(
    judgeLatency(GATE, { old: 5000, new: 5000, failed: 50 }, [{ ...counts[0], oldAbove: 0, newAbove: 0 } as LatencyCount])
      .verdict,
  ).toBe('successful');
  expect(judgeLatency(GATE, { old: 5000, new: 5000, failed: 51 }, counts)).toMatchObject({
    verdict: 'inconclusive',
    reason: expect.stringMatching(/^51 comparisons could not be made, beside 5000 that could/),
  });
});
