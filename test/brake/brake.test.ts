import { brake } from '../../lambda/brake/brake';
import { brakeSettings } from '../../lambda/brake/demand';
import type { Alarm } from '../../lambda/core/control';
import { MemoryLedger } from '../memory/memory-ledger';
import { MemoryExecutions } from '../takeover/memory-executions';

const STATE_MACHINE = 'arn:aws:states:eu-west-1:1:stateMachine:rollback';
const arn = (name: string) => `arn:aws:states:eu-west-1:1:execution:rollback:${name}`;

function alarm(AlarmName: string, NewStateValue = 'ALARM', StateChangeTime = '1970-01-01T00:01:00.000+0000') {
  const message = { AlarmName, NewStateValue, NewStateReason: 'over 0', StateChangeTime };
  return { Records: [{ Sns: { Message: JSON.stringify(message) } }] };
}

async function world(running = true) {
  const at = { time: 0 };
  const ledger = new MemoryLedger(() => at.time);
  if (running) await ledger.acquire('run-1', 'rollout');
  const executions = new MemoryExecutions();
  executions.alive.set('rollout', '');
  const standing: Alarm[] = [];
  const published: object[] = [];
  const ports = {
    ledger,
    executions,
    alarms: { describe: async (names: readonly string[]) => standing.filter(({ name }) => names.includes(name)) },
    publish: async (metrics: object) => {
      published.push(metrics);
    },
    stateMachine: STATE_MACHINE,
    modes: { wrong: 'fenced' as const, quiet: 'pause' as const },
    clock: { now: () => 0, sleep: async () => {} },
  };
  return { at, ledger, executions, standing, published, brake: (event: Parameters<typeof brake>[1]) => brake(ports, event) };
}

test('an alarm starts the rollback in its mode, soft where none is named', async () => {
  const w = await world();
  expect(await w.brake(alarm('lag'))).toEqual({ started: ['rb-run-1-1-soft'], paused: [], ignored: [] });
  expect(w.executions.alive.get(arn('rb-run-1-1-soft'))).toBe('{"run":"run-1","mode":"soft","reason":"Alarm lag: over 0"}');
  expect((await w.brake(alarm('wrong'))).started).toEqual(['rb-run-1-1-fenced']);
});

test('the reason says why the alarm matters, heard or looked for', async () => {
  const why = 'Changes reach the other table too late.';
  const heard = await world();
  const told = { AlarmName: 'lag', NewStateValue: 'ALARM', NewStateReason: 'over 60', AlarmDescription: why };
  await heard.brake({ Records: [{ Sns: { Message: JSON.stringify(told) } }] });
  expect(heard.executions.alive.get(arn('rb-run-1-1-soft'))).toContain(`Alarm lag: over 60 ${why}`);
  const seen = await world();
  seen.standing.push({ name: 'wrong', state: 'ALARM', actionsEnabled: true, reason: 'over 0', description: why });
  await seen.brake({ look: true });
  expect(seen.executions.alive.get(arn('rb-run-1-1-fenced'))).toContain(`Alarm wrong: over 0 ${why}`);
});

test('two alarms, or one delivered twice, start one rollback', async () => {
  const w = await world();
  await w.brake(alarm('lag'));
  await w.brake(alarm('lag'));
  expect((await w.brake(alarm('divergence'))).started).toEqual(['rb-run-1-1-soft']);
  expect(w.executions.alive.size).toBe(2);
});

test('OK is ignored, and so is an alarm without a run', async () => {
  expect(await (await world()).brake(alarm('lag', 'OK'))).toEqual({ started: [], paused: [], ignored: [] });
  expect((await (await world(false)).brake(alarm('lag'))).ignored).toEqual(['Alarm lag: over 0: no run has the lease.']);
});

test('a rollback at work is left alone unless the alarm asks for a harder one', async () => {
  const w = await world();
  await w.brake(alarm('lag'));
  await w.ledger.takeOver(await w.ledger.lease(), { run: 'run-1', holder: arn('rb-run-1-1-soft'), mode: 'soft' });
  expect((await w.brake(alarm('divergence'))).ignored).toHaveLength(1);
  expect((await w.brake(alarm('wrong'))).started).toEqual(['rb-run-1-2-fenced']);
});

