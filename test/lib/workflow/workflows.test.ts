import { Duration } from 'aws-cdk-lib';
import { ERROR_NAMES } from '../../../lambda/core/errors';
import { Deployment, Stage } from '../../../lib';
import { LASTING, PASSING } from '../../../lib/workflow/retries';
import { templateOf } from '../fixture';
import { definitionsOf, type State, statesOf } from './definitions';

const definitions = definitionsOf(templateOf());

describe('contract', () => {
  it.each(['rollout', 'rollback', 'shift', 'bake'] as const)('the states of %s keep their names', (name) => {
    expect(
      statesOf(definitions[name])
        .map(([state]) => state)
        .sort(),
    ).toMatchSnapshot();
  });

  it('knows of every error whether it lasts', () => {
    expect([...LASTING, ...PASSING].sort()).toEqual([...ERROR_NAMES].sort());
  });
});

describe('retries', () => {
  const tasks = Object.values(definitions)
    .flatMap(statesOf)
    .filter(([, { Type }]) => Type === 'Task');

  it('are there for every task', () => {
    expect(tasks.filter(([, { Retry }]) => !Retry?.length)).toEqual([]);
  });

  it('never repeat what lasts', () => {
    const functions = tasks.filter(([, { Resource }]) => Resource === '?');
    for (const [name, { Retry = [] }] of functions) {
      expect([name, Retry[0]]).toEqual([name, { ErrorEquals: LASTING, MaxAttempts: 0 }]);
    }
  });
});

describe('rollout', () => {
  const { rollout } = definitions;

  it('takes traffic back after any failure behind the lease', () => {
    const before = ['Begin', 'Take traffic back'];
    const unsafe = Object.entries(rollout.States).filter(
      ([name, { Type, Catch }]) => ['Task', 'Map'].includes(Type) && !before.includes(name) && Catch?.[0]?.Next !== 'Taken over?',
    );
    expect(unsafe).toEqual([]);
    expect(rollout.States.Begin?.Catch).toBeUndefined();
  });

  it('starts no rollback when it was taken over', () => {
    expect(rollout.States['Taken over?']?.Choices).toEqual([expect.objectContaining({ Next: 'Failed', Or: expect.anything() })]);
  });

  it('goes through the phases in order', () => {
    const order: string[] = [];
    for (let name: string | undefined = rollout.StartAt; name && !order.includes(name); ) {
      order.push(name);
      const state: State | undefined = rollout.States[name];
      const choices = (state?.Choices ?? []) as { Next: string }[];
      name = (state?.Next as string | undefined) ?? choices[0]?.Next;
    }
    expect(order).toMatchSnapshot();
  });

  it('keeps answers of slices out of the state', () => {
    for (const name of ['Backfill', 'Reconcile']) {
      expect(rollout.States[name]).toMatchObject({
        ResultPath: null,
        MaxConcurrencyPath: '$.plan.maxConcurrency',
        ItemsPath: '$.plan.items',
      });
      expect(rollout.States[name]?.ItemProcessor?.ProcessorConfig).toEqual({ Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' });
    }
  });
});

describe('shift', () => {
  const { States } = definitions.shift;

  it('waits where a release is refused because the run is paused, without an end and at no cost, and then asks anew', () => {
    expect(States.Release?.Catch).toEqual([{ ErrorEquals: ['Paused'], ResultPath: null, Next: 'Wait for resume' }]);
    expect(States['Wait for resume']).toMatchObject({
      Next: 'Next',
      Resource: expect.stringContaining('lambda:invoke.waitForTaskToken'),
      Parameters: {
        Payload: {
          'run.$': '$.run',
          'generation.$': '$.generation',
          'token.$': '$$.Task.Token',
          'entered.$': '$$.State.EnteredTime',
          'attempt.$': '$$.State.RetryCount',
        },
      },
    });
    expect(States['Wait for resume']).not.toHaveProperty('TimeoutSeconds');
  });
});

describe('stages', () => {
  const stages = [
    Stage.shadow({ bake: Duration.seconds(0) }),
    Stage.percent(5, { bake: Duration.hours(1), deployment: Deployment.linear({ duration: Duration.hours(24), growth: 1 }) }),
    Stage.full({ bake: Duration.days(30) }),
  ];
  const { States } = definitionsOf(templateOf({ stages })).rollout;
  const input = (name: string) => States[name]?.Parameters?.Input;

  it('are observed once at least, and so seldom that a history holds it', () => {
    expect(input('shadow: bake')).toMatchObject({ stage: 0, tick: 60, ticks: 1 });
    expect(input('5 percent: bake')).toMatchObject({ stage: 1, tick: 60, ticks: 60 });
    expect(input('full: bake')).toMatchObject({ stage: 2, tick: 2592, ticks: 1000 });
  });

  it('look at long deployments seldom', () => {
    expect(input('5 percent: shift')).toMatchObject({ to: { kind: 'stage', stage: 1 }, look: 432 });
    expect(input('full: shift')).toMatchObject({ look: 15 });
  });
});

describe('rollback', () => {
  const { States } = definitions.rollback;

  it('waits for nobody when it is to be immediate', () => {
    expect(States['At once?']?.Choices).toEqual([expect.objectContaining({ StringEquals: 'immediate', Next: 'Halt' })]);
    expect(States['Without a barrier?']?.Choices).toEqual([
      expect.objectContaining({ StringEquals: 'immediate', Next: 'Which way?' }),
    ]);
  });

  it('never becomes a harder one by itself', () => {
    expect(States['Shift back']?.Catch).toEqual([expect.objectContaining({ Next: 'Note the failure' })]);
  });

  it('ends the merging of late writes before it reconciles, and says so where the target is down', () => {
    expect(States['Shift to legacy at once']?.Next).toBe('End the merging');
    expect(States['End the merging']).toMatchObject({
      Next: 'First pass',
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Finish without reconciliation' }],
    });
  });

  it('leaves another one alone that is as hard, and a run that has ended', () => {
    expect(States['Take over']?.Catch).toEqual([
      expect.objectContaining({ ErrorEquals: ['AlreadyRunning', 'LeaseLost'], Next: 'Nothing to take back' }),
    ]);
  });

  it('stands even when the reconciliation after it fails', () => {
    expect(States.Reconcile?.Catch).toEqual([expect.objectContaining({ Next: 'Finish without reconciliation' })]);
    expect(States['Finish without reconciliation']?.Next).toBe('Rolled back');
  });
});
