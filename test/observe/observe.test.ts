import type { Alarm } from '../../lambda/core/control';
import type { GateSpec } from '../../lambda/core/gate';
import { METRICS, ZEROS } from '../../lambda/core/names';
import type { Position } from '../../lambda/core/position';
import { BUCKETS, initialTable } from '../../lambda/core/routing-table';
import { evidence } from '../../lambda/evidence/evidence';
import { type ObservePorts, observationsOf, observe } from '../../lambda/observe/observe';
import { sample } from '../../lambda/sample/sample';
import { ReplicatedWorld } from '../prove/replicated-world';

class Bake extends ReplicatedWorld {
  alarms: Alarm[] = [{ name: 'lag', state: 'OK', actionsEnabled: true }];
  compared = { checked: 50, diverged: 0 };
  readonly published: Record<string, number>[] = [];
  failing = new Set<string>();
  seen = { successful: 0, all: 0 };
  gates: GateSpec[] = [];
  values: (queries: unknown, from: number, to: number) => Map<number, number> = () => new Map();
  probe: (name: string, event: Record<string, unknown>) => unknown = () => undefined;

  constructor(position: Position = 'shadow') {
    super({ ranges: [{ below: BUCKETS, position }], scout: position });
  }

  get measuring(): ObservePorts {
    const may = async <T>(what: string, value: T): Promise<T> => {
      if (this.failing.has(what)) throw new Error(`${what} is down`);
      return value;
    };
    return {
      ...this.ports,
      alarms: { describe: () => may('alarms', this.alarms) },
      triggers: ['lag'],
      publish: async (metrics) => {
        this.published.push(await may('metrics', metrics as Record<string, number>));
      },
      compare: () => may('compare', this.compared),
      metrics: { values: (queries, from, to) => may('gates', this.values(queries, from, to)) },
      probe: async (name, given) => may('probe', this.probe(name, given)),
    };
  }

  async observe(ticks = 3) {
    const result = await observe(this.measuring, {
      run: 'run-1',
      generation: 1,
      stage: 0,
      ticks,
      seen: this.seen,
      gates: this.gates,
    });
    this.seen = result.seen;
    return result;
  }
}

async function bake(position?: Position) {
  const b = new Bake(position);
  await b.ledger.acquire('run-1', 'execution-1');
  return b;
}

test('a good observation is successful, and everything is published, zeros too', async () => {
  const b = await bake();
  expect(await b.observe()).toEqual({
    done: false,
    seen: { successful: 1, all: 1 },
    verdict: 'successful',
    reasons: [],
    lag: 0.25,
    divergence: 0,
    gates: [],
  });
  expect(b.published).toEqual([
    {
      [METRICS.divergence]: 0,
      [METRICS.replicationLag]: 0.25,
      [METRICS.unadoptedWrites]: 0,
      [METRICS.poisonRecords]: 0,
      [METRICS.replicationErrors]: 0,
    },
  ]);
});

test('divergence counts, is published, fails the stage, and is told once in the ledger', async () => {
  const b = await bake();
  b.compared = { checked: 50, diverged: 3 };
  await expect(b.observe()).rejects.toMatchObject({ name: 'Diverged', message: expect.stringContaining('3 of 50') });
  await expect(b.observe()).rejects.toMatchObject({ name: 'Diverged' });
  expect(b.published[0]).toMatchObject({ [METRICS.divergence]: 3 });
  expect((await b.ledger.counter('divergence')).count).toBe(6);
  expect((await b.ledger.events()).map(({ kind }) => kind)).toEqual(['stage-failed']);
});

test('differences while replication is far behind are a doubt, not a divergence', async () => {
  const b = await bake();
  b.running.clear();
  await b.observe();
  await b.pass(60_000);
  b.compared = { checked: 50, diverged: 3 };
  const { verdict, reasons } = await b.observe();
  expect(verdict).toBe('inconclusive');
  expect(reasons.join()).toContain('3 groups differ, but replication is 65 seconds behind');
  expect((await b.ledger.counter('divergence')).count).toBe(0);
  expect(b.published.at(-1)).toMatchObject({ [METRICS.divergence]: 0 });
});

test('an alarm fails the stage under its own name', async () => {
  const b = await bake();
  b.alarms = [{ name: 'lag', state: 'ALARM', actionsEnabled: true, reason: 'over 60 s' }];
  await expect(b.observe()).rejects.toMatchObject({ name: 'AlarmRaised', message: expect.stringContaining('over 60 s') });
});

test('what cannot be measured is inconclusive, five times in a row an error', async () => {
  const b = await bake();
  b.failing.add('compare').add('alarms').add('metrics');
  const first = await b.observe();
  expect(first.verdict).toBe('inconclusive');
  expect(first.reasons.join()).toMatch(/Divergence could not be measured.*Metrics.*Alarms/);
  for (const _ of [2, 3, 4]) await b.observe();
  await expect(b.observe()).rejects.toMatchObject({ name: 'NotMeasured' });
});

test('counters count from the beginning of the stage', async () => {
  const b = await bake();
  await b.ledger.saveNote('marks', {
    run: 'run-1',
    marks: { begin: { divergence: 0, unadopted: 0, poison: 0 }, 0: { divergence: 0, unadopted: 0, poison: 2 } },
  });
  await b.ledger.count('poison', 2);
  expect((await b.observe()).verdict).toBe('successful');
  await b.ledger.count('poison', 1);
  await expect(b.observe()).rejects.toMatchObject({ message: expect.stringContaining('1 changes went to the poison queue') });
});