test('a rollback that died is started again', async () => {
  const w = await world();
  await w.brake(alarm('lag'));
  w.executions.alive.clear();
  expect((await w.brake(alarm('lag'))).started).toEqual(['rb-run-1-1-soft-19700101000000000']);
});

test('an operator gives mode and reason, with a run and without', async () => {
  expect((await (await world()).brake({ mode: 'immediate', reason: 'target is down' })).started).toEqual([
    'rb-run-1-1-immediate',
  ]);
  const idle = await world(false);
  expect((await idle.brake({ mode: 'soft', reason: 'after all' })).started).toEqual(['rb-operator-19700101000000000-soft']);
  await expect(idle.brake({ mode: 'hard' as never, reason: '' })).rejects.toMatchObject({ name: 'InvalidConfiguration' });
});

test('names of executions are at most 80 characters', async () => {
  const w = await world(false);
  await w.ledger.acquire('r'.repeat(80), 'rollout');
  await w.brake({ mode: 'immediate', reason: 'x' });
  w.executions.alive.clear();
  const { started } = await w.brake({ mode: 'immediate', reason: 'x' });
  expect(started[0]?.length).toBeLessThanOrEqual(80);
});

test('what is no alarm is named', async () => {
  const w = await world();
  for (const Message of ['no json', '{"a":1}']) {
    await expect(w.brake({ Records: [{ Sns: { Message } }] })).rejects.toMatchObject({ name: 'InvalidConfiguration' });
  }
});

test('settings', () => {
  expect(brakeSettings({ ROLLBACK_STATE_MACHINE_ARN: 'a', TRIGGER_MODES: 'fenced,soft' }, ['x', 'y'], ['z'])).toEqual({
    stateMachine: 'a',
    modes: { x: 'fenced', y: 'soft', z: 'pause' },
  });
  expect(() => brakeSettings({}, [], [])).toThrow(expect.objectContaining({ name: 'InvalidConfiguration' }));
});

describe('a look', () => {
  const ALARM: Alarm = { name: 'wrong', state: 'ALARM', actionsEnabled: true, reason: 'over 0' };

  it('acts first, and is written down then', async () => {
    const w = await world();
    w.standing.push(ALARM);
    w.ledger.saveNote = () => Promise.reject(new Error('no capacity'));
    await expect(w.brake({ look: true })).rejects.toThrow('no capacity');
    expect(w.executions.alive.has(arn('rb-run-1-1-fenced'))).toBe(true);
  });

  it('is written down once everything could be looked at, and only then', async () => {
    const w = await world();
    w.standing.push({ ...ALARM, state: 'OK' }, { ...ALARM, name: 'quiet', state: 'OK' });
    await w.brake({ look: true });
    expect(await w.ledger.note('brake')).toEqual({ at: 0, blind: [] });
    w.standing[0] = { ...ALARM, state: 'OK', actionsEnabled: false };
    await w.brake({ look: true });
    expect(await w.ledger.note('brake')).toEqual({ at: 0, blind: ['wrong'] });
    const blind = await world();
    blind.standing.filter = () => {
      throw new Error('no access to alarms');
    };
    await expect(blind.brake({ look: true })).rejects.toThrow('no access to alarms');
    expect(await blind.ledger.note('brake')).toBeUndefined();
    const idle = await world(false);
    await idle.brake({ look: true });
    expect(await idle.ledger.note('brake')).toBeUndefined();
  });

  test('finds nothing to do while the rollout runs and all alarms are OK', async () => {
    const w = await world();
    w.standing.push({ ...ALARM, state: 'OK' }, { ...ALARM, name: 'of somebody else' });
    expect(await w.brake({ look: true })).toEqual({ started: [], paused: [], ignored: [] });
    expect(await (await world(false)).brake({ look: true })).toEqual({ started: [], paused: [], ignored: [] });
  });

  test('takes back for an alarm that stands, whose message was lost', async () => {
    const w = await world();
    w.standing.push(ALARM);
    expect(await w.brake({ look: true })).toEqual({ started: ['rb-run-1-1-fenced'], paused: [], ignored: [] });
  });

  test('does not act on an alarm whose actions somebody has disabled', async () => {
    const w = await world();
    w.standing.push({ ...ALARM, actionsEnabled: false });
    expect(await w.brake({ look: true })).toEqual({ started: [], paused: [], ignored: [] });
  });

  test('takes a rollout back that ended without giving the lease up', async () => {
    const w = await world();
    w.executions.alive.clear();
    expect(await w.brake({ look: true })).toEqual({ started: ['rb-run-1-1-soft'], paused: [], ignored: [] });
    expect(w.executions.alive.get(arn('rb-run-1-1-soft'))).toContain('rollout ended without giving the lease up');
  });

  test('leaves a rollback alone, and says when it is dead: that is for a person', async () => {
    const w = await world();
    w.standing.push(ALARM);
    w.executions.alive.set('rb', '');
    await w.ledger.takeOver(await w.ledger.lease(), { run: 'run-1', holder: 'rb', mode: 'soft' });
    expect(await w.brake({ look: true })).toEqual({ started: [], paused: [], ignored: [] });
    w.executions.alive.clear();
    expect(await w.brake({ look: true })).toEqual({ started: [], paused: [], ignored: [] });
    expect(w.published).toEqual([{ RollbackStuck: 0 }, { RollbackStuck: 1 }]);
  });
});

