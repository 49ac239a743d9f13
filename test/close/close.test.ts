import { type Asked, type CloseEvent, type ClosePorts, close } from '../../lambda/close/close';
import { recorded } from '../../lambda/core/record-once';
import type { RoutingTable } from '../../lambda/core/routing-table';
import { heartbeat } from '../../lambda/observe/heartbeat';
import { sample } from '../../lambda/sample/sample';
import { MemoryIdentities, session } from '../memory/memory-identities';
import { ReplicatedWorld } from '../prove/replicated-world';

const ARRIVED: Partial<RoutingTable> = { ranges: [{ below: 10_000, position: 'target' }], scout: 'target' };

const WINDOW = 1000;
const ASKED: Asked = { reason: 'it is done', by: 'Ada' };

/** A change whose run has completed. `looks`: how many it takes until nothing reads the streams. */
async function completed(table: Partial<RoutingTable> = ARRIVED, looks = 1) {
  const w = new ReplicatedWorld(table);
  const { generation } = await w.ledger.acquire('run-1', 'e-1');
  const counts = { divergence: 0, unadopted: 0, poison: 0 };
  await w.ledger.append('run-1', 'completed', { generation, furthest: 'target', revision: 9, counts });
  await w.ledger.release(generation);
  let left = looks;
  const backups = new Map<string, string>();
  const ports = {
    ...w.ports,
    identities: new MemoryIdentities(),
    remains: [{ remove: async () => --left <= 0 }],
    keeps: ['legacy', 'target'],
    tables: {
      findBackup: async (of: string, name: string) => backups.get(`${of} ${name}`),
      createBackup: async (of: string, name: string) => {
        backups.set(`${of} ${name}`, `arn:${of}:${backups.size}`);
        return backups.get(`${of} ${name}`) as string;
      },
    },
    poison: async () => 0,
  } satisfies ClosePorts;
  const ask = (event: CloseEvent) => close(ports, event);
  const began = () => new Date(w.time).toISOString();
  /** As the ending workflow does it, right after a comparison that found nothing. */
  const end = (asked: Asked = ASKED, since = began()) => ask({ step: 'close', asked, compared: { by: 'end-1', since } });
  const pass = (seconds: number) => {
    w.time += seconds * 1000;
  };
  return { w, ports, ask, end, pass, began };
}

const kindsOf = async (w: ReplicatedWorld) => (await w.ledger.events()).map(({ kind }) => kind);

test('waits for samples under way and for the event sources; then nothing begins or is taken back', async () => {
  const { w, ask, end, pass } = await completed(ARRIVED, 2);
  pass(WINDOW);
  expect(await ask({ step: 'check', asked: ASKED })).toEqual({ closed: false, run: 'run-1', generation: 1, slices: 1 });
  expect(await end()).toEqual({ completed: true, closed: false, wait: 60 });
  pass(60);
  expect(await end()).toEqual({ completed: true, closed: false, wait: 10 });
  expect(await end()).toEqual({ completed: true, closed: true, wait: 0 });
  expect(await end()).toEqual({ completed: true, closed: true, wait: 0 });
  expect(await ask({ step: 'check', asked: ASKED })).toMatchObject({ closed: true });
  expect(await kindsOf(w)).toEqual(['completed', 'closed']);
  const rollback = { run: 'run-1', holder: 'rb-1', mode: 'soft' } as const;
  await expect(w.ledger.takeOver(undefined, rollback)).rejects.toMatchObject({ name: 'ChangeClosed' });
  await expect(w.ledger.acquire('run-2', 'e-2')).rejects.toMatchObject({ name: 'ChangeClosed' });
});

test('the ledger keeps who ended it and why, and a point in time of both tables, taken once', async () => {
  const { w, end, pass } = await completed();
  pass(WINDOW);
  const append = w.ledger.append.bind(w.ledger);
  w.ledger.append = () => Promise.reject(new Error('stopped'));
  await expect(end()).rejects.toThrow('stopped');
  w.ledger.append = append;
  await end();
  expect((await recorded(w.ledger, 'run-1', 'closed'))?.data).toEqual({
    ...ASKED,
    pointInTime: {
      at: new Date(w.time).toISOString(),
      backups: [
        { table: 'legacy', backup: 'arn:legacy:0' },
        { table: 'target', backup: 'arn:target:1' },
      ],
    },
    ...{ transform: 'split-1', reversible: false },
  });
});

test('a plan waits for the window, in steps that its history has room for', async () => {
  const { ask, pass } = await completed();
  expect(await ask({ step: 'await' })).toEqual({ completed: true, closed: false, wait: 60 });
  pass(WINDOW - 10);
  expect(await ask({ step: 'await' })).toEqual({ completed: true, closed: false, wait: 10 });
  pass(10);
  expect(await ask({ step: 'await' })).toEqual({ completed: true, closed: false, wait: 0 });
});

