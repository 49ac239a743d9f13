import type { HookSpec } from '../../lambda/core/hook';
import type { Plan } from '../../lambda/core/plan';
import { type HookInput, hook } from '../../lambda/hook/hook';
import { MemoryLedger } from '../memory/memory-ledger';

const plan: Plan = {
  stages: [{ name: 'full', cohort: { kind: 'all' }, goal: 'target', sample: 1, bake: 60, strategy: 's' }],
  ...{ lease: 60, poll: 15, inFlight: 20 },
};
const freeze: HookSpec = { name: 'freeze', functionName: 'freeze-fn', timeout: 5, onFailure: 'refuse' };
const notice: HookSpec = { name: 'notice', functionName: 'notice-fn', timeout: 60, onFailure: 'proceed' };
const fails = () => Promise.reject(Object.assign(new Error('no network'), { name: 'TimeoutError' }));
const BOTH = { hooks: [freeze, notice] };

/** A run before a step with hooks. `answers`: what each function says, by name. */
async function scene(answers: Record<string, () => Promise<unknown>>) {
  const ledger = new MemoryLedger(() => 0);
  const { generation } = await ledger.acquire('run-1', 'e-1');
  const asked: [string, unknown, number | undefined][] = [];
  const probe = (name: string, event: unknown, seconds?: number) => {
    asked.push([name, event, seconds]);
    return (answers[name] as () => Promise<unknown>)();
  };
  const ports = { ledger, probe, plan, migration: 'orders' };
  const step = (more: Partial<HookInput> = {}) =>
    hook(ports, { run: 'run-1', generation, stage: 0, hooks: [freeze], attempt: 0, retries: 6, ...more });
  /** As the workflow does: again after what passes, until there are no more tries. */
  const workflow = async (more: Partial<HookInput> = {}) => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await step({ attempt, ...more });
      } catch (error) {
        if ((error as Error).name !== 'HookFailed' || attempt === 6) throw error;
      }
    }
  };
  const told = async () => (await ledger.events()).map(({ kind, data }) => [kind, data.hook]);
  return { ledger, generation, asked, answers, step, workflow, told };
}

test('hooks are asked one after the other, each within its time, and a step is made that all allow', async () => {
  const { workflow, asked, told } = await scene({
    'freeze-fn': async () => ({ allow: true, reason: 'quiet' }),
    'notice-fn': async () => ({ allow: true }),
  });
  expect(await workflow(BOTH)).toEqual({});
  expect(asked.map(([name, , seconds]) => [name, seconds])).toEqual([
    ['freeze-fn', 5],
    ['notice-fn', 60],
  ]);
  expect(asked[0]?.[1]).toMatchObject({
    format: 1,
    migration: 'orders',
    run: 'run-1',
    stage: 'full',
    from: 'legacy',
    to: 'target',
  });
  expect(await told()).toEqual([
    ['hook-allowed', 'freeze'],
    ['hook-allowed', 'notice'],
  ]);
});

test('one that refuses ends the stage with its reason, which a second try says without asking again', async () => {
  const { workflow, asked, answers, told } = await scene({
    'freeze-fn': async () => ({ allow: false, reason: 'the sale is on' }),
  });
  const failure = { name: 'GateFailed', message: 'Hook freeze before stage full: it refuses: the sale is on' };
  await expect(workflow(BOTH)).rejects.toMatchObject(failure);
  answers['freeze-fn'] = async () => ({ allow: true });
  await expect(workflow(BOTH)).rejects.toMatchObject(failure);
  expect(asked).toHaveLength(1);
  expect(await told()).toEqual([['hook-refused', 'freeze']]);
});

test('one that fails is asked again, and may still allow', async () => {
  const { workflow, asked, answers, told } = await scene({ 'freeze-fn': fails });
  answers['freeze-fn'] = () => (asked.length < 3 ? fails() : Promise.resolve({ allow: true }));
  expect(await workflow()).toEqual({});
  expect([asked.length, await told()]).toEqual([3, [['hook-allowed', 'freeze']]]);
});

test('one that never answers refuses', async () => {
  const { workflow, asked, told } = await scene({ 'freeze-fn': fails });
  await expect(workflow()).rejects.toMatchObject({
    name: 'GateFailed',
    message: 'Hook freeze before stage full: it gave no answer, which refuses: TimeoutError: no network',
  });
  expect([asked.length, await told()]).toEqual([7, [['hook-failed', 'freeze']]]);
});

test('one that never answers lets the step be made where that was declared, and the ledger says so', async () => {
  const { ledger, workflow } = await scene({ 'freeze-fn': async () => ({ allow: true }), 'notice-fn': async () => 'yes' });
  expect(await workflow({ ...BOTH, stage: undefined })).toEqual({});
  expect((await ledger.events()).map(({ data }) => data)).toEqual([
    { before: 'completion', hook: 'freeze' },
    { before: 'completion', hook: 'notice', error: expect.stringContaining('It answered "yes"'), onFailure: 'proceed' },
  ]);
});

test('a task that stopped after it wrote goes on with the next hook', async () => {
  const { step, asked, answers } = await scene({ 'freeze-fn': async () => ({ allow: true }), 'notice-fn': fails });
  await expect(step(BOTH)).rejects.toMatchObject({ name: 'HookFailed', message: expect.stringContaining('no network') });
  answers['notice-fn'] = async () => ({ allow: true });
  await step(BOTH);
  expect(asked.map(([name]) => name)).toEqual(['freeze-fn', 'notice-fn', 'notice-fn']);
});

test('of two tries beside each other the first word counts for both', async () => {
  let answer: (value: unknown) => void = () => {};
  const { step, answers } = await scene({
    'freeze-fn': () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  });
  const slow = step();
  await new Promise((resolve) => setImmediate(resolve));
  answers['freeze-fn'] = async () => ({ allow: false, reason: 'sale' });
  await expect(step()).rejects.toMatchObject({ name: 'GateFailed' });
  answer({ allow: true });
  await expect(slow).rejects.toMatchObject({ name: 'GateFailed', message: expect.stringContaining('sale') });
});

test('each stage and each run asks anew', async () => {
  const { ledger, step, asked } = await scene({ 'freeze-fn': async () => ({ allow: true }) });
  await step();
  await step({ stage: undefined });
  await ledger.release(1);
  const { generation } = await ledger.acquire('run-2', 'e-2');
  await step({ run: 'run-2', generation });
  expect(asked).toHaveLength(3);
});

test('whoever lost the lease asks nothing', async () => {
  const { generation, step, asked } = await scene({});
  await expect(step({ generation: generation + 1 })).rejects.toMatchObject({ name: 'LeaseLost' });
  expect(asked).toEqual([]);
});

test('what was answered while a rollback took the lease is not written down', async () => {
  const { ledger, step, answers, told } = await scene({});
  answers['freeze-fn'] = async () => {
    await ledger.takeOver(await ledger.lease(), { run: 'run-1', holder: 'rb-1', mode: 'soft' });
    return { allow: true };
  };
  await expect(step()).rejects.toMatchObject({ name: 'LeaseLost' });
  expect(await told()).toEqual([]);
});
