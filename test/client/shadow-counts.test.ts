import { embeddedMetrics, ShadowCounts, type ShadowReport } from '../../lambda/client/shadow-counts';

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
    counts.add(false);
    clock.time += 1000;
  }
  expect(reports).toEqual([
    { reads: 16, mismatches: 0 },
    { reads: 15, mismatches: 0 },
  ]);
});

test('reports a mismatch at once', () => {
  const { reports, counts } = counting();
  counts.add(false);
  counts.add(true);
  expect(reports).toEqual([{ reads: 2, mismatches: 1 }]);
});

test('has nothing to say twice', () => {
  const { reports, counts } = counting();
  counts.add(false);
  counts.flush();
  counts.flush();
  expect(reports).toEqual([{ reads: 1, mismatches: 0 }]);
});

test('a line is in the embedded metric format', () => {
  expect(JSON.parse(embeddedMetrics('Space', 'cities', { reads: 7, mismatches: 1 }, 1_700_000_000_000))).toEqual({
    _aws: {
      Timestamp: 1_700_000_000_000,
      CloudWatchMetrics: [
        {
          Namespace: 'Space',
          Dimensions: [['Migration']],
          Metrics: [
            { Name: 'ShadowReads', Unit: 'Count' },
            { Name: 'ShadowMismatch', Unit: 'Count' },
          ],
        },
      ],
    },
    Migration: 'cities',
    ShadowReads: 7,
    ShadowMismatch: 1,
  });
});