test('a plan of an older definition waits as ever, and is told to be started again', async () => {
  const { w, ask, pass } = await completed();
  expect(await ask({ window: 5 })).toMatchObject({ closed: false, wait: 60 });
  pass(WINDOW);
  await expect(ask({ window: 5 })).rejects.toThrow(/Start the plan again/);
  expect((await w.ledger.vacancy())?.closed).toBe(false);
});

test('a look tells what has completed, and changes nothing', async () => {
  const { w, ask, end, pass } = await completed();
  for (const look of [{ look: true }, { step: 'look' }] as const) {
    expect(await ask(look)).toEqual({ completed: true, closed: false, wait: 60 });
  }
  expect(await w.ledger.vacancy()).toEqual({ generation: 1, closed: false });
  pass(WINDOW);
  await end();
  expect(await ask({ step: 'look' })).toEqual({ completed: true, closed: true, wait: 0 });
});

describe('before the window is over', () => {
  test('it is refused, with the end of the window', async () => {
    const { w, ask, end, pass } = await completed();
    const ends = new Date(w.time + WINDOW * 1000).toISOString();
    pass(WINDOW - 1);
    for (const refused of [() => end(), () => ask({ step: 'check', asked: ASKED })]) {
      await expect(refused()).rejects.toMatchObject({ name: 'WindowOpen', message: expect.stringContaining(ends) });
    }
  });

  test('it is ended early by who says why, and the ledger says so', async () => {
    const { w, end } = await completed();
    expect(await end({ ...ASKED, early: true })).toMatchObject({ closed: false, wait: 60 });
    expect((await recorded(w.ledger, 'run-1', 'closed'))?.data).toMatchObject({ ...ASKED, early: true });
  });
});

test.each([
  [{ by: 'Ada' }, /reason must say why/],
  [{ reason: ' ', early: true }, /reason must say why/],
  [{ reason: 'x', early: 'yes' as never }, /early must be true, or absent/],
])('%p is refused', async (asked, why) => {
  const { end, pass } = await completed();
  pass(WINDOW);
  await expect(end(asked)).rejects.toMatchObject({ name: 'InvalidDecision' });
  await expect(end(asked)).rejects.toThrow(why);
});

describe('what stands in the way', () => {
  type Scene = Awaited<ReturnType<typeof completed>>;
  const HOUR = 3600;
  const cases: [string, (s: Scene) => Promise<unknown> | unknown, RegExp][] = [
    ['tables that were never compared', ({ ask }) => ask({ step: 'close', asked: ASKED }), /were not found equal/],
    [
      'a comparison that is a day old',
      ({ end, pass, began }) => {
        const since = began();
        pass(24 * HOUR + 1);
        return end(ASKED, since);
      },
      /were not found equal within the last 24 hours/,
    ],
    ['a comparison before the run had completed', ({ end }) => end(ASKED, new Date(0).toISOString()), /were not found equal/],
    [
      'a writer without the client since',
      (s) => countedSince(s, 'unadopted'),
      /Code without the client wrote to the legacy table, last at/,
    ],
    ['a difference since', (s) => countedSince(s, 'divergence'), /The tables were found to differ, last at/],
    ['a change that could not be carried since', (s) => countedSince(s, 'poison'), /could not be carried over, last at/],
    [
      'a full poison queue',
      ({ ports, began }) => {
        const compared = { by: 'e', since: began() };
        return close({ ...ports, poison: async () => 3 }, { step: 'close', asked: ASKED, compared });
      },
      /3 changes wait in the poison queue/,
    ],
    [
      'batches that were given up',
      ({ w, end }) => {
        w.givenUp = 2;
        return end();
      },
      /2 batches of the streams were given up/,
    ],
  ];

  async function countedSince({ w, end, began, pass }: Scene, name: 'unadopted' | 'divergence' | 'poison') {
    const since = began();
    pass(60);
    await w.ledger.count(name, 1);
    return end(ASKED, since);
  }

  test.each(cases)('%s', async (_, happen, why) => {
    const s = await completed();
    s.pass(WINDOW);
    const refused = await Promise.resolve(happen(s)).then(
      () => undefined,
      (error) => error,
    );
    expect(refused).toMatchObject({ name: 'EndingRefused', message: expect.stringMatching(why) });
    expect(refused.message).toContain('Nothing was changed');
    expect((await s.w.ledger.vacancy())?.closed).toBe(false);
  });

  test('all of it is told at once', async () => {
    const { w, ask, pass } = await completed();
    pass(WINDOW);
    await w.ledger.count('unadopted', 1);
    await w.ledger.count('divergence', 1);
    await expect(ask({ step: 'close', asked: ASKED })).rejects.toThrow(
      /1\. The tables .* 2\. Code .* 3\. The tables were found to differ/s,
    );
  });

  test('what was counted before the comparison is settled by it', async () => {
    const { w, end, pass } = await completed();
    await w.ledger.count('unadopted', 1);
    await w.ledger.count('divergence', 1);
    pass(WINDOW);
    expect(await end()).toMatchObject({ wait: 60 });
  });

  test('replication that is behind: it is asked again later', async () => {
    const { w, end, pass } = await completed();
    pass(WINDOW);
    w.running.clear();
    await expect(end()).rejects.toMatchObject({ name: 'ReplicationNotProved' });
    w.running.add('target');
    expect(await end()).toMatchObject({ closed: false, wait: 60 });
  });

  test('in one table there is nothing to compare; writers without the client keep it open for a day', async () => {
    const { w, ports, pass } = await completed();
    pass(WINDOW);
    const inPlace = { ...ports, plan: { ...ports.plan, kind: 'amend' as const } };
    await w.ledger.count('unadopted', 1);
    await expect(close(inPlace, { step: 'close', asked: ASKED })).rejects.toThrow(/Code without the client/);
    pass(24 * HOUR + 1);
    expect(await close(inPlace, { step: 'close', asked: ASKED })).toMatchObject({ wait: 60 });
  });
});

