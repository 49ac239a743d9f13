import { METRICS } from '../../lambda/core/names';
import { keyDigest, type Span, samplesIn, type TraceHeader, tracesNote } from '../../lambda/core/tracing';
import { replicate } from '../../lambda/replicate/replicate';
import { Tracer } from '../../lambda/replicate/tracing';
import { MemoryDatabase } from '../memory/memory-database';
import { MemoryLedger } from '../memory/memory-ledger';
import { MemoryQueue } from '../memory/memory-queue';
import { allIn, changesOf, contentsOf, counting, expectedContents, people, person, routingOf } from '../memory/people';

const NOW = 1_700_000_100_000;
const HEADER = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';

/** A key that is one in a thousand. */
const SAMPLED = Array.from({ length: 20_000 }, (_, n) => `p${n}`).find((id) => {
  return Number.parseInt(keyDigest({ id: { S: id } }).slice(0, 8), 16) % 1000 === 0;
}) as string;

function scene() {
  const database = new MemoryDatabase(people.schemas);
  const ledger = new MemoryLedger();
  const sent: { header: TraceHeader; span: Span }[] = [];
  const time = { now: NOW };
  const now = () => time.now;
  const tracer = new Tracer({
    ...{ migration: 'people', direction: 'forward', ledger, now, sleep: () => new Promise<void>(() => {}) },
    send: (header, span) => void sent.push({ header, span }),
  });
  const published: object[] = [];
  const ports = {
    ...{ direction: 'forward' as const, database, model: people, tokens: counting(), ledger, poison: new MemoryQueue() },
    routing: routingOf(allIn('legacy'), () => 0).source,
    publish: async (metrics: object) => void published.push(metrics),
    ...{ now, remaining: () => 60_000 },
  };
  let seen = 0;
  let sequence = 0;
  const carry = (header: string | undefined) => {
    const records = changesOf(database, 'legacy', seen).map((change) => {
      return { change, sequence: `s${sequence++}`, createdAt: NOW - 5000 };
    });
    seen = database.changes.length;
    return replicate({ ...ports, tracing: tracer.begin(header) }, records);
  };
  const noted = async () => samplesIn(await ledger.note(tracesNote('forward')));
  return { database, ledger, sent, time, carry, noted, published };
}

test('a sampled document is traced from its record to its write, without a value', async () => {
  const { database, sent, carry, noted } = scene();
  database.put('legacy', person(SAMPLED, 'secret', { token: 't1' }));
  database.put('legacy', person('other', 'b', { token: 't2' }));
  await carry(HEADER);
  expect(sent).toHaveLength(1);
  const { header, span } = sent[0] as (typeof sent)[number];
  const key = keyDigest({ id: { S: SAMPLED } });
  expect(header).toEqual({ trace: '1-5759e988-bd862e3fe1be46a994272793', parent: '53995c3f42cd8ad8' });
  expect(span).toMatchObject({
    name: 'carry forward',
    annotations: { migration: 'people', direction: 'forward', key, sequence: 's0', outcome: 'changed', waited: 5 },
  });
  expect(span.parts?.map(({ name }) => name)).toEqual(expect.arrayContaining(['read legacy', 'read target', 'write target']));
  expect(JSON.stringify(sent)).not.toMatch(new RegExp(`secret|"${SAMPLED}"`));
  expect(await noted()).toEqual([
    { key, trace: header.trace, at: new Date(NOW).toISOString(), sequence: 's0', outcome: 'changed' },
  ]);
});

test('canaries always are, up to ten documents an invocation', async () => {
  const { database, sent, carry } = scene();
  for (let n = 0; n < 12; n++) database.put('legacy', people.canary(n));
  await carry(HEADER);
  expect(sent).toHaveLength(10);
  expect(contentsOf(database, 'target')).toEqual(expectedContents(database));
});

test('a change that cannot be carried is told with its error', async () => {
  const { database, sent, carry, noted } = scene();
  database.put('legacy', person(SAMPLED, 'poison', { token: 't1' }));
  await carry(HEADER);
  expect(sent[0]?.span).toMatchObject({ error: 'TransformFailed', annotations: { outcome: 'poison' } });
  expect(await noted()).toMatchObject([{ outcome: 'poison' }]);
});

test('where X-Ray does not sample the invocation nothing is sent or noted', async () => {
  const { database, sent, carry, noted } = scene();
  database.put('legacy', people.canary(1));
  await carry(HEADER.replace('Sampled=1', 'Sampled=0'));
  await carry(undefined);
  expect(sent).toEqual([]);
  expect(await noted()).toEqual([]);
});

test('the ledger is written at most every five seconds, and what waited is written then', async () => {
  const { database, ledger, time, carry, noted } = scene();
  const save = jest.spyOn(ledger, 'saveLatest');
  for (let n = 0; n < 3; n++) {
    database.put('legacy', people.canary(n));
    await carry(HEADER);
    time.now += 2000;
  }
  expect(save).toHaveBeenCalledTimes(1);
  database.put('legacy', people.canary(3));
  await carry(HEADER);
  expect(save).toHaveBeenCalledTimes(2);
  expect((await noted()).map(({ sequence }) => sequence)).toEqual(['s0', 's1', 's2', 's3']);
});

test('a ledger that cannot keep the samples does not stop a batch', async () => {
  const { database, ledger, carry, published } = scene();
  ledger.saveLatest = () => Promise.reject(new Error('throttled'));
  database.put('legacy', people.canary(1));
  expect(await carry(HEADER)).toBeUndefined();
  expect(contentsOf(database, 'target')).toEqual(expectedContents(database));
  expect(published).toMatchObject([{ [METRICS.replicationErrors]: 0 }]);
});
