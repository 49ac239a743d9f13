import { auditLines } from '../../bin/rehearsal/audit-lines';
import { probeOf } from '../../bin/rehearsal/probe';
import { clientTable, clock, passed, probeLines, type Result, timeline } from '../../bin/rehearsal/report';
import { clip } from '../../bin/terminal/clip';

const RIGHT: Result = {
  trial: 'none',
  began: new Date('2026-11-23T05:00:00Z'),
  expected: 'target',
  outcome: 'target',
  moments: [],
  clients: [{ name: 'writer-1', reads: 2, writes: 10, longestPause: 1234, errors: new Map([['WritesFenced', 3]]) }],
  writes: { acknowledged: 10, refused: 3, unknown: 0, pending: 0 },
  wrongReads: [],
  readsMayLag: false,
  audit: { keys: 2, legacyItems: 1, targetItems: 2, findings: [], kept: [], divergent: [], failing: [], canaries: 0 },
};

describe('a rehearsal', () => {
  it('passes when the outcome is the expected one and nothing is wrong', () => {
    expect(passed(RIGHT)).toBe(true);
  });

  it.each<[string, Partial<Result>]>([
    ['another outcome', { outcome: 'legacy' }],
    ['a lost write', { audit: { ...RIGHT.audit, findings: [{ key: 'k', side: 'target', verdict: 'lost', found: undefined }] } }],
    ['a difference', { audit: { ...RIGHT.audit, divergent: ['k'] } }],
    ['a failing transform', { audit: { ...RIGHT.audit, failing: ['k: why'] } }],
    ['a wrong read', { wrongReads: [{ key: 'k', by: 'reader-1', at: new Date(0), verdict: 'stale' }] }],
  ])('fails with %s', (_, wrong) => {
    expect(passed({ ...RIGHT, ...wrong })).toBe(false);
  });
});

it('passes with reads that were behind where that is not promised', () => {
  const wrongReads = [{ key: 'k', by: 'reader-1', at: new Date(0), verdict: 'stale' }] as const;
  expect(passed({ ...RIGHT, wrongReads, readsMayLag: true })).toBe(true);
});

describe('a probe', () => {
  const calm = { ...RIGHT, clients: RIGHT.clients.map((client) => ({ ...client, errors: new Map() })) };
  const pauses = Array.from({ length: 2000 }, (_, n) => n);

  it('passes when no operation failed and no pause was three times the usual', () => {
    expect(passed({ ...calm, probe: probeOf(pauses, [5000]) })).toBe(true);
    expect(passed({ ...calm, probe: probeOf(pauses, [5000, 6000]) })).toBe(false);
    expect(passed({ ...RIGHT, probe: probeOf(pauses, [5000]) })).toBe(false);
  });

  it('tells the pauses and what failed', () => {
    expect(probeLines({ ...RIGHT, probe: probeOf(pauses, [5000, 4000]) })).toEqual([
      '1 clients, 10 writes',
      'operations that failed: 3 (WritesFenced 3x)',
      expect.stringContaining('2.00 s before (99.9th percentile of 2000), 5.00 s at most'),
    ]);
  });
});

it('names the key, the table and what is there of every finding', () => {
  const findings = [{ key: 'pk=CITY#1,sk=PROFILE', side: 'target', verdict: 'lost', found: undefined }] as const;
  const lines = auditLines({ ...RIGHT, audit: { ...RIGHT.audit, findings } }).map(plain);
  expect(lines).toContain('lost: 1');
  expect(lines).toContain('  pk=CITY#1,sk=PROFILE in target: nothing there');
  expect(lines).toContain('stale: 0');
});

it('shows ten findings and counts the rest', () => {
  const divergent = Array.from({ length: 12 }, (_, n) => `key-${n}`);
  const lines = auditLines({ ...RIGHT, audit: { ...RIGHT.audit, divergent } }).map(plain);
  expect(lines).toContain('  key-9');
  expect(lines).not.toContain('  key-10');
  expect(lines).toContain('  and 2 more');
});

it('shows pauses and errors of each client', () => {
  expect(clientTable(RIGHT.clients)[1]).toBe('writer-1  10      2      1.2 s          WritesFenced 3x');
});

it('sorts what happened by time, from the beginning', () => {
  const at = (seconds: number) => new Date(RIGHT.began.getTime() + seconds * 1000);
  const moments = [
    { at: at(61.5), what: 'second', details: 'x'.repeat(30) },
    { at: at(2), what: 'first' },
  ];
  expect(timeline({ ...RIGHT, moments }, 10).map(plain)).toEqual([' 0:02.0  first', ' 1:01.5  second  xxxxxxx...']);
});

it('rounds times to tenths', () => {
  expect([0, 59_960, 61_000, -1000].map(clock)).toEqual([' 0:00.0', ' 1:00.0', ' 1:01.0', '-0:01.0']);
});

it('cuts lines to a width and leaves colours whole', () => {
  expect(clip('\u001b[1mabcdef\u001b[22m', 3)).toBe('\u001b[1mabc\u001b[22m');
});

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal are control characters
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}
