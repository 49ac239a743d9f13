import { chain, type Event, GENESIS } from '../../lambda/core/ledger';
import { restorePoint } from '../../lambda/core/restore-point';

function trail(...happened: [run: string, kind: string, data?: Record<string, unknown>][]): Event[] {
  let previous = { seq: 0, hash: GENESIS };
  return happened.map(([run, kind, data = {}], n) => {
    const event = chain(previous, { run, kind, data, at: new Date(n * 60_000).toISOString() });
    previous = event;
    return event;
  });
}

const EVENTS = trail(
  ['run-1', 'begun'],
  ['run-1', 'preflight', { backup: 'arn:1' }],
  ['run-1', 'rolled-back'],
  ['run-2', 'begun'],
  ['run-2', 'preflight', { backup: 'arn:2' }],
  ['run-3', 'begun'],
);

test.each([
  ['the backup of that run', 'run-1', { run: 'run-1', from: 'backup', backup: 'arn:1' }],
  [
    'the last run, which took none: the second before it began',
    undefined,
    { run: 'run-3', from: 'point-in-time', at: 5 * 60_000 - 1000 },
  ],
])('%s', (_, run, point) => expect(restorePoint(EVENTS, run)).toMatchObject(point));

test.each([
  ['an unknown run', EVENTS, 'run-9', /There was no run run-9\. There was run-1 \(begun 1970-01-01T00:00:00\.000Z\), run-2/],
  ['no run at all', [], undefined, /No run has begun/],
])('%s is refused', (_, events, run, why) => {
  expect(() => restorePoint(events as Event[], run)).toThrow(
    expect.objectContaining({ name: 'InvalidDecision', message: expect.stringMatching(why) }),
  );
});
