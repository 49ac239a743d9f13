import { type HookResult, type HookSpec, hookEvent, judgeHook, objectionOf } from '../../lambda/core/hook';
import type { Plan, StageSpec } from '../../lambda/core/plan';

const stage = (name: string, percent: number, goal: StageSpec['goal']): StageSpec => {
  return { name, cohort: { kind: 'percent', percent }, goal, sample: 1, bake: 60, strategy: 's' };
};
const plan: Plan = {
  stages: [stage('shadow', 100, 'shadow'), stage('5 percent', 5, 'dual-target'), stage('full', 100, 'target')],
  ...{ lease: 60, poll: 15, inFlight: 20 },
};
const refusing: HookSpec = { name: 'freeze', functionName: 'fn', timeout: 30, onFailure: 'refuse' };
const proceeding: HookSpec = { ...refusing, onFailure: 'proceed' };
const at = { before: 'stage', stage: 1, hook: 'freeze' };

describe('what a hook is told', () => {
  test('of a stage: its name and index, whose keys move, and from where to where', () => {
    expect(hookEvent('orders', 'run-1', 'freeze', plan, { stage: 1 })).toEqual({
      ...{ format: 1, migration: 'orders', run: 'run-1', hook: 'freeze', before: 'stage', stage: '5 percent', index: 1 },
      ...{ from: 'shadow', to: 'dual-target', cohort: { kind: 'percent', percent: 5 } },
    });
    expect(hookEvent('orders', 'run-1', 'freeze', plan, { stage: 2 })).toMatchObject({ from: 'shadow', to: 'target' });
  });

  test('of the completion', () => {
    expect(hookEvent('orders', 'run-1', 'freeze', plan, {})).toEqual({
      ...{ format: 1, migration: 'orders', run: 'run-1', hook: 'freeze', before: 'completion' },
    });
  });
});

describe('what an answer comes to', () => {
  test.each([
    ['an allowance', { allow: true }, 'hook-allowed', at],
    ['one with a reason, and more', { allow: true, reason: 'quiet', ticket: 7 }, 'hook-allowed', { ...at, reason: 'quiet' }],
    ['a refusal', { allow: false, reason: 'sale' }, 'hook-refused', { ...at, reason: 'sale' }],
    ['one without a reason', { allow: false }, 'hook-refused', at],
  ])('%s is written down, whatever a failure would mean', (_, answer, kind, data) => {
    for (const hook of [refusing, proceeding]) expect(judgeHook(hook, { stage: 1 }, { answer }, false)).toEqual({ kind, data });
  });

  const NO_ANSWERS: [string, HookResult][] = [
    ['nothing', { answer: undefined }],
    ['null', { answer: null }],
    ['true', { answer: true }],
    ['a text', { answer: 'allow' }],
    ['no allow', { answer: {} }],
    ['allow as a text', { answer: { allow: 'true' } }],
    ['allow as a number', { answer: { allow: 1 } }],
    ['a reason that is no text', { answer: { allow: true, reason: { why: 'x' } } }],
    ['a response for API Gateway', { answer: { statusCode: 200, body: '{"allow":true}' } }],
    ['a list', { answer: [{ allow: true }] }],
    ['an error', { failure: 'Error: no database' }],
  ];

  test.each(NO_ANSWERS)('%s is a failure and never an allowance', (_, result) => {
    expect(judgeHook(refusing, { stage: 1 }, result, false)).toBeUndefined();
    const failed = judgeHook(refusing, { stage: 1 }, result, true);
    expect(failed).toMatchObject({ kind: 'hook-failed', data: { ...at, onFailure: 'refuse' } });
    expect(objectionOf(failed as never)).toMatch(/^it gave no answer, which refuses: /);
  });

  test('a failure that does not matter is said so, and lets the step be made', () => {
    const failed = judgeHook(proceeding, {}, { failure: 'Error: no database' }, true);
    expect(failed).toEqual({
      kind: 'hook-failed',
      data: { before: 'completion', stage: undefined, hook: 'freeze', error: 'Error: no database', onFailure: 'proceed' },
    });
    expect(objectionOf(failed as never)).toBeUndefined();
  });

  test('a long reason or error is cut', () => {
    const long = 'x'.repeat(1000);
    expect(judgeHook(refusing, {}, { answer: { allow: false, reason: long } }, false)?.data.reason).toHaveLength(500);
    expect(judgeHook(refusing, {}, { failure: long }, true)?.data.error).toHaveLength(500);
  });
});
