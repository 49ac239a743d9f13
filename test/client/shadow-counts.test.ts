import { embeddedMetrics, ShadowCounts, type ShadowReport } from '../../lambda/client/shadow-counts';

const TIMES = { legacy: 3, target: 4 };

function counting() {
  const reports: ShadowReport[] = [];
  const clock = { time: 1000 };
  const counts = new ShadowCounts(
    (report) => void reports.push(report),
    () => clock.time,
  );
  return { reports, clock, counts };
}

test('reports every fifteen seconds, with the next comparison', () => {
  const { reports, clock, counts } = counting();
  for (let n = 0; n < 31; n++) {
    counts.add(false, TIMES);
    clock.time += 1000;
  }
  expect(reports).toEqual([
    { reads: 16, mismatches: 0, failures: 0, times: Array(16).fill(TIMES) },
    { reads: 15, mismatches: 0, failures: 0, times: Array(15).fill(TIMES) },
  ]);
});

test('reports a mismatch at once', () => {
  const { reports, counts } = counting();
  counts.add(false, TIMES);
  counts.add(true, { legacy: 7, target: 8 });
  expect(reports).toEqual([{ reads: 2, mismatches: 1, failures: 0, times: [TIMES, { legacy: 7, target: 8 }] }]);
});

test('has nothing to say twice', () => {
  const { reports, counts } = counting();
  counts.add(false, TIMES);
  counts.flush();
  counts.flush();
  expect(reports).toEqual([{ reads: 1, mismatches: 0, failures: 0, times: [TIMES] }]);
});

test('tells of comparisons that failed, without reads too', () => {
  const { reports, clock, counts } = counting();
  counts.fail();
  clock.time += 15_000;
  counts.fail();
  expect(reports).toEqual([{ reads: 0, mismatches: 0, failures: 2, times: [] }]);
});

test('never has more in one report than the format takes', () => {
  const { reports, counts } = counting();
  for (let n = 0; n < 250; n++) counts.add(false, TIMES);
  counts.flush();
  expect(reports.map(({ reads, times }) => [reads, times.length])).toEqual([
    [100, 100],
    [100, 100],
    [50, 50],
  ]);
});

test('a line is in the embedded metric format', () => {
  expect(
    JSON.parse(
      embeddedMetrics(
        'Space',
        'cities',
        { reads: 2, mismatches: 1, failures: 0, times: [TIMES, { legacy: 7, target: 8 }] },
        1_700_000_000_000,
      ),
    ),
  ).toEqual({
    _aws: {
      Timestamp: 1_700_000_000_000,
      CloudWatchMetrics: [
        {
          Namespace: 'Space',
          Dimensions: [['Migration']],
          Metrics: [
            { Name: 'ShadowReads', Unit: 'Count' },
            { Name: 'ShadowMismatch', Unit: 'Count' },
            { Name: 'ShadowFailures', Unit: 'Count' },
            { Name: 'ShadowLatencyLegacy', Unit: 'Milliseconds' },
            { Name: 'ShadowLatencyTarget', Unit: 'Milliseconds' },
          ],
        },
      ],
    },
    Migration: 'cities',
    ShadowReads: 2,
    ShadowMismatch: 1,
    ShadowFailures: 0,
    ShadowLatencyLegacy: [3, 7],
    ShadowLatencyTarget: [4, 8],
  });
});
