import { type App, Duration, type Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ChangePlan, ChangeSet, Cohort, Gate, Goal, Stage, type StagedReindexProps, Trigger } from '../../../lib';
import { Timing } from '../../../lib/migration/timing';
import { reindexPlan } from '../../../lib/reindex/reindex-plan';
import { aReindex, aStack, aTable } from '../fixture';
import { definitionOf, statesOf } from '../workflow/definitions';

const text = (name: string) => ({ name, type: dynamodb.AttributeType.STRING });
const imported = (stack: Stack) => dynamodb.Table.fromTableName(stack, 'Imported', 'people');
const ofImported = (stack: Stack, props: Partial<StagedReindexProps> = {}) =>
  aReindex(stack, { table: imported(stack), tableKeys: ['pk'], ...props });

describe('a StagedReindex', () => {
  const stack = aStack();
  const reindex = aReindex(stack);
  const template = Template.fromStack(stack);
  const policies = Object.entries(template.findResources('AWS::IAM::Policy')).map(
    ([id, policy]) => [id, JSON.stringify(policy)] as const,
  );

  it('reads no stream and writes no item', () => {
    template.resourcePropertiesCountIs('AWS::Lambda::EventSourceMapping', { FilterCriteria: Match.absent() }, 0);
    expect(JSON.stringify(template.toJSON())).not.toContain('GIVEN_UP_QUEUE_URL');
    const table = stack.getLogicalId(stack.node.findChild('Table').node.defaultChild as dynamodb.CfnTable);
    const statements = Object.entries(template.findResources('AWS::IAM::Policy')).flatMap(([id, { Properties }]) =>
      (Properties.PolicyDocument.Statement as object[]).map((statement) => [id, JSON.stringify(statement)] as const),
    );
    const onTable = statements.filter(([, statement]) => statement.includes(table));
    expect(onTable.filter(([, statement]) => /(Put|Delete|Update)Item|CreateBackup|UpdateTable/.test(statement))).toEqual([]);
    const scanning = onTable.filter(([, statement]) => statement.includes('dynamodb:Scan')).map(([id]) => id);
    const tasks = new Set(scanning.map((id) => id.replace(/^OrdersTasks(.*)RoleDefaultPolicy.*$/, '$1')));
    expect([...tasks].sort()).toEqual(['Compatibility', 'IndexCoherence', 'Queries']);
  });

  it('changes no index of a table of the template', () => {
    expect(policies.filter(([, policy]) => policy.includes('dynamodb:UpdateTable'))).toEqual([]);
  });

  it('waits for the index, compares it, and only then moves queries', () => {
    const rollout = definitionOf(template, 'Reindexes');
    const next = (name: string) => rollout.States[name]?.Next;
    expect(next('Preflight')).toBe('Look for the index');
    expect(next('Index is filled')).toBe('Compare index and table');
    expect(next('Compare index and table')).toBe('shadow: shift');
    expect(rollout.States['Compare index and table']?.Parameters?.Input).toMatchObject({ index: 'byTown', stage: 'before' });
  });

  it.each(['Reindexes', 'back to the legacy', 'Moves traffic'])('states of the workflow that %s keep their names', (about) => {
    const names = statesOf(definitionOf(template, about)).map(([state]) => state);
    expect(names.sort()).toMatchSnapshot();
  });

  it('tells the client that only queries move, and lets it ask, and nothing else', () => {
    expect(reindex.clientConfiguration).toMatchObject({ reindex: true, legacyKeys: ['pk'] });
    expect(reindex.clientConfiguration.inPlace).toBeUndefined();
    const scope = aStack();
    aReindex(scope).grants.client(new Role(scope, 'App', { assumedBy: new AccountPrincipal('111122223333') }));
    const policy = Object.entries(Template.fromStack(scope).findResources('AWS::IAM::Policy')).find(([id]) =>
      id.startsWith('App'),
    );
    const actions = JSON.stringify(policy).match(/dynamodb:\w+/g);
    expect(new Set(actions)).toEqual(new Set(['dynamodb:Query']));
  });

  it('has the trigger that compared answers need, unless told otherwise', () => {
    expect(reindex.alarms).toHaveLength(1);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmDescription: Match.stringLikeRegexp('.') });
  });

  it('breaks no rule of AWS Solutions without a reason', () => {
    const scope = aStack();
    aReindex(scope);
    const app = scope.node.root as App;
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });

  it('is a change of a plan', () => {
    const scope = aStack();
    const plan = new ChangePlan(scope, 'Plan', {
      changes: [ChangeSet.reindex(aReindex(scope), { reverseWindow: Duration.days(1) })],
    });
    expect(plan.stateMachine).toBeDefined();
  });
});

