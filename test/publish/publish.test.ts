import { marshall } from '@aws-sdk/util-dynamodb';
import { chain, GENESIS, type Happening } from '../../lambda/core/ledger';
import type { Bus, Publication } from '../../lambda/core/publication';
import { entriesOf } from '../../lambda/publish/entry';
import { publish } from '../../lambda/publish/publish';

const begun: Happening = { run: 'run-1', at: '2026-11-20T12:00:00.000Z', kind: 'closed', data: {} };

/** A record of the stream of a ledger's table, as the ledger writes its entries. */
function record(seq: number, happening: Partial<Happening> = {}, image?: Record<string, unknown>) {
  const event = chain({ seq: seq - 1, hash: GENESIS }, { ...begun, ...happening });
  const keys = { pk: 'M#orders', sk: `event#${String(seq).padStart(12, '0')}` };
  const entry = image ?? { ...event, data: JSON.stringify(event.data) };
  return {
    dynamodb: {
      Keys: marshall(keys),
      NewImage: marshall({ ...keys, ...entry }, { removeUndefinedValues: true }),
      SequenceNumber: `s-${seq}`,
      ApproximateCreationDateTime: 0,
    },
  };
}

/** A bus that refuses what it is told to, and remembers what it took. */
function scene(refuses: (seq: number, attempt: number) => boolean = () => false) {
  const taken: number[] = [];
  const requests: number[][] = [];
  const waits: number[] = [];
  const attempts = new Map<number, number>();
  const seqOf = ({ detail }: Publication) => JSON.parse(detail).seq as number;
  const bus: Bus = async (publications) => {
    requests.push(publications.map(seqOf));
    return publications.map((publication) => {
      const seq = seqOf(publication);
      const attempt = (attempts.get(seq) ?? 0) + 1;
      attempts.set(seq, attempt);
      if (refuses(seq, attempt)) return 'ThrottlingException: slowly';
      taken.push(seq);
      return undefined;
    });
  };
  const clock = { now: () => 0, sleep: async (milliseconds: number) => void waits.push(milliseconds) };
  const run = (count: number) =>
    publish({ bus, clock }, entriesOf({ Records: Array.from({ length: count }, (_, n) => record(n + 1)) }));
  return { run, taken, requests, waits };
}

beforeEach(() => jest.spyOn(console, 'error').mockImplementation());
afterEach(() => jest.restoreAllMocks());

test('entries are published in their order, ten in a request', async () => {
  const { run, taken, requests } = scene();
  expect(await run(23)).toBeUndefined();
  expect(taken).toEqual(Array.from({ length: 23 }, (_, n) => n + 1));
  expect(requests.map(({ length }) => length)).toEqual([10, 10, 3]);
});

test('what was not taken is put again, and nothing else', async () => {
  const { run, taken, requests, waits } = scene((seq, attempt) => seq === 2 && attempt < 3);
  expect(await run(3)).toBeUndefined();
  expect(requests).toEqual([[1, 2, 3], [2], [2]]);
  expect([...taken].sort()).toEqual([1, 2, 3]);
  expect(waits).toEqual([200, 400]);
});

test('what is never taken ends the batch there: it is delivered again with all that follows', async () => {
  const { run, taken } = scene((seq) => seq === 12);
  expect(await run(23)).toBe('s-12');
  expect(taken).toEqual(expect.arrayContaining([1, 11, 13]));
  expect(taken).not.toContain(21);
  expect(console.error).toHaveBeenCalledWith(expect.stringContaining('ThrottlingException: slowly'));
});

test('a request that fails as such fails the batch', async () => {
  const bus = async () => Promise.reject(new Error('no access'));
  const clock = { now: () => 0, sleep: async () => {} };
  await expect(publish({ bus, clock }, entriesOf({ Records: [record(1)] }))).rejects.toThrow('no access');
});

test('an event tells the entry', () => {
  const data = { stage: 'full', decision: 'approve', reason: 'looks good' };
  const [entry] = entriesOf({ Records: [record(7, { kind: 'approval-decided', who: 'dba', data })] });
  expect(entry).toMatchObject({ sequence: 's-7', detailType: 'Approval Decided', at: begun.at });
  expect(JSON.parse(entry?.detail as string)).toEqual({
    ...{ format: 1, migration: 'orders', run: 'run-1', seq: 7, at: begun.at, kind: 'approval-decided', who: 'dba', data },
  });
});

test('what is no entry is logged by its key, and holds nothing up', () => {
  const strange = [{}, { run: 'run-1', seq: 1, at: 'today', kind: 'closed', data: '{}' }, { ...begun, seq: 1, data: 'not JSON' }];
  const Records = [...strange.map((image, n) => record(n + 1, {}, image)), record(9)];
  expect(entriesOf({ Records }).map(({ sequence }) => sequence)).toEqual(['s-9']);
  expect(console.error).toHaveBeenCalledTimes(3);
});
