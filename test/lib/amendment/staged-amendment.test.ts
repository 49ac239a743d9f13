import { Duration, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { type CfnTable, StreamViewType } from 'aws-cdk-lib/aws-dynamodb';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Gate, Goal, Stage, type StagedAmendmentProps, Trigger } from '../../../lib';
import { amendmentPlan } from '../../../lib/amendment/amendment-plan';
import { Timing } from '../../../lib/migration/timing';
import { anAmendment, aStack, aTable } from '../fixture';
import { definitionsOf, statesOf } from '../workflow/definitions';

const stack = aStack();
const amendment = anAmendment(stack, { earlier: ['v1'] });
const template = Template.fromStack(stack);
const definitions = definitionsOf(template);

const table = stack.getLogicalId(amendment.node.scope?.node.findChild('Table').node.defaultChild as CfnTable);
const writesTable = (statement: string) => statement.includes('dynamodb:ConditionCheckItem') && statement.includes(table);

describe('a StagedAmendment', () => {
  it('has a census, and no replication', () => {
    template.resourcePropertiesCountIs('AWS::Lambda::Function', { Runtime: 'nodejs22.x', Architectures: ['arm64'] }, 25);
    template.resourcePropertiesCountIs('AWS::Lambda::EventSourceMapping', { FilterCriteria: Match.absent() }, 1);
    template.hasResourceProperties('AWS::Lambda::Function', { Description: Match.stringLikeRegexp('did not use the client') });
  });

  it('tells client and handlers that both models are in one table', () => {
    expect(amendment.clientConfiguration).toMatchObject({
      inPlace: true,
      earlier: ['v1'],
      legacyKeys: ['pk'],
      targetKeys: ['pk'],
    });
    expect(amendment.clientConfiguration.legacyTable).toBe(amendment.clientConfiguration.targetTable);
    expect(Object.keys(amendment.clientEnvironment())).toEqual(['ROLLOUT_CLIENT']);
  });

  it('grants what a migration does', () => {
    const role = new Role(stack, 'Operator', { assumedBy: new AccountPrincipal('111122223333') });
    for (const grant of ['start', 'rollback', 'client'] as const) amendment.grants[grant](role).assertSuccess();
  });

  it('gives only its own tasks write access to the table, and none may delete it', () => {
    const writers = Object.entries(template.findResources('AWS::IAM::Policy'))
      .filter(([, { Properties }]) =>
        (Properties.PolicyDocument.Statement as object[]).map((each) => JSON.stringify(each)).some(writesTable),
      )
      .map(([id]) => id.replace(/^OrdersTasks(.*)RoleDefaultPolicy.*$/, '$1'));
    expect(writers.sort()).toEqual(['Amend', 'Close', 'Finish', 'Observe', 'Sample']);
    expect(JSON.stringify(template.toJSON())).not.toContain('dynamodb:DeleteTable');
  });

  it('breaks no rule of AWS Solutions without a reason', () => {
    const scope = aStack();
    anAmendment(scope);
    Validations.of(scope.node.root).addPlugins(new AwsSolutionsChecks(scope.node.root));
    expect(() => (scope.node.root as import('aws-cdk-lib').App).synth()).not.toThrow();
  });
});

describe('its workflows', () => {
  it.each(['rollout', 'rollback', 'shift'] as const)('the states of %s keep their names', (name) => {
    const names = statesOf(definitions[name]).map(([state]) => state);
    expect(names.sort()).toMatchSnapshot();
  });

  it('have one way back, whatever mode is asked for, and then store every item in the old form', () => {
    const text = JSON.stringify(definitions.rollback);
    expect(definitions.rollback.States['Which way?']).toBeUndefined();
    expect(text).toContain('"form":"legacy"');
    expect(JSON.stringify(definitions.rollout)).toContain('"form":"target"');
  });

  it('prove no replication', () => {
    expect(statesOf(definitions.shift).map(([state]) => state)).not.toContain('Prove replication');
  });

  it('take traffic back after any failure behind the lease', () => {
    const before = ['Begin', 'Take traffic back'];
    const unsafe = Object.entries(definitions.rollout.States).filter(
      ([name, { Type, Catch }]) => ['Task', 'Map'].includes(Type) && !before.includes(name) && Catch?.[0]?.Next !== 'Taken over?',
    );
    expect(unsafe).toEqual([]);
  });
});

test('every stage writes keys in the new form', () => {
  const plan = amendmentPlan('x', [Stage.percent(10), Stage.full({ bake: Duration.hours(2) })], Timing.standard(), []);
  expect(plan).toMatchObject({ kind: 'amend', earlier: [], stages: [{ goal: 'target' }, { goal: 'target', bake: 7200 }] });
});

test.each<[string, (scope: ReturnType<typeof aStack>) => Partial<StagedAmendmentProps>, string]>([
  [
    'a shadow',
    () => ({ stages: [Stage.shadow(), Stage.full()] }),
    "stages[0] must write keys in the new form: there is no 'shadow'",
  ],
  [
    'a position between two tables',
    () => ({ stages: [Stage.percent(5, { goal: Goal.dualLegacy() }), Stage.full()] }),
    "there is no 'dual-legacy' in one table",
  ],
  ['no full stage', () => ({ stages: [Stage.percent(5)] }), 'stages must end with Stage.full()'],
  [
    'a comparison',
    () => ({ stages: [Stage.full({ gates: [Gate.reconciliation()] })] }),
    'gates[0] must have something to measure: there is one table',
  ],
  [
    'queries of two tables',
    () => ({ stages: [Stage.full({ gates: [Gate.queries(['byName'])] })] }),
    'gates[0] must have something to measure: there is one table',
  ],
  ['a lag', () => ({ triggers: [Trigger.replicationLag()] }), 'Trigger.replicationLag(): the table must be two'],
  ['compared reads', () => ({ triggers: [Trigger.shadowMismatch()] }), 'Trigger.shadowMismatch(): the table must be two'],
  [
    'no stream',
    (scope) => ({ table: aTable(scope, 'Silent', { stream: undefined }) }),
    'table must have a stream with NEW_AND_OLD_IMAGES, which the count of writers without the client reads',
  ],
  [
    'a poor stream',
    (scope) => ({ table: aTable(scope, 'Poor', { stream: StreamViewType.KEYS_ONLY }) }),
    'table must have a stream with NEW_AND_OLD_IMAGES',
  ],
])('is refused with %s', (_, props, message) => {
  const scope = aStack();
  expect(() => anAmendment(scope, props(scope))).toThrow(message);
});