const LEGACY = [{ below: 10_000, position: 'legacy' as const }];
type Change = (w: ReplicatedWorld) => Promise<unknown>;

const TROUBLES: [string, Change, string][] = [
  ['a run is at work', (w) => w.ledger.acquire('run-2', 'e-2'), 'e-2 is at work'],
  ['keys were taken back', (w) => released(w, { ranges: LEGACY }), 'keys stand in legacy'],
  ['a release spreads', (w) => w.control.release(w.control.table, 'more', { id: 'slow' }), 'is in progress'],
  ['its run never completed', (w) => released(w, { run: 'run-9' }), 'of run run-9'],
];

function released(w: ReplicatedWorld, change: Partial<RoutingTable>): Promise<number> {
  return w.control.release({ ...w.control.table, ...change }, 'more', 'immediate');
}

test.each(TROUBLES)('%s: not closed, and says so', async (_, happen, why) => {
  const { w, ask, end } = await completed();
  await happen(w);
  expect(await ask({ step: 'look' })).toMatchObject({ completed: false });
  for (const refused of [() => end(), () => ask({ step: 'await' }), () => ask({ step: 'check', asked: ASKED })]) {
    await expect(refused()).rejects.toMatchObject({ name: 'NotCompleted', message: expect.stringContaining(why) });
  }
  expect((await w.ledger.vacancy())?.closed).not.toBe(true);
});

test('whoever takes the lease between the look and the close wins', async () => {
  const { w, end, pass } = await completed();
  pass(WINDOW);
  const counter = w.ledger.counter.bind(w.ledger);
  w.ledger.counter = async (name) => {
    w.ledger.counter = counter;
    await w.ledger.takeOver(undefined, { run: 'run-1', holder: 'rb-1', mode: 'soft' });
    return counter(name);
  };
  expect(await end()).toEqual({ completed: true, closed: false, wait: 10 });
  await expect(end()).rejects.toMatchObject({ name: 'NotCompleted' });
});

test('a heartbeat that was under way goes, and no other is sent', async () => {
  const { w, end, pass } = await completed();
  pass(WINDOW);
  w.running.clear();
  const deployed = await w.control.deployed();
  if (deployed) await heartbeat(w.ports, deployed, true, 'sample');
  expect(w.database.items('target')).toHaveLength(2);
  w.running.add('target');
  await end();
  pass(60);
  expect(await end()).toMatchObject({ closed: true });
  expect(w.database.items('target')).toHaveLength(0);
  const published: unknown[] = [];
  await sample({ ...w.ports, publish: async (metrics: unknown) => void published.push(metrics) } as never);
  expect(w.database.items('target')).toHaveLength(0);
  expect(published).toHaveLength(1);
});

test('the ledger says who had it ended, as proved to the first step; a proof that says nothing ends nothing', async () => {
  const { w, ports, ask, pass, began } = await completed();
  pass(WINDOW);
  const asked = { ...ASKED, proof: 'ada for complete' };
  await expect(ask({ step: 'check', asked: { ...asked, proof: 'ada for start' }, execution: 'e' })).rejects.toMatchObject({
    name: 'IdentityNotProved',
  });
  await ask({ step: 'check', asked, execution: 'end-1' });
  await expect(ask({ step: 'close', asked, execution: 'end-2' })).rejects.toThrow(
    'another execution came with this proof before',
  );
  ports.identities.trouble = new Error('It is stale by now.');
  expect((await w.ledger.vacancy())?.closed).not.toBe(true);
  await ask({ step: 'close', asked, execution: 'end-1', compared: { by: 'end-1', since: began() } });
  expect((await recorded(w.ledger, 'run-1', 'closed'))?.who).toBe(session('ada'));
});