describe('an alarm that only pauses', () => {
  const MINUTE = 60_000;
  const QUIET: Alarm = { name: 'quiet', state: 'ALARM', actionsEnabled: true, reason: 'below 1', since: MINUTE };
  const pausesOf = async ({ ledger }: { ledger: MemoryLedger }) =>
    (await ledger.events()).filter(({ kind }) => kind === 'paused').map(({ at, data }) => [at, data]);

  async function raised() {
    const w = await world();
    w.at.time = MINUTE + 500;
    return w;
  }

  it('pauses the rollout, says which it was and why, and starts nothing', async () => {
    const w = await raised();
    expect(await w.brake(alarm('quiet'))).toEqual({ started: [], paused: ['quiet'], ignored: [] });
    expect(await pausesOf(w)).toEqual([
      ['1970-01-01T00:01:00.500Z', { generation: 1, reason: 'Alarm quiet: over 0', alarm: 'quiet' }],
    ]);
    expect(w.executions.alive.size).toBe(1);
  });

  it('does so once, delivered twice and looked at every minute, also after somebody has resumed the run', async () => {
    const w = await raised();
    w.standing.push(QUIET);
    await w.brake(alarm('quiet'));
    const again = { started: [], paused: [], ignored: [expect.stringContaining('it has paused run run-1 already.')] };
    expect(await w.brake(alarm('quiet'))).toEqual(again);
    w.at.time += MINUTE;
    expect(await w.brake({ look: true })).toEqual(again);
    await w.ledger.append('run-1', 'resumed', { generation: 1, reason: 'looked', until: 1 });
    expect(await w.brake({ look: true })).toEqual(again);
    expect(await pausesOf(w)).toHaveLength(1);
  });

  it('does so again when it has gone off anew', async () => {
    const w = await raised();
    await w.brake(alarm('quiet'));
    await w.ledger.append('run-1', 'resumed', { generation: 1, reason: 'looked', until: 1 });
    w.at.time = 10 * MINUTE;
    w.standing.push({ ...QUIET, since: 9 * MINUTE });
    expect((await w.brake({ look: true })).paused).toEqual(['quiet']);
    expect((await w.brake(alarm('quiet', 'ALARM', '1970-01-01T00:09:00.000+0000'))).paused).toEqual([]);
  });

  it('is looked for, too, where nobody heard it', async () => {
    const w = await raised();
    w.standing.push(QUIET);
    expect((await w.brake({ look: true })).paused).toEqual(['quiet']);
  });

  it('does nothing to a rollback, and nothing where nothing runs', async () => {
    const w = await raised();
    await w.ledger.takeOver(await w.ledger.lease(), { run: 'run-1', holder: 'rb', mode: 'soft' });
    for (const { brake } of [w, await world(false)]) {
      expect(await brake(alarm('quiet'))).toEqual({
        started: [],
        paused: [],
        ignored: [expect.stringContaining('no rollout has')],
      });
    }
    expect(await pausesOf(w)).toEqual([]);
  });

  it('comes after one that takes back, and a later, harder one still does', async () => {
    const w = await raised();
    w.standing.push(QUIET, { ...QUIET, name: 'wrong' });
    w.ledger.append = () => Promise.reject(new Error('no capacity'));
    await expect(w.brake({ look: true })).rejects.toThrow('no capacity');
    expect(w.executions.alive.has(arn('rb-run-1-1-fenced'))).toBe(true);
  });
});
