import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Gate, Hook, HookFailure, Stage } from '../../../lib';
import { aMigration, anAmendment, anIndexedTable, aReindex, aStack, templateOf } from '../fixture';
import { definitionOf, definitionsOf } from '../workflow/definitions';

const FREEZE = 'arn:aws:lambda:eu-west-1:111122223333:function:freeze';
const NOTICE = 'arn:aws:lambda:eu-west-1:111122223333:function:notice';

describe('hooks of a migration', () => {
  const app = new App();
  const stack = new Stack(app, 'Shop');
  const freeze = lambda.Function.fromFunctionArn(stack, 'Freeze', FREEZE);
  const notice = lambda.Function.fromFunctionArn(stack, 'Notice', NOTICE);
  const informed = Hook.lambda(notice, { name: 'tell', onFailure: HookFailure.proceed(), timeout: Duration.minutes(1) });
  const stages = [Stage.shadow(), Stage.full({ hooks: [Hook.lambda(freeze), informed], gates: [Gate.window()] })];
  aMigration(stack, { stages, beforeCompletion: [Hook.lambda(freeze, { name: 'board' })] });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const template = Template.fromStack(stack);
  const { States } = definitionsOf(template).rollout;

  it('are asked when the window is open, before traffic moves', () => {
    expect(States['full: open?']?.Choices).toEqual([expect.objectContaining({ Next: 'full: hook' })]);
    expect(States['full: hook']).toMatchObject({
      Next: 'full: shift',
      ResultPath: null,
      Parameters: {
        ...{ 'run.$': '$.run', 'generation.$': '$.generation', stage: 1 },
        hooks: [
          { name: 'Freeze', functionName: FREEZE, timeout: 30, onFailure: 'refuse' },
          { name: 'tell', functionName: NOTICE, timeout: 60, onFailure: 'proceed' },
        ],
        ...{ 'attempt.$': '$$.State.RetryCount', retries: 6 },
      },
    });
    expect(States).not.toHaveProperty('shadow: hook');
  });

  it('are asked as often as the task believes, and a refusal takes traffic back', () => {
    for (const name of ['full: hook', 'Complete: hook']) {
      const { Retry, Catch } = States[name] ?? {};
      expect(Retry?.[0]).toMatchObject({ ErrorEquals: expect.arrayContaining(['GateFailed', 'LeaseLost']), MaxAttempts: 0 });
      expect(Retry?.[1]).toMatchObject({ ErrorEquals: ['States.ALL'], MaxAttempts: 6 });
      expect(Catch).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Taken over?' }]);
    }
  });

  it('are asked before the completion', () => {
    expect(States['full: evidence']?.Next).toBe('Complete: hook');
    expect(States['Complete: hook']).toMatchObject({ Next: 'Complete', Parameters: { hooks: [{ name: 'board' }] } });
    expect(States['Complete: hook']?.Parameters).not.toHaveProperty('stage');
  });

  it('are called by one task, which may call these functions and no version of them', () => {
    const policies = template.findResources('AWS::IAM::Policy', {
      Properties: { PolicyName: Match.stringLikeRegexp('^OrdersTasksHookRole') },
    });
    const statements = Object.values(policies).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    const invoking = statements.filter(({ Action }) => Action === 'lambda:InvokeFunction').flatMap(({ Resource }) => Resource);
    expect([...new Set(invoking)].sort()).toEqual([FREEZE, NOTICE]);
  });

  it('break no rule of AWS Solutions', () => {
    expect(() => app.synth()).not.toThrow();
  });
});

it('the functions may be of the same stack, and of amendments and reindexes', () => {
  const stack = aStack();
  const handler = new lambda.Function(stack, 'Freeze', {
    ...{ runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = 1') },
  });
  anAmendment(stack, { stages: [Stage.full({ hooks: [Hook.lambda(handler)] })] });
  aReindex(stack, { table: anIndexedTable(stack, 'Indexed', 'byTown'), beforeCompletion: [Hook.lambda(handler)] }, 'Index');
  const template = Template.fromStack(stack);
  expect(definitionOf(template, 'Amends').States['full: hook']).toMatchObject({ Next: 'full: shift' });
  expect(definitionOf(template, 'Reindexes').States['Complete: hook']).toMatchObject({ Next: 'Complete' });
});

it('there is no task for them where there are none', () => {
  const description = { Description: Match.stringLikeRegexp('Asks functions of the user') };
  templateOf().resourcePropertiesCountIs('AWS::Lambda::Function', description, 0);
});

describe('refuses', () => {
  const fn = lambda.Function.fromFunctionArn(aStack(), 'Freeze', FREEZE);
  const many = (count: number) => Array.from({ length: count }, (_, n) => Hook.lambda(fn, { name: `hook ${n}` }));

  it.each<[string, () => unknown, RegExp]>([
    [
      'a name that is none',
      () => Hook.lambda(fn, { name: 'a/b' }),
      /^Hook\.lambda\(\): name must be 1 to 60 .*Received: 'a\/b'\.$/,
    ],
    [
      'no time',
      () => Hook.lambda(fn, { timeout: Duration.seconds(0) }),
      /timeout \(in seconds\) must be between 1 and 60\. Received: 0\./,
    ],
    ['too much time', () => Hook.lambda(fn, { timeout: Duration.minutes(2) }), /timeout \(in seconds\) .*Received: 120\./],
    ['half a second', () => Hook.lambda(fn, { timeout: Duration.millis(1500) }), /must be a whole number.*Received: 1\.5\./],
    [
      'two hooks of a name',
      () => aMigration(aStack(), { stages: [Stage.full({ hooks: [Hook.lambda(fn), Hook.lambda(fn)] })] }),
      /^Stage 'full': hooks\[1\]\.name must be a name that no other hook of the step has\. Received: 'Freeze'\.$/,
    ],
    [
      'more than five of a stage',
      () => aMigration(aStack(), { stages: [Stage.full({ hooks: many(6) })] }),
      /^Stage 'full': hooks must hold at most 5\. Received: 6\.$/,
    ],
    [
      'more than five of the completion',
      () => aMigration(aStack(), { beforeCompletion: many(6) }),
      /beforeCompletion must hold at most 5\. Received: 6\.$/,
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