describe('of an imported table', () => {
  const stack = aStack();
  ofImported(stack, { create: { partitionKey: text('town'), sortKey: text('name') }, drop: 'byName' });
  const template = Template.fromStack(stack);
  const may = (task: string) =>
    JSON.stringify(Object.entries(template.findResources('AWS::IAM::Policy')).find(([id]) => id.includes(`Tasks${task}Role`)));

  it('makes the new index, and deletes the old one when it is closed', () => {
    const rollout = definitionOf(template, 'Reindexes');
    expect(rollout.States['Look for the index']?.Parameters).toMatchObject({
      create: { keys: [text('town'), text('name')].map(({ name }) => ({ name, type: 'S' })), projection: 'ALL' },
    });
    expect(may('BuildIndex')).toMatch(/dynamodb:UpdateTable.*index\/byTown/);
    expect(may('Close')).toMatch(/dynamodb:UpdateTable.*index\/byName/);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ DROP_INDEX: 'byName' }) },
    });
  });
});

test('questions are compared in shadow, and every other stage asks the new index', () => {
  const stages = [Stage.shadow(), Stage.percent(10), Stage.full({ bake: Duration.hours(2) })];
  expect(reindexPlan('x', stages, Timing.standard())).toMatchObject({
    kind: 'reindex',
    stages: [{ goal: 'shadow' }, { goal: 'target' }, { goal: 'target', bake: 7200 }],
  });
});

test('an index that the table of the template does not have is refused when it is synthesised', () => {
  const stack = aStack();
  aReindex(stack, { table: aTable(stack, 'Bare') });
  expect(() => (stack.node.root as App).synth()).toThrow(
    "index 'byTown' is no index of Shop/Bare: it has none. Add it to the construct of the table.",
  );
});

test.each<[string, (stack: Stack) => unknown, string]>([
  [
    'an index to be made in a table of the template',
    (s) => aReindex(s, { create: { partitionKey: text('town') } }),
    'create is only for imported tables',
  ],
  ['an index to be deleted there', (s) => aReindex(s, { drop: 'byName' }), 'drop is only for imported tables'],
  ['the new index as the old one', (s) => ofImported(s, { drop: 'byTown' }), 'drop must be another index than the new one'],
  [
    'keys',
    (s) => aReindex(s, { stages: [Stage.pilot({ cohort: Cohort.keys(['a']) }), Stage.full()] }),
    'stages[0] must name a share, and no keys',
  ],
  [
    'two tables to write to',
    (s) => aReindex(s, { stages: [Stage.percent(5, { goal: Goal.dualLegacy() }), Stage.full()] }),
    "there is no 'dual-legacy'",
  ],
  ['no full stage', (s) => aReindex(s, { stages: [Stage.percent(5)] }), 'stages must end with Stage.full()'],
  [
    'a comparison of two tables',
    (s) => aReindex(s, { stages: [Stage.full({ gates: [Gate.reconciliation()] })] }),
    'no item changes',
  ],
  ['a lag', (s) => aReindex(s, { triggers: [Trigger.replicationLag()] }), 'Trigger.replicationLag(): the table must be two'],
])('is refused with %s', (_, make, message) => {
  expect(() => make(aStack())).toThrow(message);
});
