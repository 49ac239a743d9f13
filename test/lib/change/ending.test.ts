import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { ChangeSet } from '../../../lib';
import { aMigration, anAmendment, aReindex, aStack } from '../fixture';
import { type Definition, definitionOf } from '../workflow/definitions';

const environmentsOf = (template: Template): string[] =>
  Object.values(template.findResources('AWS::Lambda::Function'))
    .map(({ Properties }) => Properties.Environment?.Variables?.REVERSE_WINDOW)
    .filter((window) => window !== undefined);

describe('the end of a migration', () => {
  const stack = aStack();
  const migration = aMigration(stack);
  const operator = new Role(stack, 'Operator', { assumedBy: new AccountPrincipal('111122223333') });
  migration.grants.complete(operator).assertSuccess();
  migration.grants.set(operator).assertSuccess();
  const template = Template.fromStack(stack);
  const ending = definitionOf(template, 'Ends a change');

  it('checks, compares, and then closes until all is gone', () => {
    expect(Object.keys(ending.States).sort()).toMatchSnapshot();
    expect(ending.StartAt).toBe('Check');
    expect(ending.States['Begun before?']).toMatchObject({ Choices: [{ Next: 'Close' }], Default: 'Compare' });
    expect(ending.States.Compare?.Next).toBe('Close');
  });

  it('passes on who asked for what, and which comparison found nothing', () => {
    expect(ending.States.Close?.Parameters).toEqual({
      step: 'close',
      'asked.$': '$$.Execution.Input',
      'execution.$': '$$.Execution.Id',
      compared: { 'by.$': '$$.Execution.Name', 'since.$': '$$.Execution.StartTime' },
    });
  });

  it('fails with what the comparison failed with', () => {
    expect(ending.States.Compare?.Catch).toEqual([
      { ErrorEquals: ['States.TaskFailed'], ResultPath: '$.failure', Next: 'Not equal' },
    ]);
    expect(ending.States.Failed).toMatchObject({ ErrorPath: '$.told.Error', CausePath: '$.told.Cause' });
  });

  it('has a window of 14 days, and alarms a day before it is over and when it is', () => {
    expect(new Set(environmentsOf(template))).toEqual(new Set([`${14 * 86_400}`]));
    const common = {
      MetricName: 'WindowHoursLeft',
      Statistic: 'Minimum',
      TreatMissingData: 'notBreaching',
      AlarmActions: Match.absent(),
    };
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...common,
      ...{ Threshold: 24, ComparisonOperator: 'LessThanOrEqualToThreshold', EvaluationPeriods: 1 },
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...common,
      ...{ Threshold: 0, ComparisonOperator: 'LessThanThreshold', EvaluationPeriods: 60, DatapointsToAlarm: 60 },
    });
  });
});

it.each([
  ['an amendment', (stack: ReturnType<typeof aStack>) => anAmendment(stack)],
  ['a reindex', (stack: ReturnType<typeof aStack>) => aReindex(stack)],
])('%s has one table: nothing is compared in the end', (_, make) => {
  const stack = aStack();
  make(stack);
  const ending: Definition = definitionOf(Template.fromStack(stack), 'Ends a change');
  expect(Object.keys(ending.States).sort()).toEqual(['Begun before?', 'Check', 'Close', 'Closed', 'Closed?', 'Wait']);
});

it('warns when half of a short window is over', () => {
  const stack = aStack();
  anAmendment(stack, { reverseWindow: Duration.hours(2) });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'WindowHoursLeft', Threshold: 1 });
});

it('takes the window of its plan, where that says so', () => {
  const stack = aStack();
  const amendment = anAmendment(stack, { reverseWindow: Duration.days(3), windowWarning: Duration.hours(6) });
  ChangeSet.amend(amendment, { reverseWindow: Duration.days(1) });
  const template = Template.fromStack(stack);
  expect(new Set(environmentsOf(template))).toEqual(new Set(['86400']));
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'WindowHoursLeft', Threshold: 6 });
});

it.each([
  [{ reverseWindow: Duration.days(91) }, 'reverseWindow, in days, must be between 0 and 90. Received: 91'],
  [
    { reverseWindow: Duration.hours(1), windowWarning: Duration.hours(2) },
    'windowWarning must be within the reverse window of 1 hour',
  ],
])('%p is refused', (props, why) => {
  expect(() => anAmendment(aStack(), props)).toThrow(why);
});