describe('gates', () => {
  const common = { observeOnly: false, inconclusiveBudget: 1, errorBudget: 1 };
  const probe: GateSpec = { kind: 'probe', id: 'orders', functionName: 'check', ...common };

  test('a gate that fails ends the stage under its own name, with its evidence', async () => {
    const b = await bake();
    b.gates = [probe];
    b.probe = (name, event) => ({ verdict: 'failed', reason: `${name} says no.`, evidence: event });
    await expect(b.observe()).rejects.toMatchObject({
      name: 'GateFailed',
      message: expect.stringContaining('Gate orders: check says no.'),
    });
    const [event] = await b.ledger.events();
    expect(event).toMatchObject({ kind: 'stage-failed', data: { gates: [{ id: 'orders', verdict: 'failed', evaluations: 1 }] } });
    expect(JSON.stringify(event)).toContain('run-1');
  });

  test('an observation with an inconclusive gate does not count, and too many of them end the stage', async () => {
    const b = await bake();
    b.gates = [probe];
    expect(await b.observe()).toMatchObject({ verdict: 'inconclusive', seen: { successful: 0, all: 1 } });
    await expect(b.observe()).rejects.toMatchObject({ name: 'NotMeasured', message: expect.stringContaining('gave no verdict') });
  });

  test('a gate that only observes ends nothing, and its evidence is kept', async () => {
    const b = await bake();
    b.gates = [{ ...probe, observeOnly: true }];
    b.probe = () => ({ verdict: 'failed', reason: 'It would have failed.' });
    const result = await b.observe(1);
    expect(result).toMatchObject({ done: true, verdict: 'successful' });
    expect(result.gates).toMatchObject([{ id: 'orders', observeOnly: true, verdict: 'failed', reason: 'It would have failed.' }]);
  });

  test('divergence is told before a gate that cannot be measured', async () => {
    const b = await bake();
    b.gates = [probe];
    b.compared = { checked: 50, diverged: 3 };
    await expect(b.observe()).rejects.toMatchObject({ name: 'Diverged' });
  });
});

test('the evidence of a stage is what was observed, once', async () => {
  const b = await bake();
  await b.observe();
  await b.observe();
  const event = { run: 'run-1', generation: 1, stage: 0, result: { verdict: 'successful' } };
  await evidence(b.ledger, event);
  await evidence(b.ledger, event);
  const events = await b.ledger.events();
  expect(events.map(({ kind }) => kind)).toEqual(['stage-passed']);
  expect(events[0]?.data).toMatchObject({
    stage: 0,
    observed: { observations: 2, checked: 100, longestLag: 0.25, verdict: 'successful' },
  });
});

test('observations of another run do not count', async () => {
  const b = await bake();
  await b.observe();
  expect((await observationsOf(b, 'run-2', 0)).observations).toBe(0);
});

test('an observation without the lease measures nothing', async () => {
  const b = await bake();
  await b.ledger.takeOver(await b.ledger.lease(), { run: 'run-1', holder: 'execution-2', mode: 'soft' });
  await expect(b.observe()).rejects.toMatchObject({ name: 'LeaseLost' });
  expect(b.published).toEqual([]);
});

describe('sample', () => {
  test('without a run and with all keys in legacy it writes nothing and publishes zeros', async () => {
    const b = new Bake('legacy');
    expect(await sample({ ...b.measuring, reverseWindow: 1000 })).toEqual({ checked: 0, diverged: 0, unknown: [] });
    expect(b.database.changes).toEqual([]);
    expect(Object.values(b.published[0] ?? {}).every((value) => value === 0)).toBe(true);
    expect(Object.keys(b.published[0] ?? {})).toHaveLength(Object.keys(ZEROS).length);
  });

  test('goes on after the run, while keys are on their way or in the target', async () => {
    const b = new Bake('target');
    expect(await sample({ ...b.measuring, reverseWindow: 1000 })).toEqual({ checked: 50, diverged: 0, lag: 0.25, unknown: [] });
  });

  test('compares nothing while the target is still being filled', async () => {
    const b = await bake('legacy');
    b.compared = { checked: 50, diverged: 50 };
    expect(await sample({ ...b.measuring, reverseWindow: 1000 })).toEqual({ checked: 0, diverged: 0, lag: 0.25, unknown: [] });
  });

  test('sends no heartbeat until everybody has the table', async () => {
    const b = await bake('shadow');
    await b.control.release(
      { ...initialTable('run-1', 30, 5), ranges: [{ below: BUCKETS, position: 'shadow' }] },
      'x',
      'immediate',
    );
    expect(await sample({ ...b.measuring, reverseWindow: 1000 })).toEqual({ checked: 50, diverged: 0, unknown: [] });
    expect(b.published[0]).not.toHaveProperty(METRICS.replicationLag);
  });

  test('leaves no heartbeat behind when the run is over', async () => {
    const b = await bake('legacy');
    b.running.clear();
    await sample({ ...b.measuring, reverseWindow: 1000 });
    expect(b.database.items('legacy').length).toBe(1);
    await b.ledger.release(1);
    await sample({ ...b.measuring, reverseWindow: 1000 });
    expect(b.database.items('legacy').length).toBe(0);
  });
});

test('a bake is done after enough good observations; inconclusive ones do not count', async () => {
  const b = await bake();
  await b.observe(2);
  b.failing.add('alarms');
  expect(await b.observe(2)).toMatchObject({ done: false, seen: { successful: 1, all: 2 }, verdict: 'inconclusive' });
  b.failing.clear();
  expect(await b.observe(2)).toMatchObject({ done: true, seen: { successful: 2, all: 3 } });
});

test('a bake that can be measured only now and then is given up', async () => {
  const b = await bake();
  b.failing.add('alarms');
  b.seen = { successful: 1, all: 7 };
  await expect(b.observe(2)).rejects.toMatchObject({
    name: 'NotMeasured',
    message: expect.stringContaining('Only 1 of 8 observations could be measured, and 2 were asked for.'),
  });
});
