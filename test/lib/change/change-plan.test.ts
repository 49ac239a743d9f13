import { type App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ChangePlan, ChangeSet, Gate, Stage } from '../../../lib';
import { aMigration, anAmendment, aStack } from '../fixture';
import { type Definition, definitionOf } from '../workflow/definitions';

function aPlan(stack: Stack): ChangePlan {
  const first = ChangeSet.rehydrate(aMigration(stack), { reverseWindow: Duration.days(2) });
  return new ChangePlan(stack, 'Plan', { changes: [first, ChangeSet.amend(anAmendment(stack, {}, 'Prices'))] });
}

test('a ChangePlan refuses a change whose starter has to be known: it starts it by itself', () => {
  const stack = aStack();
  const gates = [Gate.approval({ approvers: ['dba'], separateFromStarter: true })];
  const changes = [ChangeSet.amend(anAmendment(stack, { stages: [Stage.full({ gates })] }))];
  expect(() => new ChangePlan(stack, 'Plan', { changes })).toThrow(
    /changes must not hold one whose stages are approved by somebody else/,
  );
});

describe('a ChangePlan', () => {
  const stack = aStack();
  const plan = aPlan(stack);
  const template = Template.fromStack(stack);
  const definition = definitionOf(template, 'several changes');

  it('rolls out, waits, closes, and only then goes on', () => {
    expect(order(definition)).toMatchSnapshot();
  });

  it('ends each change by its own workflow, and says who', () => {
    const end = Object.entries(definition.States).find(([name]) => name === 'Orders: end')?.[1];
    expect(end?.Parameters?.Input).toMatchObject({ by: 'the plan', 'reason.$': "States.Format('Plan {}', $$.Execution.Name)" });
  });

  it('waits for the window of the plan, and where it says none for that of the change', () => {
    const windows = Object.entries(template.findResources('AWS::Lambda::Function')).flatMap(([id, { Properties }]) => {
      return id.includes('TasksClose') ? [Properties.Environment.Variables.REVERSE_WINDOW] : [];
    });
    expect(windows).toEqual([`${2 * 86_400}`, `${14 * 86_400}`]);
  });

  it('tries to start a rollout again only where it could not be started', () => {
    const rollOut = Object.entries(definition.States).find(([name]) => name.endsWith('roll out'))?.[1];
    expect(rollOut?.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals)).toEqual([
      'StepFunctions.SdkClientException',
      'StepFunctions.AWSStepFunctionsException',
      'StepFunctions.ExecutionLimitExceededException',
    ]);
  });

  it('may be started and watched', () => {
    plan.grantStart(new Role(stack, 'Operator', { assumedBy: new AccountPrincipal('111122223333') })).assertSuccess();
  });

  it('lets only the closing task stop what reads the streams, and nothing else', () => {
    const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
    const stopping = policies.filter(([, policy]) => JSON.stringify(policy).includes('lambda:UpdateEventSourceMapping'));
    expect(stopping.map(([id]) => id.replace(/RoleDefaultPolicy.*/, ''))).toEqual(['OrdersTasksClose', 'PricesTasksClose']);
    const [statement] = stopping.flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement.slice(-1));
    expect(statement.Action).toEqual(['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping']);
    expect(JSON.stringify(statement.Resource)).toMatch(/event-source-mapping:.*OrdersForwardMapping.*OrdersReverseMapping/);
  });

  it('breaks no rule of AWS Solutions without a reason', () => {
    const scope = aStack();
    const app = scope.node.root as App;
    aPlan(scope);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});

describe('refused by name', () => {
  it.each([
    [
      'a window of 91 days',
      () => ChangeSet.rehydrate(aMigration(aStack()), { reverseWindow: Duration.days(91) }),
      'reverseWindow, in days, must be between 0 and 90',
    ],
    ['no change', () => new ChangePlan(aStack(), 'Plan', { changes: [] }), 'changes must be between 1 and 10'],
    [
      'a change twice',
      () => {
        const stack = aStack();
        const change = ChangeSet.rehydrate(aMigration(stack));
        return new ChangePlan(stack, 'Plan', { changes: [change, change] });
      },
      'must name each change once',
    ],
    [
      'two changes of one id',
      () => {
        const stack = aStack();
        const changes = [stack, new Stack(stack, 'Other')].map((each) => ChangeSet.rehydrate(aMigration(each)));
        return new ChangePlan(stack, 'Plan', { changes });
      },
      'must have ids that differ',
    ],
    [
      'windows longer than an execution may run',
      () => {
        const stack = aStack();
        const changes = [1, 2, 3, 4].map((n) => {
          const other = new Stack(stack, `Other${n}`);
          const change = aMigration(other, {}, `Orders${n}`);
          return ChangeSet.rehydrate(change, { reverseWindow: Duration.days(90) });
        });
        return new ChangePlan(stack, 'Plan', { changes });
      },
      'windows of all changes, in days, must be between 0 and 300. Received: 360',
    ],
  ])('%s', (_, make, why) => {
    expect(make).toThrow(why);
  });
});

/** States with what follows them, as an operator reads them. */
function order({ StartAt, States }: Definition): string[] {
  const next = (state: Record<string, unknown>) => {
    const choices = (state.Choices as { Next: string }[] | undefined) ?? [];
    return [state.Next, ...choices.map(({ Next }) => Next), state.Default].filter((name) => name !== undefined).join(' | ');
  };
  return [`from ${StartAt}`, ...Object.entries(States).map(([name, state]) => `${name} -> ${next(state)}`)];
}
